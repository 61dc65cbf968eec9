import type { FactName } from "#core/contract/facts.ts";
import type { Trait } from "#core/contract/traits.ts";
import { type FileFacts, fileTraits } from "#core/files/file-facts.ts";
import { traitOfFamily } from "#core/files/inspection.ts";
import { detectType, headBytesMax } from "#core/files/types/detect-type.ts";
import type { Part } from "#core/message/part.ts";
import type { DictionaryTally } from "#core/text/dictionary/dictionary-tally.ts";
import { type PartText, readPartText } from "#core/text/part-text.ts";
import type { InspectionTask } from "./inspection-tools.ts";
import { PartContent } from "./part-content.ts";
import { askScanners, notScanned, type PanelVerdict, scans } from "./scan-panel.ts";
import { isTypeMismatch } from "./type-mismatch.ts";

/** What a look into one part came to. */
export type PartLook = {
  /** Of its decoded content. */
  bytes: number;
  sha256: string;
  file: Pick<FileFacts, "detectedType" | "family" | "traits" | "entries">;
  text: PartText | null;
  traits: Set<Trait>;
  scan: PanelVerdict | null;
  /** What the dictionaries count in its text and names; null: nobody asks. */
  words: DictionaryTally | null;
};

/** Which looks are taken into the parts of a message: what they cost differs much. */
export type PartLooks = { file: boolean; text: boolean; scan: boolean };

/** A larger text is read in a turn of the event loop of its own. Bytes. */
const textAtOnceBytesMax = 65_536;

const textFacts: readonly FactName[] = ["text", "url", "urlHost", "dictionary"];

export function partLooks({ needs, tools }: InspectionTask): PartLooks {
  return {
    file: needs.facts.has("archiveEntry") || [...needs.traits].some((trait) => Object.hasOwn(fileTraits, trait)),
    text: textFacts.some((fact) => needs.facts.has(fact)) || needs.traits.has("link-mismatch"),
    scan: tools.scanners.some(({ settings }) => scans(settings) === "parts"),
  };
}

/**
 * Looks into one part: its content comes in pieces, then everything that was asked for goes on at once. `cancel` must be called when it is no
 * longer wanted; twice does no harm.
 */
export class PartInspection {
  readonly #part: Part;
  readonly #task: InspectionTask;
  readonly #looks: PartLooks;
  readonly #content: PartContent;
  #cancelScan: (() => void) | null = null;
  #over = false;

  constructor(part: Part, task: InspectionTask, looks: PartLooks) {
    this.#part = part;
    this.#task = task;
    this.#looks = looks;
    const { inspectedPartBytesMax, inspectedTextBytesMax } = task.settings;
    const headAndText = Math.max(headBytesMax, looks.text ? inspectedTextBytesMax : 0);
    this.#content = new PartContent(task.tools.memory, this.#wantsWhole ? inspectedPartBytesMax : headAndText);
  }

  get #wantsWhole(): boolean {
    return this.#looks.file || this.#looks.scan;
  }

  /** False: there is no memory for it. */
  write(piece: Uint8Array): boolean {
    return this.#content.write(piece);
  }

  /** `done` is called once, perhaps before this returns: with what was found, and why it is not all, or null. Not after `cancel`. */
  end(done: (look: PartLook, failure: string | null) => void): void {
    const { bytes, whole } = this.#content;
    const kept = this.#content.joined();
    const sha256 = this.#content.digest();
    const empty = { detectedType: "application/x-empty", family: "empty", traits: [], entries: [] } as const;
    const traits = new Set<Trait>(this.#part.traits);
    const look: PartLook = { bytes, sha256, file: empty, text: null, traits, scan: null, words: null };
    if (this.#wantsWhole && !whole) traits.add("too-large");
    let [open, failure]: [number, string | null] = [1, null];
    const finish = (): void => {
      if (this.#over) return;
      if (failure === null) this.#conclude(look, kept);
      this.cancel();
      done(look, failure);
    };
    const settle = (failed: string | null): void => {
      open--;
      failure ??= failed;
      if (open > 0 || this.#over) return;
      // Others have their turn between the texts of one message.
      if (this.#looks.text && kept.length > textAtOnceBytesMax) setImmediate(finish);
      else finish();
    };
    open++;
    this.#lookAtFile(look, kept, this.#looks.file && whole, settle);
    if (this.#looks.scan) {
      open++;
      this.#scan(look, kept, whole, settle);
    }
    settle(null);
  }

  cancel(): void {
    this.#over = true;
    this.#cancelScan?.();
    this.#content.discard();
  }

  #lookAtFile(look: PartLook, kept: Uint8Array, deep: boolean, settled: (failure: string | null) => void): void {
    if (!deep) {
      const { type: detectedType, family } = detectType(kept.subarray(0, headBytesMax));
      const trait = this.#looks.file ? traitOfFamily[family] : undefined;
      look.file = { ...look.file, detectedType, family, traits: trait === undefined ? [] : [trait] };
      return settled(null);
    }
    this.#task.tools.files.inspectFile(kept, (facts, temporary) => {
      look.file = facts;
      settled(temporary ? (facts.problem ?? "a file cannot be looked into now") : null);
    });
  }

  #scan(look: PartLook, kept: Uint8Array, whole: boolean, settled: (failure: string | null) => void): void {
    const { tools, envelope } = this.#task;
    const scanners = tools.scanners.filter(({ settings }) => scans(settings) === "parts");
    const { bytes, sha256 } = look;
    const answered = (verdict: PanelVerdict): void => {
      look.scan = verdict;
      settled(verdict.failure);
    };
    if (!whole) return answered(notScanned(scanners, this.#part.number, bytes));
    const subject = { content: [kept], bytes, sha256, kind: "part" } as const;
    const withEnvelope = envelope === null ? subject : { ...subject, envelope };
    this.#cancelScan = askScanners(scanners, withEnvelope, this.#part.number, answered);
  }

  /** What follows from what was found. */
  #conclude(look: PartLook, kept: Uint8Array): void {
    const { number, contentTypes, charsets, fileNames } = this.#part;
    const { detectedType } = look.file;
    for (const trait of look.file.traits) look.traits.add(trait);
    if (look.scan?.encrypted === true) look.traits.add("encrypted");
    if (isTypeMismatch(contentTypes, detectedType)) look.traits.add("type-mismatch");
    const { dictionaries } = this.#task.tools;
    look.words = this.#task.needs.facts.has("dictionary") ? dictionaries.tally() : null;
    for (const name of fileNames) look.words?.add(`name of part ${number}`, name);
    const html = detectedType === "text/html" || contentTypes.includes("text/html");
    if (!this.#looks.text || !(html || isText(contentTypes, look.file))) return;
    const bytes = kept.subarray(0, this.#task.settings.inspectedTextBytesMax);
    look.text = readPartText(bytes, { charsets, html });
    if (look.bytes > bytes.length || look.text.truncated) look.traits.add("too-large");
    if (look.text.links.some(({ mismatch }) => mismatch)) look.traits.add("link-mismatch");
    if (look.text.ambiguous) look.traits.add("ambiguous");
    for (const text of look.text.readings) look.words?.add(`text of part ${number}`, text);
  }
}

function isText(declared: readonly string[], { family, detectedType }: PartLook["file"]): boolean {
  if (family === "text" || family === "script" || detectedType.startsWith("text/")) return true;
  return family === "binary" && declared.some((type) => type.startsWith("text/"));
}
