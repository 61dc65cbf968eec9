import { createHash, type Hash } from "node:crypto";
import type { PlacedField } from "#core/message/header-reader.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import type { DictionaryTally } from "#core/text/dictionary/dictionary-tally.ts";
import { streamOf } from "../quarantine/content-stream.ts";
import type { SenderAuth } from "../sender-auth/sender-check.ts";
import type { InspectionReport } from "./inspection-report.ts";
import type { InspectionTask } from "./inspection-tools.ts";
import type { MessageFacts } from "./message-facts.ts";
import type { PartLook } from "./part-inspection.ts";
import { askScanners, type PanelVerdict, scans } from "./scan-panel.ts";
import { senderFacts } from "./sender-facts.ts";

/** What is looked at of a message as a whole: its sender, and what scanners of whole messages say. */
export class WholeInspection {
  readonly #task: InspectionTask;
  readonly #facts: MessageFacts;
  readonly #report: InspectionReport;
  readonly #hash: Hash | null;
  /** What the dictionaries count over the header and all parts; null: nobody asks. */
  readonly #words: DictionaryTally | null;
  #sha256: string | null = null;
  #senderAuth: SenderAuth | null = null;
  #cancels: (() => void)[] = [];
  #open = 0;

  constructor(task: InspectionTask, facts: MessageFacts, report: InspectionReport) {
    this.#task = task;
    this.#facts = facts;
    this.#report = report;
    this.#words = task.needs.facts.has("dictionary") ? task.tools.dictionaries.tally() : null;
    this.#hash = task.digest ? createHash("sha256") : null;
  }

  /** SHA-256 of the message, hexadecimal; null: it has not ended, or nobody asks for it. */
  get sha256(): string | null {
    return this.#sha256;
  }

  get senderAuth(): SenderAuth | null {
    return this.#senderAuth;
  }

  /** Nothing is waited for. */
  get settled(): boolean {
    return this.#open === 0;
  }

  /** The readings of a header line. */
  headerLine({ name }: PlacedField, values: readonly string[]): void {
    for (const value of values) this.#words?.add(`header ${name}`, value);
    if (name.toLowerCase() === "dkim-signature") this.#facts.traits.add("dkim-signed");
  }

  /** What was found in a part. */
  part({ words }: PartLook): void {
    if (words !== null) this.#words?.merge(words);
  }

  /** All parts were told of: what the dictionaries reach over everything. */
  conclude(): void {
    if (this.#words === null) return;
    this.#facts.add({ dictionary: this.#words.reached() });
    this.#report.addDictionaries(this.#words.results());
  }

  write(chunk: Uint8Array): void {
    this.#hash?.update(chunk);
    this.#task.senderCheck?.write(chunk);
  }

  /** The message is complete. `settled` is called for each thing that becomes known later: null, or why the message cannot be judged now. */
  end(bytes: number, { fromAddresses }: MessageSummary, settled: (failure: string | null) => void): void {
    this.#sha256 = this.#hash?.digest("hex") ?? null;
    const { senderCheck } = this.#task;
    if (senderCheck !== null) {
      this.#open++;
      senderCheck.end(fromAddresses, (auth) => {
        this.#open--;
        this.#sender(auth);
        settled(null);
      });
    }
    this.#scan(bytes, settled);
  }

  cancel(): void {
    this.#task.senderCheck?.cancel();
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
  }

  #sender(auth: SenderAuth): void {
    this.#senderAuth = auth;
    this.#facts.add(senderFacts(auth));
    if (auth.spoofed) this.#facts.traits.add("spoofed");
    this.#report.senderAuth = auth;
    this.#report.mark("sender");
  }

  #scan(bytes: number, settled: (failure: string | null) => void): void {
    const { tools, original, envelope } = this.#task;
    const scanners = tools.scanners.filter(({ settings }) => scans(settings) === "message");
    if (scanners.length === 0) return;
    if (original === null || this.#sha256 === null)
      throw new Error("a message that scanners judge is kept and digested");
    const source = original();
    const content = () => streamOf(source);
    const subject = { content, bytes, sha256: this.#sha256, kind: "message" as const };
    this.#open++;
    const answered = (verdict: PanelVerdict): void => {
      this.#open--;
      this.#facts.addScores(verdict.scores);
      this.#facts.add({ virus: verdict.viruses });
      this.#report.addScans(verdict.reports);
      this.#report.mark("message scanners");
      settled(verdict.failure);
    };
    const withEnvelope = envelope === null ? subject : { ...subject, envelope };
    this.#cancels.push(askScanners(scanners, withEnvelope, null, answered));
  }
}
