import { type ContentReport, entriesReportedMax, scansReportedMax } from "#core/contract/content-report.ts";
import type { MessageEvent } from "#core/contract/event.ts";
import { summaryAttachmentsMax } from "#core/message/inspector.ts";
import type { DictionaryResult } from "#core/text/dictionary/dictionary-tally.ts";
import type { SenderAuth } from "../sender-auth/sender-check.ts";
import type { InspectedPart } from "./inspected-part.ts";

type AttachmentFindings = Omit<MessageEvent["attachments"][number], "fileName" | "contentType">;

const traitsMax = 50;
const stepsMax = 50;
const dictionariesMax = 50;
const samplesMax = 10;

/** What an inspection tells of itself, for the event. */
export class InspectionReport {
  senderAuth: SenderAuth | null = null;
  readonly scans: ContentReport["scans"] = [];
  readonly dictionaries: ContentReport["dictionaries"] = [];
  readonly steps: ContentReport["steps"] = [];
  /** What is known of attachments by now, beside their names and types, in order. */
  readonly attachments: AttachmentFindings[] = [];
  #markedAt = performance.now();

  /** The step ended now; it began when the one before ended. */
  mark(step: string): void {
    const now = performance.now();
    const ms = Math.round((now - this.#markedAt) * 100) / 100;
    this.#markedAt = now;
    if (this.steps.length < stepsMax) this.steps.push({ step, ms });
  }

  /** Failures and finds are told before what is clean where there is no room for all. */
  addScans(scans: ContentReport["scans"]): void {
    for (const scan of scans) {
      if (this.scans.length < scansReportedMax) this.scans.push(scan);
      else if (scan.result !== "clean") this.#replaceClean(scan);
    }
  }

  addAttachment({ part, look, facts }: InspectedPart): void {
    if (this.attachments.length === summaryAttachmentsMax) return;
    const traits = (facts.trait ?? []).slice(0, traitsMax);
    const known: AttachmentFindings = { part: part.number, ...(traits.length === 0 ? {} : { traits }) };
    if (look === null) return void this.attachments.push(known);
    const { bytes, sha256, file } = look;
    const names = file.entries.flatMap((entry) => entry.names.slice(0, 1));
    this.attachments.push({
      ...known,
      bytes,
      sha256,
      detectedType: file.detectedType,
      ...(names.length === 0 ? {} : { entries: names.slice(0, entriesReportedMax) }),
    });
  }

  /** Those that reached their threshold, with masked samples. */
  addDictionaries(results: readonly DictionaryResult[]): void {
    for (const { name, score, reached, entries } of results) {
      if (!reached || this.dictionaries.length === dictionariesMax) continue;
      const found = entries.flatMap(({ samples }) => samples).slice(0, samplesMax);
      const place = [...new Set(found.map((sample) => sample.place))].join(", ");
      this.dictionaries.push({
        dictionary: name,
        score,
        place,
        samples: found.map(({ text }) => text.slice(0, 1_000)),
      });
    }
  }

  #replaceClean(scan: ContentReport["scans"][number]): void {
    const at = this.scans.findLastIndex(({ result }) => result === "clean");
    if (at !== -1) this.scans[at] = scan;
  }
}
