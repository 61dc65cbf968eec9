import { expect, test } from "vitest";
import { ControlSearch } from "#core/bytes/control-search.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const seed = Date.now() % 1_000_000;

test(`the first octet below 14 is found wherever it is, and wherever the bytes lie in memory (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const values = [0, 1, 9, 10, 13, 14, 15, 46, 127, 128, 129, 141, 142, 254, 255];
  for (let round = 0; round < 3_000; round++) {
    const memory = Uint8Array.from({ length: 40 }, () =>
      random() < 0.1 ? (values[Math.floor(random() * values.length)] ?? 0) : 14 + Math.floor(random() * 242),
    );
    const begin = Math.floor(random() * 8);
    const bytes = memory.subarray(begin, begin + Math.floor(random() * 30));
    const search = new ControlSearch(bytes);
    for (let from = 0; from <= bytes.length; from++) {
      const found = bytes.findIndex((byte, at) => at >= from && byte < 14);
      expect({ seed, round, from, at: search.next(from) }).toEqual({
        ...{ seed, round, from },
        at: found === -1 ? bytes.length : found,
      });
    }
  }
});
