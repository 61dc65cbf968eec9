import { dkimBody } from "mailauth/lib/dkim/body/index.js";
import { expect, test } from "vitest";
import { RelaxedBodyHash } from "#worker/sender-auth/relaxed-body-hash.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const atoms = ["a", "bc", " ", "  ", "\t", "\r\n", "\r\n\r\n", " \r\n", "\n", "\r", "\0", "\xff", "\r\n".repeat(600)];

test("the hash is that of mailauth for any body, any cut between lines, and any l=", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log("seed", seed);
  const random = seededRandom(seed);
  const pick = () => atoms[Math.floor(random() * atoms.length)] ?? "";
  for (let n = 0; n < 1_500; n++) {
    const lines = Array.from({ length: Math.floor(random() * 12) }, () => `${pick()}${pick()}${pick()}\r\n`);
    const pieces = [...lines, `${pick()}${pick()}`].map((text) => Buffer.from(text, "latin1"));
    const bytesMax = random() < 0.5 ? null : Math.floor(random() * 40);
    const theirs = dkimBody("relaxed", "sha256", bytesMax ?? false);
    const ours = new RelaxedBodyHash(bytesMax);
    for (const piece of pieces) {
      theirs.update(piece);
      ours.update(piece);
    }
    expect(ours.digest("base64")).toBe(theirs.digest("base64"));
    expect([ours.canonicalizedLength, ours.bodyHashedBytes]).toEqual([
      theirs.canonicalizedLength,
      theirs.bodyHashedBytes,
    ]);
  }
});
