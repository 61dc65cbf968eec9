import { describe, expect, it } from "vitest";
import { bytesOf, randomCut } from "../../support/chunk-invariance.ts";
import { inspectChunks } from "../../support/inspected.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { generatedMessage, pick, type Random } from "./differential/generated-message.ts";
import { mutations } from "./differential/mutations.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);

/** Pieces that mean something to a reader of mail, in no order. */
const pieces = [
  "\r\n",
  "\r\n",
  "\n",
  "\r",
  "\0",
  "--b",
  "--b--",
  "--",
  "Content-Type:",
  " multipart/mixed;",
  "boundary=b",
  ' boundary="b"',
  "message/rfc822",
  "Content-Transfer-Encoding: base64",
  "Content-Transfer-Encoding: quoted-printable",
  "filename*0*=utf-8''%",
  'name="',
  "=?utf-8?B?",
  "?=",
  "(",
  ")",
  "\\",
  ";",
  "=",
  " ",
  "\t",
  "begin 644 a",
  "end",
  "=ybegin name=x",
  "TVpB",
  "\xff",
  "é",
  ":",
];

function fromPieces(random: Random): string {
  const count = Math.floor(random() * 60);
  return Array.from({ length: count }, () => pick(random, pieces)).join("");
}

function mutated(random: Random): string {
  let message = generatedMessage(random);
  for (let times = 0; times < 4; times++) message = pick(random, mutations).change(message, random) ?? message;
  return message;
}

function noise(random: Random): string {
  return Array.from({ length: Math.floor(random() * 400) }, () => String.fromCharCode(random() * 256)).join("");
}

describe(`whatever the bytes (seed ${seed})`, () => {
  it.each([
    ["pieces of mail", fromPieces, 1_500],
    ["messages changed four times", mutated, 400],
    ["noise", noise, 400],
  ] as const)("%s: nothing throws, and the cut does not matter", (_, make, rounds) => {
    const random = seededRandom(seed);
    for (let round = 0; round < rounds; round++) {
      const message = bytesOf(make(random));
      expect(inspectChunks(randomCut(message, random))).toEqual(inspectChunks([message]));
    }
  });

  it("every part that is told ends, once, unless the message cannot be read", () => {
    const random = seededRandom(seed);
    for (let round = 0; round < 400; round++) {
      const { parts, ended, unscannable } = inspectChunks([bytesOf(mutated(random))]);
      if (unscannable.length > 0) continue;
      expect(ended.toSorted((a, b) => a - b)).toEqual(parts.map(({ number }) => number));
    }
  });

  it("a message of pieces that repeat is read in linear time", () => {
    const random = seededRandom(seed);
    for (let round = 0; round < 30; round++) {
      const unit = fromPieces(random) || "x";
      const once = bytesOf(unit.repeat(Math.ceil(40_000 / unit.length)));
      const twice = bytesOf(unit.repeat(Math.ceil(80_000 / unit.length)));
      const took = timeOf(twice);
      if (took > 60) expect(took / timeOf(once)).toBeLessThan(4);
    }
  }, 60_000);
});

/** Milliseconds of the processor, the best of three. */
function timeOf(bytes: Uint8Array): number {
  const times = [1, 2, 3].map(() => {
    const start = process.cpuUsage();
    inspectChunks([bytes]);
    return process.cpuUsage(start).user / 1_000;
  });
  return Math.min(...times);
}
