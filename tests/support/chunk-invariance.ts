/** About so many places of a long input are tried; each costs its whole length. */
const placesMax = 2_000;
/** At its ends every place is. */
const endBytes = 200;

/** Every way of cutting the input that the parser tests try: whole, byte by byte, and in two at each place. */
export function cuts(input: Uint8Array): Uint8Array[][] {
  const all: Uint8Array[][] = [[input], Array.from(input, (byte) => Uint8Array.of(byte))];
  const step = Math.ceil(input.length / placesMax);
  const isEnd = (at: number): boolean => at < endBytes || at >= input.length - endBytes;
  for (let at = 1; at < input.length; at += isEnd(at) ? 1 : step) {
    all.push([input.subarray(0, at), input.subarray(at)]);
  }
  return all;
}

/** Cuts the input at random places; `random` gives numbers in [0, 1). */
export function randomCut(input: Uint8Array, random: () => number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < input.length; ) {
    const size = 1 + Math.floor(random() * random() * input.length);
    chunks.push(input.slice(at, at + size));
    at += size;
  }
  return chunks;
}

/**
 * Runs the parser over every cut of the input and returns what it made of the whole input;
 * throws when another cut gives something else.
 */
export function sameForEveryCut<T>(input: Uint8Array, parse: (chunks: Uint8Array[]) => T): T {
  const [whole, ...others] = cuts(input).map((chunks) => ({
    sizes: chunks.map((c) => c.length),
    result: parse(chunks),
  }));
  if (whole === undefined) throw new Error("no cut");
  const expected = JSON.stringify(whole.result);
  for (const { sizes, result } of others) {
    const got = JSON.stringify(result);
    if (got !== expected) throw new Error(`cut into ${sizes.slice(0, 8).join("+")}: ${got}, but whole: ${expected}`);
  }
  return whole.result;
}

/** One character a byte, in both directions. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
