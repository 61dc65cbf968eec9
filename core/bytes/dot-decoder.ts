import { ControlSearch } from "./control-search.ts";

const CR = 13;
const LF = 10;
const DOT = 46;
const crlfBytes = Uint8Array.of(CR, LF);
const dotBytes = Uint8Array.of(DOT);

/** The first thing that makes a multi-line text unfit to be passed on. */
export type BodyFault = "bare-cr" | "bare-lf" | "nul" | "line-too-long";

/** Takes the text as slices of the received chunks. After a fault nothing more is given out. */
export interface DotSink {
  /** Bytes that are the same on the wire and in the message. */
  text(slice: Uint8Array): void;
  /** The dot that only stands on the wire (RFC 5321 §4.5.2). */
  stuffedDot(slice: Uint8Array): void;
}

/** What the bytes so far end with. The bytes of cr, dot and dot-cr are withheld until the next byte tells their meaning. */
type Position = "line-start" | "text" | "cr" | "dot" | "dot-cr";

/**
 * Reads a dot-terminated text: the body of SMTP DATA, a POP3 multi-line response. Nothing but CRLF.CRLF ends it
 * (RFC 5321 §4.1.1.4); at the very beginning `.CRLF` does. The end mark is never given out.
 */
export class DotDecoder {
  readonly #lineBytesMax: number;
  readonly #sink: DotSink;
  #position: Position = "line-start";
  #lineBytes = 0;
  #decodedBytes = 0;
  #fault: BodyFault | null = null;
  #ended = false;

  /** `lineBytesMax` counts CRLF, and not the stuffed dot (RFC 5321 §4.5.3.1.6). */
  constructor(lineBytesMax: number, sink: DotSink) {
    this.#lineBytesMax = lineBytesMax;
    this.#sink = sink;
  }

  /** Whether the end mark was read. */
  get ended(): boolean {
    return this.#ended;
  }

  get fault(): BodyFault | null {
    return this.#fault;
  }

  /** Size of the message so far in bytes, dots undone (RFC 1870 §4). */
  get decodedBytes(): number {
    return this.#decodedBytes;
  }

  /** Reads on and returns how many bytes of the chunk belong to the text; fewer than all only when it ended. */
  write(chunk: Uint8Array): number {
    const controls = new ControlSearch(chunk);
    let at = 0;
    while (at < chunk.length && !this.#ended) {
      if (this.#fault !== null) at = this.#skipLine(chunk, at);
      else if (this.#position === "text" || (this.#position === "line-start" && chunk[at] !== DOT)) {
        at = this.#readLines(chunk, at, controls);
      } else at = this.#step(chunk, at);
    }
    return at;
  }

  /** Gives out whole lines, up to a line that begins with a dot, a fault, or the end of the chunk. */
  #readLines(chunk: Uint8Array, from: number, controls: ControlSearch): number {
    let lineStart = from;
    let counted = this.#lineBytes;
    for (let at = controls.next(from); at < chunk.length; at = controls.next(at)) {
      const byte = chunk[at];
      const isLineEnd = byte === CR && chunk[at + 1] === LF;
      if (isLineEnd && counted + at + 2 - lineStart <= this.#lineBytesMax) {
        at += 2;
        lineStart = at;
        counted = 0;
        if (at < chunk.length && chunk[at] !== DOT) continue;
        this.#give(chunk, from, at);
        this.#position = "line-start";
        this.#lineBytes = 0;
        return at;
      }
      if (byte === CR && at === chunk.length - 1) break;
      if (byte === CR || byte === LF || byte === 0) return this.#fail(chunk, from, lineStart, counted);
      at++;
    }
    return this.#readPartialLine(chunk, from, lineStart, counted);
  }

  /** At most its last byte is a CR. */
  #readPartialLine(chunk: Uint8Array, from: number, lineStart: number, counted: number): number {
    const bytes = counted + chunk.length - lineStart;
    if (bytes > this.#lineBytesMax) return this.#fail(chunk, from, lineStart, counted);
    const endsWithCr = chunk[chunk.length - 1] === CR;
    this.#give(chunk, from, endsWithCr ? chunk.length - 1 : chunk.length);
    this.#position = endsWithCr ? "cr" : "text";
    this.#lineBytes = bytes;
    return chunk.length;
  }

  /** One byte after a position whose meaning hangs on it. */
  #step(chunk: Uint8Array, at: number): number {
    const byte = chunk[at];
    switch (this.#position) {
      case "cr":
        if (byte !== LF) return this.#failAt("bare-cr", at);
        if (this.#lineBytes + 1 > this.#lineBytesMax) return this.#failAt("line-too-long", at, "cr");
        this.#giveSlice(crlfBytes);
        this.#position = "line-start";
        this.#lineBytes = 0;
        return at + 1;
      case "line-start":
        this.#position = "dot";
        return at + 1;
      case "dot":
        if (byte === CR) {
          this.#position = "dot-cr";
          return at + 1;
        }
        this.#sink.stuffedDot(dotBytes);
        this.#position = "text";
        return at;
      case "dot-cr":
        if (byte !== LF) return this.#failAt("bare-cr", at);
        this.#ended = true;
        return at + 1;
      case "text":
        return at;
      default:
        return this.#position satisfies never;
    }
  }

  /** Gives out the lines before the faulty one and finds what is wrong with it first, so that the cut of the chunks does not matter. */
  #fail(chunk: Uint8Array, from: number, lineStart: number, counted: number): number {
    this.#give(chunk, from, lineStart);
    let afterCr = false;
    for (let at = lineStart; at < chunk.length; at++) {
      const byte = chunk[at];
      if (afterCr && byte !== LF) return this.#failAt("bare-cr", at);
      if (!afterCr && byte === LF) return this.#failAt("bare-lf", at);
      if (byte === 0) return this.#failAt("nul", at);
      if (counted + at + 1 - lineStart > this.#lineBytesMax) {
        return this.#failAt("line-too-long", at, afterCr ? "cr" : "text");
      }
      afterCr = byte === CR;
    }
    throw new Error("a line was called faulty that is not");
  }

  /** The byte at `at` is where the fault shows; it is looked at again for the end mark, which is a whole CRLF.CRLF. */
  #failAt(fault: BodyFault, at: number, position: Position = "text"): number {
    this.#fault = fault;
    this.#position = position;
    return at;
  }

  /** After a fault: goes on to the next byte that matters for CRLF.CRLF. */
  #skipLine(chunk: Uint8Array, at: number): number {
    const byte = chunk[at];
    switch (this.#position) {
      case "text": {
        const cr = chunk.indexOf(CR, at);
        if (cr === -1) return chunk.length;
        this.#position = "cr";
        return cr + 1;
      }
      case "cr":
        this.#position = byte === LF ? "line-start" : "text";
        return byte === LF ? at + 1 : at;
      case "line-start":
        this.#position = byte === DOT ? "dot" : "text";
        return byte === DOT ? at + 1 : at;
      case "dot":
        this.#position = byte === CR ? "dot-cr" : "text";
        return byte === CR ? at + 1 : at;
      case "dot-cr":
        this.#ended = byte === LF;
        this.#position = "text";
        return byte === LF ? at + 1 : at;
      default:
        return this.#position satisfies never;
    }
  }

  #give(chunk: Uint8Array, from: number, to: number): void {
    if (to > from) this.#giveSlice(chunk.subarray(from, to));
  }

  #giveSlice(slice: Uint8Array): void {
    this.#decodedBytes += slice.length;
    this.#sink.text(slice);
  }
}
