import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programPath, requires } from "../../../support/requires.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import { compare } from "./compare.ts";
import { accepted, flagged, type ReaderName } from "./disagreements.ts";
import { generatedMessage } from "./generated-message.ts";
import { mailsplitLeaves } from "./mailsplit-reader.ts";
import { mutations } from "./mutations.ts";
import { ourReading } from "./our-reader.ts";
import { type PythonReader, startPythonReader } from "./python-reader.ts";

type Seen = {
  messages: number;
  /** `reader: reason` of what we flag, by our first reason. */
  flagged: Set<string>;
  /** `reader: what` of what we do not flag and `disagreements.ts` accepts. */
  accepted: Set<string>;
  /** What is neither. */
  silent: string[];
};

const python3 = requires(["python3"]);

describe.skipIf(!python3.met)("our outline beside Python's email package and mailsplit", () => {
  let python: PythonReader;
  beforeAll(() => {
    python = startPythonReader(programPath("python3"));
  });
  afterAll(() => python.stop());

  /** Reads `rounds` messages of every mutation with every reader. */
  async function compareAll(seed: number, rounds: number): Promise<Seen> {
    const random = seededRandom(seed);
    const seen: Seen = { messages: 0, flagged: new Set(), accepted: new Set(), silent: [] };
    for (const { name, change } of Array.from({ length: rounds }, () => mutations).flat()) {
      const message = change(generatedMessage(random), random);
      if (message === null) continue;
      seen.messages++;
      const ours = ourReading(message);
      const theirs = { python: await python.leaves(message), mailsplit: await mailsplitLeaves(message) };
      for (const reader of ["python", "mailsplit"] as const) {
        const comparison = compare(ours, theirs[reader]);
        const [flag] = [...ours.ambiguous, ...(ours.unscannable === null ? [] : [ours.unscannable])];
        if (comparison.same === "nothing") {
          if (flag === undefined) seen.silent.push(`${reader}, other parts, after "${name}":\n${message}`);
          else seen.flagged.add(`${reader}: ${flag}`);
          continue;
        }
        for (const { difference, ...leaves } of comparison.differing) {
          const known = accepted.find(
            (entry) =>
              entry.reader === reader && entry.difference === difference && entry.explains(leaves.ours, leaves.theirs),
          );
          if (known !== undefined) seen.accepted.add(`${reader}: ${known.what}`);
          else if (flag !== undefined) seen.flagged.add(`${reader}: ${flag}`);
          else seen.silent.push(`${reader}, ${difference}, after "${name}":\n${message}`);
        }
      }
    }
    return seen;
  }

  it("finds the same parts, types, names and contents in 2,000 messages, or says that readers disagree; every disagreement is listed", async () => {
    const seen = await compareAll(20_261_127, 33);
    expect(seen.messages).toBeGreaterThan(2_000);
    expect(seen.silent).toEqual([]);
    const listed = (Object.keys(flagged) as ReaderName[]).flatMap((reader) =>
      Object.keys(flagged[reader]).map((reason) => `${reader}: ${reason}`),
    );
    expect([...seen.flagged].toSorted()).toEqual(listed.toSorted());
    expect([...seen.accepted].toSorted()).toEqual(accepted.map(({ reader, what }) => `${reader}: ${what}`).toSorted());
  }, 240_000);

  const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
  it(`leaves no disagreement unsaid in other messages (seed ${seed})`, async () => {
    expect((await compareAll(seed, 3)).silent).toEqual([]);
  }, 60_000);
});
