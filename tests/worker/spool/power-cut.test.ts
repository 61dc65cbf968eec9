import { expect, test } from "vitest";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { errorOf, SimulatedDisk } from "../../support/simulated-disk.ts";
import { SpoolModel } from "../../support/spool-model.ts";

/** `POSTERN_SEED` repeats a run; `POSTERN_ROUNDS` makes it longer. */
const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000_000);
const rounds = Number(process.env["POSTERN_ROUNDS"] ?? 40);

async function openSpool(disk: SimulatedDisk, damaged: string[]): Promise<SegmentSpool> {
  return await SegmentSpool.open({
    ...{ stateDir: "/state", disk: disk.mount(), now: Date.now, freeBytesMin: 0 },
    ...{ segmentBytes: 30_000, cleanedBytesPerSecond: 1e9 },
    damaged: (file, reason) => damaged.push(`${file}: ${reason}`),
  });
}

/** A while of a spool's life, now mostly mail that comes, now mostly mail that goes. */
async function live(spool: SegmentSpool, model: SpoolModel, random: () => number): Promise<void> {
  const arrivals = random() < 0.5 ? 0.6 : 0.1;
  const acts = Math.floor(random() * 120);
  for (let act = 0; act < acts; act++) {
    model.act(spool, arrivals);
    if (random() < 0.3) await turns(Math.floor(random() * 12));
  }
}

const turns = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
};

test.each(["cutPower", "killProcess"] as const)(
  "nothing answered is lost, nothing refused or removed comes back, whatever %s hits, cleaning included",
  async (crash) => {
    process.stderr.write(`${crash}: POSTERN_SEED=${seed}\n`);
    const random = seededRandom(seed);
    const disk = new SimulatedDisk(random);
    const model = new SpoolModel(random);
    const damaged: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const spool = await openSpool(disk, damaged);
      expect([...(await model.check(spool)), ...damaged], `round ${round}`).toEqual([]);
      await live(spool, model, random);
      if (random() < 0.4) await model.settled();
      if (random() < 0.3) await spool.cleaned();
      disk[crash]();
    }
    expect(model.answered).toBeGreaterThan(rounds);
  },
  120_000,
);

test("a disk that fails to write and to flush now and then, with its power cut, loses nothing that was answered", async () => {
  const random = seededRandom(seed + 1);
  const disk = new SimulatedDisk(random);
  const model = new SpoolModel(random);
  const damaged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    disk.fault = () => null;
    const spool = await openSpool(disk, damaged);
    expect([...(await model.check(spool)), ...damaged], `round ${round}`).toEqual([]);
    // One failure at a time: a disk that fails at every call may bring back what it refused.
    let quiet = 0;
    disk.fault = (call, path) => {
      if ((call !== "write" && call !== "flush") || quiet-- > 0 || random() > 0.05) return null;
      quiet = 20;
      return errorOf(random() < 0.5 ? "EIO" : "ENOSPC", path);
    };
    await live(spool, model, random);
    disk.cutPower();
  }
  expect(model.answered).toBeGreaterThan(rounds);
}, 120_000);
