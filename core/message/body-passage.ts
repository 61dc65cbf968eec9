import { Backlog } from "./backlog.ts";
import type { OutlineReport } from "./outline-report.ts";
import type { Part } from "./part.ts";
import type { TransferDecoder } from "./transfer-decoder.ts";

/** Takes the bytes of a body as they stand in the message. */
export interface BodyReader {
  /** A delimiter of parts at this depth, or a less deep one, ends it. */
  readonly endsAt: number;
  write(piece: Uint8Array): void;
  end(): void;
}

/** Gives the bytes of a message to those who read a body that is open, once it is sure that they are not of a delimiter. */
export class BodyPassage {
  readonly #backlog = new Backlog();
  #readers: BodyReader[] = [];

  begin(chunk: Uint8Array, at: number): void {
    this.#backlog.begin(chunk, at);
  }

  /** Everything before the offset is body. */
  settle(to: number): void {
    const readers = this.#readers;
    this.#backlog.giveTo(to, (piece) => {
      for (const reader of readers) reader.write(piece);
    });
  }

  /** The chunk is over. Nobody will begin to read before the offset. */
  endChunk(at: number): void {
    if (this.#readers.length === 0) this.settle(at);
    this.#backlog.keep();
  }

  /** The body of the reader begins at the offset. */
  add(reader: BodyReader, at: number): void {
    this.settle(at);
    this.#readers = [...this.#readers, reader];
  }

  has(reader: BodyReader | null): boolean {
    return reader !== null && this.#readers.includes(reader);
  }

  /** A delimiter of parts at `depth` ends what is as deep or deeper, the last begun first. */
  end(depth: number): void {
    const ended = this.#readers.filter(({ endsAt }) => endsAt >= depth);
    if (ended.length === 0) return;
    this.#readers = this.#readers.filter(({ endsAt }) => endsAt < depth);
    for (const reader of ended.toReversed()) reader.end();
  }
}

/** Decodes the body of a leaf. */
export class LeafBody implements BodyReader {
  /** Any delimiter ends it. */
  readonly endsAt = Number.POSITIVE_INFINITY;
  readonly #part: Part;
  readonly #decoder: TransferDecoder | null;
  readonly #report: OutlineReport;

  constructor(part: Part, decoder: TransferDecoder | null, report: OutlineReport) {
    this.#part = part;
    this.#decoder = decoder;
    this.#report = report;
  }

  write(piece: Uint8Array): void {
    this.#give(this.#decoder === null ? piece : this.#decoder.write(piece));
  }

  end(): void {
    if (this.#decoder === null) return;
    this.#give(this.#decoder.end());
    if (this.#decoder.ambiguity !== null) this.#report.ambiguousContent(this.#decoder.ambiguity, this.#part);
  }

  #give(content: Uint8Array): void {
    if (content.length > 0) this.#report.sink.partBody(this.#part, content);
  }
}
