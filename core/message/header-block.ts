import { type Ambiguity, ambiguity } from "./ambiguity.ts";
import { type HeaderLine, HeaderReader, type PlacedField } from "./header-reader.ts";
import * as limits from "./outline-limits.ts";
import type { OutlineReport } from "./outline-report.ts";
import { isStructural } from "./part-head.ts";

const endings: ReadonlySet<Ambiguity> = new Set([
  ambiguity.strayHeaderLine,
  ambiguity.blankHeaderLine,
  ambiguity.blankBeforeColon,
]);

/** One header block: keeps what it says of the structure, and its caps. */
export class HeaderBlock {
  /** Offset of its first byte. */
  readonly start: number;
  readonly structural: PlacedField[] = [];
  /** A line of it is no field, and was told of. */
  hasStrayLine = false;
  /** RFC 2045 §4. */
  readonly mimeVersions: PlacedField[] = [];
  readonly #report: OutlineReport;
  readonly #onField: ((field: PlacedField) => void) | null;
  /** Where some readers see the end of the header. */
  readonly #mayHaveEnded = new Set<Ambiguity>();
  readonly #reader = new HeaderReader(
    (field) => this.#field(field),
    (reason) => this.#ambiguous(reason),
  );
  #bytes = 0;
  #fields = 0;

  /** `onField` is told every field. */
  constructor(start: number, report: OutlineReport, onField: ((field: PlacedField) => void) | null) {
    this.start = start;
    this.#report = report;
    this.#onField = onField;
  }

  /** Takes the next line, without LF; its offsets are those with its break. */
  line(bytes: Uint8Array, start: number, end: number): HeaderLine {
    this.#bytes += bytes.length + 1;
    const what = this.#reader.line(bytes, start, end);
    if (this.#bytes >= limits.headerBytesMax) this.#report.unscannable("a header is larger than 1 MiB");
    return what;
  }

  /** No line of it follows. `bodyMatters`: the text after it is read. */
  end(bodyMatters: boolean): void {
    this.#reader.flush();
    if (bodyMatters) this.#tellMayHaveEnded();
  }

  #ambiguous(reason: Ambiguity): void {
    if (endings.has(reason)) this.#mayHaveEnded.add(reason);
    else this.#report.ambiguous(reason);
  }

  #tellMayHaveEnded(): void {
    for (const reason of this.#mayHaveEnded) this.#report.ambiguous(reason);
  }

  #field(field: PlacedField): void {
    this.#fields++;
    if (this.#fields > limits.headerFieldsMax) {
      this.#report.unscannable(`a header has more than ${limits.headerFieldsMax} fields`);
    }
    if (this.#report.stopped) return;
    this.#onField?.(field);
    if (field.name.toLowerCase() === "mime-version") this.mimeVersions.push(field);
    if (!isStructural(field.name)) return;
    this.#tellMayHaveEnded();
    this.structural.push(field);
  }
}
