import { signedHeaderBytesMax } from "./header-rows.ts";

/** A line of a body that signatures are checked over, in bytes. RFC 5322 §2.1.1 allows 998. */
export const signedLineBytesMax = 65_536;

const LF = 10;
const CR = 13;

export interface SplitterSink {
  /** The header with the line that ends it; of one that is too large, only its beginning. Called once, before all of the body. */
  header(bytes: Buffer): void;
  /** Whole lines, but for the last. The bytes are the caller's: they are not kept. */
  body(lines: Uint8Array): void;
  /** A line is longer than `signedLineBytesMax`; nothing comes after this. */
  longLine(): void;
}

/** Cuts a message that passes into its header and whole lines of its body: hashers of bodies scan a line that is not complete again and again. */
export class MessageSplitter {
  readonly #sink: SplitterSink;
  #state: "header" | "body" | "over" = "header";
  /** The header so far, or a line of the body that is not complete. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Whether the line that the header goes on with has nothing in it so far but perhaps a CR. */
  #atLineStart = true;

  constructor(sink: SplitterSink) {
    this.#sink = sink;
  }

  /** Takes the next bytes, any cut. They may be used again afterwards. */
  write(bytes: Uint8Array): void {
    if (this.#state === "header") {
      const end = this.#headerEnd(bytes);
      this.#hold(bytes.subarray(0, end ?? bytes.length));
      if (end !== null || this.#heldBytes > signedHeaderBytesMax) this.#endHeader();
      if (end !== null) this.#body(bytes.subarray(end));
    } else if (this.#state === "body") this.#body(bytes);
  }

  end(): void {
    if (this.#state === "header") this.#endHeader();
    if (this.#state === "body" && this.#heldBytes > 0) this.#sink.body(this.#release());
    this.#state = "over";
  }

  /** Behind the empty line; null: it is not in these bytes. */
  #headerEnd(bytes: Uint8Array): number | null {
    let at = 0;
    while (at < bytes.length) {
      const lf = bytes.indexOf(LF, at);
      const lineEnd = lf === -1 ? bytes.length : lf;
      if (this.#atLineStart && hasText(bytes, at, lineEnd)) this.#atLineStart = false;
      if (lf === -1) return null;
      if (this.#atLineStart) return lf + 1;
      this.#atLineStart = true;
      at = lf + 1;
    }
    return null;
  }

  #endHeader(): void {
    this.#state = this.#heldBytes > signedHeaderBytesMax ? "over" : "body";
    this.#sink.header(this.#release());
  }

  #body(bytes: Uint8Array): void {
    const lf = bytes.lastIndexOf(LF);
    if (lf !== -1) {
      const lines = bytes.subarray(0, lf + 1);
      if (this.#heldBytes === 0) this.#sink.body(lines);
      else {
        this.#hold(lines);
        this.#sink.body(this.#release());
      }
    }
    if (lf + 1 < bytes.length) this.#hold(bytes.subarray(lf + 1));
    if (this.#heldBytes <= signedLineBytesMax) return;
    this.#state = "over";
    this.#release();
    this.#sink.longLine();
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(Buffer.from(bytes));
    this.#heldBytes += bytes.length;
  }

  #release(): Buffer {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return bytes;
  }
}

function hasText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== CR) return true;
  return false;
}
