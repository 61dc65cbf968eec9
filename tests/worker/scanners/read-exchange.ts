import type { Exchange } from "#worker/scanners/exchange.ts";
import { bytesOf, sameForEveryCut } from "../../support/chunk-invariance.ts";

/** What an exchange made of what the scanner said, in order: what it sent on, and its answer. */
export type Heard = unknown[];

/** Lets the exchange read the pieces, up to its answer or the end of the connection. */
export function hear<T>(exchange: Exchange<T>, pieces: readonly Uint8Array[], served = 0): Heard {
  exchange.begin(served);
  const heard: Heard = [];
  for (const piece of pieces) {
    let step = exchange.read(piece);
    for (; step?.kind === "send"; step = step.rest.length === 0 ? null : exchange.read(step.rest))
      heard.push("sends on");
    if (step !== null) return [...heard, step.kind === "answer" ? step.answer : step.kind];
  }
  return [...heard, exchange.end()];
}

/** The same for text that is cut in every way; throws where a cut changes what is made of it. */
export function hearText<T>(make: () => Exchange<T>, said: string, served = 0): Heard {
  return sameForEveryCut(bytesOf(said), (pieces) => hear(make(), pieces, served));
}
