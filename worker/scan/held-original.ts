import { DotUnstuffer } from "#core/bytes/dot-unstuffer.ts";
import type { Part } from "#core/message/part.ts";
import { transferDecoder } from "#core/message/transfer-decoder.ts";
import { streamOf } from "../quarantine/content-stream.ts";
import type { ContentReading, ContentSource, ContentTarget } from "../quarantine/quarantine.ts";
import { decodeBase64 } from "./decode-base64.ts";
import type { MessageHold } from "./message-hold.ts";

/**
 * A held message for those who read it beside its destination, as often as they like; the hold keeps all of it. `stuffed`: it holds the bytes as
 * on the wire, end mark included, of a message that has so many without its dots; null: the message itself.
 */
export class HeldOriginal {
  readonly #hold: MessageHold;
  readonly #stuffed: (() => number) | null;
  readonly #readers = new Set<ContentTarget>();
  #failure: Error | null = null;

  constructor(hold: MessageHold, stuffed: (() => number) | null = null) {
    this.#hold = hold;
    this.#stuffed = stuffed;
  }

  /** The hold has failed: everyone who reads is told. */
  fail(error: Error): void {
    this.#failure = error;
    for (const reader of this.#readers) reader.done(error);
    this.#readers.clear();
  }

  /** The whole message, below `top` where there is one. */
  whole(top: Uint8Array | null = null): ContentSource {
    const source = this.range(0, this.#stuffed?.() ?? this.#hold.bytes);
    return top === null ? source : below(top, source);
  }

  range(from: number, to: number): ContentSource {
    return { bytes: to - from, read: (target) => this.#read(from, to, target) };
  }

  /** What stands from one offset to another, in one piece. */
  async bytes(from: number, to: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of streamOf(this.range(from, to))) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** What a part holds, its transfer encoding undone; a file inside a text as it stands there. It is read once to count it. */
  async part({ place, form, transferEncodings }: Part): Promise<ContentSource> {
    if (place === null) throw new Error("a part inside of an encoded one has no place of its own");
    if (form !== "mime") return this.range(place.headerStart, place.bodyEnd);
    const body = this.range(place.bodyStart, Math.max(place.bodyStart, place.bodyEnd));
    const encoding = transferEncodings.find((name) => transferDecoder(name, decodeBase64) !== null);
    if (encoding === undefined) return body;
    const read = (target: ContentTarget) => readDecoded(body, encoding, target);
    let bytes = 0;
    for await (const piece of streamOf({ bytes: 0, read })) bytes += piece.length;
    return { bytes, read };
  }

  #read(from: number, to: number, target: ContentTarget): ContentReading {
    if (this.#failure !== null) {
      target.done(this.#failure);
      return { resume: () => undefined, stop: () => undefined };
    }
    this.#readers.add(target);
    const unstuffed = this.#stuffed === null ? null : new UnstuffedRange(from, to, target);
    const reading = this.#hold.replay(
      {
        piece: (bytes) => unstuffed?.write(bytes) ?? target.piece(bytes),
        done: () => {
          this.#readers.delete(target);
          target.done(null);
        },
      },
      unstuffed === null ? from : 0,
      unstuffed === null ? to : this.#hold.bytes,
    );
    return {
      resume: () => reading.resume(),
      stop: () => {
        this.#readers.delete(target);
        reading.stop();
      },
    };
  }
}

/** Takes a message as on the wire and gives a range of it, dots undone. */
class UnstuffedRange {
  readonly #dots: DotUnstuffer;
  #at = 0;
  #flows = true;

  constructor(from: number, to: number, target: ContentTarget) {
    this.#dots = new DotUnstuffer((slice) => {
      const start = Math.max(from - this.#at, 0);
      const piece = slice.subarray(start, Math.max(start, Math.min(to - this.#at, slice.length)));
      this.#at += slice.length;
      if (piece.length > 0) this.#flows = target.piece(piece) && this.#flows;
    });
  }

  write(bytes: Uint8Array): boolean {
    this.#flows = true;
    this.#dots.write(bytes);
    return this.#flows;
  }
}

function below(top: Uint8Array, source: ContentSource): ContentSource {
  const read = (target: ContentTarget): ContentReading => {
    let [reading, stopped]: [ContentReading | null, boolean] = [null, false];
    const begin = () => {
      if (!stopped) reading ??= source.read(target);
    };
    if (target.piece(top)) begin();
    return {
      resume: () => (reading === null ? begin() : reading.resume()),
      stop: () => {
        stopped = true;
        reading?.stop();
      },
    };
  };
  return { bytes: top.length + source.bytes, read };
}

function readDecoded(source: ContentSource, encoding: string, target: ContentTarget): ContentReading {
  const decoder = transferDecoder(encoding, decodeBase64);
  const give = (bytes: Uint8Array) => bytes.length === 0 || target.piece(bytes);
  return source.read({
    piece: (bytes) => give(decoder?.write(bytes) ?? bytes),
    done: (error) => {
      if (error === null && decoder !== null) give(decoder.end());
      target.done(error);
    },
  });
}
