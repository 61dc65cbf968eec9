import type { OutlineReport } from "./outline-report.ts";
import type { Part, PartPlace } from "./part.ts";
import type { PartHead } from "./part-head.ts";

type Place = { -readonly [Key in keyof PartPlace]: PartPlace[Key] };
type Open = { part: Part; place: Place; endsAt: number };

/** What is said of a part beside its header. `endsAt`: the least deep delimiter that does not end it is one deeper. */
export type Opening = Pick<Part, "form" | "depth" | "fields"> & {
  headerStart: number;
  bodyStart: number;
  endsAt: number;
  /** It is of a multipart/encrypted. */
  encrypted?: boolean;
  /** It is in a multipart/signed. */
  signed?: boolean;
};

/** The parts that are told and not ended, outermost first. */
export class OpenParts {
  readonly #report: OutlineReport;
  readonly #enclosingEncoded: number | null;
  readonly #open: Open[] = [];

  /** `enclosingEncoded`: number of the encoded part that all of this is inside of, so that it has no place in the message. */
  constructor(report: OutlineReport, enclosingEncoded: number | null) {
    this.#report = report;
    this.#enclosingEncoded = enclosingEncoded;
  }

  open(head: Omit<PartHead, "boundaries" | "ambiguities">, opening: Opening): Part {
    const { headerStart, bodyStart, form, depth, fields, endsAt } = opening;
    const place = { headerStart, bodyStart, bodyEnd: bodyStart };
    const traits = new Set(head.traits);
    if (opening.encrypted === true) traits.add("encrypted");
    if (opening.signed === true) traits.add("signed");
    const part: Part = {
      number: this.#report.nextNumber(),
      form,
      depth,
      contentTypes: head.contentTypes,
      fileNames: head.fileNames,
      attachment: head.attachment,
      charsets: head.charsets,
      transferEncodings: head.transferEncodings,
      traits: [...traits],
      place: this.#enclosingEncoded === null ? place : null,
      fields: this.#enclosingEncoded === null ? fields : [],
      enclosingEncoded: this.#enclosingEncoded,
    };
    this.#open.push({ part, place, endsAt });
    this.#report.sink.part(part);
    return part;
  }

  /** A delimiter of parts at `depth` ends at offset `bodyEnd` what is as deep or deeper, innermost first. */
  end(depth: number, bodyEnd: number): void {
    for (let last = this.#open.at(-1); last !== undefined && last.endsAt >= depth; last = this.#open.at(-1)) {
      this.#open.pop();
      last.place.bodyEnd = Math.max(last.place.bodyStart, bodyEnd);
      if (!this.#report.stopped) this.#report.sink.partEnd(last.part);
    }
  }
}
