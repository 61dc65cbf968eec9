import { failed } from "./scan-words.ts";
import type { ScanFailure } from "./scanner.ts";

/** The line with a chunk's size and its extensions, or one of a trailer, in bytes. */
export const chunkLineBytesMax = 1_024;
/** Lines of a trailer. */
export const trailerLinesMax = 100;

type State = "size" | "data" | "end of data" | "trailer" | "done";

/** Reads a body in chunks (RFC 9112 §7.1, which RFC 3507 §4.4.2 uses for every body) and gives its bytes to `take`. */
export class ChunkReader {
  readonly #take: (bytes: Uint8Array) => void;
  #state: State = "size";
  #line = "";
  #left = 0;
  #trailerLines = 0;

  constructor(take: (bytes: Uint8Array) => void) {
    this.#take = take;
  }

  /** Null: more must come. `rest` is what follows the body. */
  read(chunk: Uint8Array): { rest: Uint8Array } | ScanFailure | null {
    let at = 0;
    while (at < chunk.length && this.#state !== "done") {
      if (this.#state === "data") {
        const bytes = chunk.subarray(at, at + this.#left);
        at += bytes.length;
        this.#left -= bytes.length;
        this.#take(bytes);
        if (this.#left === 0) this.#state = "end of data";
        continue;
      }
      const end = chunk.indexOf(0x0a, at);
      const bytes = chunk.subarray(at, end === -1 ? chunk.length : end + 1);
      at += bytes.length;
      if (this.#line.length + bytes.length > chunkLineBytesMax)
        return garbled("a line without end in a body in chunks");
      this.#line += Buffer.from(bytes).toString("latin1");
      if (end === -1) return null;
      const failure = this.#readLine(this.#line);
      if (failure !== null) return failure;
      this.#line = "";
    }
    return this.#state === "done" ? { rest: chunk.subarray(at) } : null;
  }

  #readLine(line: string): ScanFailure | null {
    if (!line.endsWith("\r\n")) return garbled("a bare line feed in a body in chunks");
    if (this.#state === "end of data") {
      if (line !== "\r\n") return garbled("a chunk that is longer than its size");
      this.#state = "size";
      return null;
    }
    if (this.#state === "trailer") {
      if (line === "\r\n") this.#state = "done";
      return ++this.#trailerLines > trailerLinesMax ? garbled("a trailer without end") : null;
    }
    const [, size] = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?\r\n$/i.exec(line) ?? [];
    if (size === undefined) return garbled("a chunk without a size");
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? "trailer" : "data";
    return null;
  }
}

function garbled(what: string): ScanFailure {
  return failed("protocol", what);
}
