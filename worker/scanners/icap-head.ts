import { type AnswerHead, countField } from "./answer-head.ts";
import { failed, foundNames, scannerText } from "./scan-words.ts";
import type { ScanResult } from "./scanner.ts";

/** What stands before an encapsulated body, in bytes. */
export const encapsulatedHeadBytesMax = 64 * 1024;

/** RFC 3507 §4.3.3; null: it is none. */
export function icapStatus({ line }: AnswerHead): number | null {
  const [, code] = /^ICAP\/1\.\d ([1-5]\d\d)(?: |$)/.exec(line) ?? [];
  return code === undefined ? null : Number(code);
}

/** RFC 3507 §4.7: changes whenever an answer given before may be another now. */
export function icapTag({ fields }: AnswerHead): string | null {
  const tag = scannerText((fields.get("istag") ?? "").replaceAll('"', ""));
  return tag === "" ? null : tag;
}

export function closesAfter({ fields }: AnswerHead): boolean {
  return /(?:^|[ ,])close(?:[ ,]|$)/i.test(fields.get("connection") ?? "");
}

/** RFC 3507 §4.4.1: `res-hdr=0, res-body=213`. `headBytes`: what lies before the body. Null: it says nothing usable. */
export function encapsulation({ fields }: AnswerHead): { headBytes: number; hasBody: boolean } | null {
  const last = (fields.get("encapsulated") ?? "").split(",").at(-1)?.trim() ?? "";
  const [, kind, offset] = /^(req|res|opt|null)-body=(\d{1,7})$/i.exec(last) ?? [];
  if (kind === undefined || Number(offset) > encapsulatedHeadBytesMax) return null;
  return { headBytes: Number(offset), hasBody: kind.toLowerCase() !== "null" };
}

/** What the headers that scanners share say was found (draft-stecher-icap-subid §3.3); null: nothing. */
export function icapFinding({ fields }: AnswerHead): ScanResult | null {
  const [infection, violations, virus] = ["x-infection-found", "x-violations-found", "x-virus-id"].map((name) =>
    fields.get(name),
  );
  const threat = /(?:^|[;\s])Threat=([^;]*)/i.exec(infection ?? "")?.[1];
  // Type 2 is a container that could not be opened: a password, or too much in it.
  if (/(?:^|[;\s])Type=2(?:;|$)/i.test(infection ?? "")) {
    const words = scannerText(threat ?? virus ?? "a container");
    return failed(/encrypt|passw/i.test(words) ? "encrypted" : "limit", `the scanner did not open it: ${words}`);
  }
  const names = violationNames(violations ?? "");
  if (infection !== undefined) names.unshift(threat ?? infection);
  else if (virus !== undefined && !/^(?:no threats|none|clean)?$/i.test(virus)) names.unshift(virus);
  return names.length === 0 ? null : { result: "found", names: foundNames(names) };
}

/** A count, and for each violation four lines: file, threat, problem and resolution. What is written otherwise is a violation as well. */
function violationNames(said: string): string[] {
  const [first = "", ...lines] = said.split("\n");
  if (/^0*$/.test(first)) return [];
  const names = lines.filter((_, at) => at % 4 === 1);
  return names.length > 0 ? names : [first.replace(/^\d+/, "")];
}

export type IcapOptions = {
  method: "RESPMOD" | "REQMOD";
  /** Bytes of a preview; null: none is wanted. */
  previewBytes: number | null;
  connectionsMax: number | null;
  tag: string | null;
  /** How long this holds, in milliseconds; null: it is not said. */
  holdsMs: number | null;
};

/** A preview is never larger, whatever the scanner asks for, in bytes. */
export const previewBytesMax = 64 * 1024;

/** RFC 3507 §4.10.2; null: the service takes neither responses nor requests. */
export function readIcapOptions(head: AnswerHead): IcapOptions | null {
  const methods = (head.fields.get("methods") ?? "").toUpperCase().split(/[\s,]+/);
  const method = (["RESPMOD", "REQMOD"] as const).find((name) => methods.includes(name));
  if (method === undefined) return null;
  const [preview, seconds] = [countField(head, "preview"), countField(head, "options-ttl")];
  return {
    method,
    previewBytes: preview === null ? null : Math.min(preview, previewBytesMax),
    connectionsMax: countField(head, "max-connections"),
    tag: icapTag(head),
    holdsMs: seconds === null ? null : seconds * 1000,
  };
}
