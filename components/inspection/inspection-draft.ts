import { numberOf, type ReadForm, readForm, textOf } from "#components/ui/read-form.ts";
import { type Dictionary, dictionarySchema } from "#core/contract/dictionary.ts";
import { type Notice, noticeSchema } from "#core/contract/notice.ts";
import { type Scanner, scannerSchema } from "#core/contract/scanner.ts";
import { dictionaryLines, readDictionaryLines } from "./dictionary-lines.ts";

/** A scanner as its editor holds it: `at` is `host:port` or the path of a socket; numbers as typed, empty for the default. */
export type ScannerDraft = {
  name: string;
  kind: string;
  at: string;
  service: string;
  scans: string;
  timeLimitMs: string;
  sizeLimitBytes: string;
  connectionsMax: string;
  onFailure: string;
  cacheMinutes: string;
};
/** A dictionary: an entry a line. */
export type DictionaryDraft = { name: string; threshold: string; count: string; entries: string };
export type NoticeDraft = { name: string; text: string; html: string };

export const newScanner: ScannerDraft = {
  name: "",
  kind: "clamd",
  at: "",
  service: "",
  scans: "",
  timeLimitMs: "",
  sizeLimitBytes: "",
  connectionsMax: "",
  onFailure: "tempfail",
  cacheMinutes: "60",
};
export const newDictionary: DictionaryDraft = { name: "", threshold: "1", count: "distinct", entries: "" };
export const newNotice: NoticeDraft = {
  name: "",
  text: "The attachment %(filename)% was removed: %(reason)%\n\nAsk %(contact)% and give the id %(id)%.",
  html: "",
};

export function scannerDraftOf(scanner: Scanner): ScannerDraft {
  const { at } = scanner;
  return {
    name: scanner.name,
    kind: scanner.kind,
    at: "socket" in at ? at.socket : `${at.host.includes(":") ? `[${at.host}]` : at.host}:${at.port}`,
    service: scanner.service ?? "",
    scans: scanner.scans ?? "",
    timeLimitMs: String(scanner.timeLimitMs),
    sizeLimitBytes: String(scanner.sizeLimitBytes),
    connectionsMax: String(scanner.connectionsMax),
    onFailure: scanner.onFailure,
    cacheMinutes: scanner.cacheMinutes === undefined ? "" : String(scanner.cacheMinutes),
  };
}

export function readScanner(draft: ScannerDraft): ReadForm<Scanner> {
  const at = placeOf(draft.at.trim());
  if (at === null) return { ok: false, problems: { at: "Write host:port, or a path that begins with /." } };
  return readForm(scannerSchema, {
    name: draft.name.trim(),
    kind: draft.kind,
    at,
    service: draft.kind === "icap" ? textOf(draft.service) : undefined,
    scans: draft.kind === "clamd" || draft.kind === "icap" ? textOf(draft.scans) : undefined,
    timeLimitMs: numberOf(draft.timeLimitMs),
    sizeLimitBytes: numberOf(draft.sizeLimitBytes),
    connectionsMax: numberOf(draft.connectionsMax),
    onFailure: draft.onFailure,
    cacheMinutes: numberOf(draft.cacheMinutes),
  });
}

/** Undefined: nothing was written. Null: it is no address. */
function placeOf(text: string): object | undefined | null {
  if (text === "") return undefined;
  if (text.startsWith("/")) return { socket: text };
  const [whole, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  return whole === undefined ? null : { host: bracketed ?? plain, port: Number(port) };
}

export function dictionaryDraftOf({ name, threshold, count, entries }: Dictionary): DictionaryDraft {
  return { name, threshold: String(threshold), count, entries: dictionaryLines(entries) };
}

export function readDictionary({ name, threshold, count, entries }: DictionaryDraft): ReadForm<Dictionary> {
  const lines = readDictionaryLines(entries);
  if (!lines.ok) return { ok: false, problems: { entries: lines.problem } };
  const input = {
    name: name.trim(),
    threshold: numberOf(threshold),
    count,
    entries: lines.entries.length === 0 ? undefined : lines.entries,
  };
  return readForm(dictionarySchema, input);
}

export function noticeDraftOf({ name, text, html = "" }: Notice): NoticeDraft {
  return { name, text, html };
}

export function readNotice({ name, text, html }: NoticeDraft): ReadForm<Notice> {
  return readForm(noticeSchema, { name: name.trim(), text, html: html.trim() === "" ? undefined : html });
}
