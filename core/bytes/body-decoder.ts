import { type BodyFault, DotDecoder, type DotSink } from "./dot-decoder.ts";
import { DotUnstuffer } from "./dot-unstuffer.ts";
import { LineRepair, type LineRules } from "./line-repair.ts";

/** Reads the body of a message as it arrives and gives its sink the lines, dot-stuffed. */
export interface BodyDecoder {
  /** Returns how many bytes of the chunk belong to the body; fewer than all only when it ended. */
  write(chunk: Uint8Array): number;
  readonly ended: boolean;
  /** The first thing that makes the body unfit to be passed on; after it nothing more is given out. */
  readonly fault: BodyFault | null;
  /** Bytes given out so far, stuffed dots left out. */
  readonly decodedBytes: number;
}

/** How the body of DATA is read: the quick way while nothing is to be repaired. */
export function dottedBody(rules: LineRules, sink: DotSink): BodyDecoder {
  if (rules.bareLineEnds === "refuse" && rules.longLines === "refuse") return new DotDecoder(rules.lineBytesMax, sink);
  return new RepairedDots(rules, sink);
}

class RepairedDots implements BodyDecoder {
  readonly #lines: LineRepair;
  readonly #dots: DotUnstuffer;

  constructor(rules: LineRules, sink: DotSink) {
    this.#lines = new LineRepair(rules, sink);
    this.#dots = new DotUnstuffer((slice) => this.#lines.write(slice));
  }

  get fault(): BodyFault | null {
    return this.#lines.fault;
  }

  get decodedBytes(): number {
    return this.#lines.decodedBytes;
  }

  get ended(): boolean {
    return this.#dots.ended;
  }

  write(chunk: Uint8Array): number {
    return this.#dots.write(chunk);
  }
}
