import { type HeaderLine, HeaderReader, type PlacedField } from "./header-reader.ts";
import * as limits from "./outline-limits.ts";
import type { OutlineReport } from "./outline-report.ts";
import { isStructural } from "./part-head.ts";

/** One header block: keeps what it says of the structure, and its caps. */
export class HeaderBlock {
  /** Offset of its first byte. */
  readonly start: number;
  readonly structural: PlacedField[] = [];
  /** RFC 2045 §4. */
  readonly mimeVersions: PlacedField[] = [];
  readonly #report: OutlineReport;
  readonly #onField: ((field: PlacedField) => void) | null;
  readonly #reader = new HeaderReader((field) => this.#field(field));
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

  /** No line of it follows. */
  end(): void {
    this.#reader.flush();
  }

  #field(field: PlacedField): void {
    this.#fields++;
    if (this.#fields > limits.headerFieldsMax) {
      this.#report.unscannable(`a header has more than ${limits.headerFieldsMax} fields`);
    }
    if (this.#report.stopped) return;
    this.#onField?.(field);
    if (isStructural(field.name)) this.structural.push(field);
    else if (field.name.toLowerCase() === "mime-version") this.mimeVersions.push(field);
  }
}
