import type { Part } from "#core/message/part.ts";
import type { Hold } from "#core/policy/content-needs.ts";
import type { ContentDecisions } from "./content-decisions.ts";
import type { ContentEditor } from "./content-editor.ts";
import type { InspectedPart } from "./inspected-part.ts";
import type { InspectionTaker } from "./message-inspection.ts";

/**
 * Lets go of a message as far as nothing of it can change any more: where only header lines may be taken out, all behind the header; where
 * parts may be, up to the body of the last part that was decided. What is changed is changed before. It is told after the decisions were
 * made; the end of the message is not its to release.
 */
export class ReleaseGate implements InspectionTaker {
  readonly #what: Hold["what"];
  readonly #decisions: ContentDecisions;
  readonly #editor: ContentEditor;
  readonly #releaseTo: (offset: number) => void;
  /** The parts that are to be changed and whose end was not told. */
  readonly #changing = new Set<Part>();
  #decidedTo = 0;

  constructor(
    what: Hold["what"],
    decisions: ContentDecisions,
    editor: ContentEditor,
    releaseTo: (offset: number) => void,
  ) {
    this.#what = what;
    this.#decisions = decisions;
    this.#editor = editor;
    this.#releaseTo = releaseTo;
    if (what === "nothing") releaseTo(Number.POSITIVE_INFINITY);
  }

  headerLine(): void {
    // Its edit is made with those of the others.
  }

  headersEnd(): void {
    if (this.#what !== "header" && this.#what !== "parts") return;
    this.#editor.editHeader();
    if (this.#what === "header") this.#releaseTo(Number.POSITIVE_INFINITY);
  }

  part({ part }: InspectedPart): void {
    if (this.#what !== "parts") return;
    const editable = this.#editor.editableOf(part);
    const change = this.#decisions.parts.at(-1);
    if (change?.inspected.part === part && editable !== null && !this.#editor.hasEnded(editable)) {
      this.#changing.add(editable);
    }
    if (part.place !== null) this.#decidedTo = isWhole(part) ? part.place.headerStart : part.place.bodyStart;
    this.#advance();
  }

  partEnd(part: Part): void {
    if (this.#what !== "parts") return;
    this.#changing.delete(part);
    this.#advance();
  }

  message(): void {
    // The verdict decides what becomes of the rest.
  }

  unscannable(): void {
    // Neither decided nor released.
  }

  #advance(): void {
    if (this.#decisions.refusal !== null) return;
    let safe = this.#decidedTo;
    for (const { place } of this.#changing) safe = Math.min(safe, place?.headerStart ?? 0);
    this.#editor.changeParts();
    this.#releaseTo(safe);
  }
}

/** What is found inside of an encoded message or multipart is told after it, and changes all of it. */
function isWhole({ contentTypes, transferEncodings }: Part): boolean {
  const isComposite = contentTypes.some((type) => type.startsWith("message/") || type.startsWith("multipart/"));
  return isComposite && transferEncodings.some((encoding) => encoding === "base64" || encoding === "quoted-printable");
}
