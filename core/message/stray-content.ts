import type { BodyReader } from "./body-passage.ts";
import type { OutlineReport } from "./outline-report.ts";
import type { Part } from "./part.ts";

/**
 * What stands in a header from a line on that is no field. Some mail readers take that line for the first of the body (RFC 5322 §2.1 does
 * not tell), so it is content of its own, which nobody gave a type or a name. It has no place: what would be edited is the part whose header it is.
 */
export class StrayContent implements BodyReader {
  /** Any delimiter ends it. */
  readonly endsAt = Number.POSITIVE_INFINITY;
  readonly #report: OutlineReport;
  readonly #part: Part;

  /** Tells the part. `depth`: of the part whose header it is. */
  constructor(report: OutlineReport, depth: number, enclosingEncoded: number | null) {
    this.#report = report;
    this.#part = {
      number: report.nextNumber(),
      form: "mime",
      depth,
      // RFC 2045 §5.2
      contentTypes: ["text/plain"],
      fileNames: [],
      attachment: false,
      charsets: [],
      transferEncodings: [],
      traits: [],
      place: null,
      fields: [],
      enclosingEncoded,
    };
    report.sink.part(this.#part);
  }

  write(piece: Uint8Array): void {
    if (piece.length > 0) this.#report.sink.partBody(this.#part, piece);
  }

  end(): void {
    if (!this.#report.stopped) this.#report.sink.partEnd(this.#part);
  }
}
