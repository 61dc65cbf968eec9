import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heldInMemoryBytesMax } from "#worker/scan/held-bytes.ts";
import type { HeldReading } from "#worker/scan/held-reading.ts";
import { HoldMemory } from "#worker/scan/hold-memory.ts";
import { bytesOf, randomCut } from "../../support/chunk-invariance.ts";
import { HoldRig, writeAll } from "../../support/hold-rig.ts";
import { HoldTaker } from "../../support/hold-taker.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { waitUntil } from "../../support/wait-until.ts";

const rig = new HoldRig();
const everything = Number.POSITIVE_INFINITY;

const pieces = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, n) => Buffer.alloc(bytes, String.fromCharCode(65 + (n % 26))));
const sizes: [string, Uint8Array[]][] = [
  ["empty", []],
  ["small, in memory", pieces(10, 5_000)],
  ["dripped byte by byte", pieces(20_000, 1)],
  ["of small and large pieces", pieces(30, 1).flatMap((piece, n) => [piece, Buffer.alloc(n * 200, "x")])],
  ["larger than the memory cap, in a file", pieces(100, 50_000)],
  ["just past the memory cap", pieces(2, heldInMemoryBytesMax / 2 + 1)],
];

describe("a held message", () => {
  it.each(sizes)("%s, comes out as it was once it is released at its end", async (_, given) => {
    const hold = rig.hold();
    const taker = new HoldTaker();
    taker.resume = () => hold.resume();
    hold.deliverTo(taker);
    await writeAll(hold, given);
    expect(taker.pieces).toEqual([]);
    hold.releaseTo(everything);
    hold.end();
    expect((await taker.ended).equals(Buffer.concat(given))).toBe(true);
    hold.discard();
  });

  it.each(sizes)(
    "%s, passes straight through when nothing holds it: the very same slices, and no file",
    async (_, given) => {
      const hold = rig.hold();
      const taker = new HoldTaker();
      hold.deliverTo(taker);
      hold.releaseTo(everything);
      for (const piece of given) expect(hold.write(piece)).toBe(true);
      hold.end();
      const whole = given.filter(({ length }) => length > 0);
      expect(taker.pieces.length).toBe(whole.length);
      expect(taker.pieces.every((slice, index) => slice === whole[index])).toBe(true);
      expect([rig.memory.bytes, rig.openFiles().length, taker.isOver]).toEqual([0, 0, true]);
      hold.discard();
    },
  );

  it("gives out what is released and no byte more", async () => {
    const hold = rig.hold();
    const taker = new HoldTaker();
    hold.deliverTo(taker);
    hold.write(bytesOf("0123456789"));
    hold.releaseTo(4);
    expect(taker.text).toBe("0123");
    hold.releaseTo(2);
    hold.releaseTo(12);
    expect(taker.text).toBe("0123456789");
    hold.write(bytesOf("abcdef"));
    expect(taker.text).toBe("0123456789ab");
    hold.end();
    expect(taker.isOver).toBe(false);
    hold.releaseTo(everything);
    expect([taker.text, taker.isOver]).toEqual(["0123456789abcdef", true]);
    hold.discard();
  });

  it("frees the memory of what was delivered, so that one that never holds much never needs a file", async () => {
    const hold = rig.hold();
    const taker = new HoldTaker();
    hold.deliverTo(taker);
    for (let n = 0; n < 100; n++) {
      hold.write(Buffer.alloc(50_000));
      hold.releaseTo((n + 1) * 50_000 - 10);
      expect(rig.memory.bytes).toBeLessThan(100_000);
    }
    expect(rig.openFiles().length).toBe(0);
    hold.discard();
  });

  it("is edited on its way out, and refuses an edit of what was released", () => {
    const hold = rig.hold();
    const taker = new HoldTaker();
    hold.deliverTo(taker);
    hold.write(bytesOf("0123456789"));
    hold.edit({ start: 2, end: 4, bytes: bytesOf("XY!") });
    hold.releaseTo(4);
    expect(() => hold.edit({ start: 3, end: 5, bytes: bytesOf("") })).toThrow("byte 3 has been released");
    hold.edit({ start: 10, end: 10, bytes: bytesOf("end") });
    hold.releaseTo(everything);
    hold.end();
    expect(taker.text).toBe("01XY!456789end");
    hold.discard();
  });

  it("comes out alike for any cut, any releases, edits and pace of the destination (property)", async () => {
    const run = async (seed: number, bytes: number): Promise<void> => {
      const random = seededRandom(seed);
      const message = Buffer.alloc(bytes, Buffer.from(Array.from({ length: 997 }, () => Math.floor(random() * 256))));
      const edits = Array.from({ length: 5 }, (_, n) => {
        const start = Math.floor(((n + random()) / 5) * bytes);
        return {
          start,
          end: Math.min(start + Math.floor((random() * bytes) / 5), Math.floor(((n + 1) / 5) * bytes)),
          bytes: bytesOf(`<${n}>`),
        };
      }).filter(({ start, end }) => start <= end);
      const hold = rig.hold(random() < 0.5);
      const taker = new HoldTaker();
      if (random() < 0.7) taker.resume = () => hold.resume();
      if (random() < 0.5) hold.deliverTo(taker);
      else setImmediate(() => hold.deliverTo(taker));
      for (const edit of edits) hold.edit(edit);
      for (const chunk of randomCut(message, random)) {
        await writeAll(hold, [chunk]);
        if (random() < 0.3) hold.releaseTo(Math.floor(random() * hold.bytes));
        if (random() < 0.2) await new Promise((resolve) => setImmediate(resolve));
      }
      hold.end();
      hold.releaseTo(everything);
      let expected = message;
      for (const { start, end, bytes: text } of edits.toReversed())
        expected = Buffer.concat([expected.subarray(0, start), text, expected.subarray(end)]);
      expect((await taker.ended).equals(expected)).toBe(true);
      hold.discard();
    };
    await fc.assert(fc.asyncProperty(fc.nat(), fc.integer({ min: 10, max: 3_000 }), run), { numRuns: 40 });
    await fc.assert(fc.asyncProperty(fc.nat(), fc.integer({ min: 1_000_000, max: 3_000_000 }), run), { numRuns: 2 });
  });
});

describe("backpressure", () => {
  it("a destination that takes nothing stops who writes once there is something for it", async () => {
    const hold = rig.hold();
    const taker = new HoldTaker();
    let taking = false;
    hold.deliverTo({
      piece: (bytes) => {
        taker.piece(bytes);
        return taking;
      },
      done: () => taker.done(),
    });
    expect(hold.write(bytesOf("held"))).toBe(true);
    hold.releaseTo(everything);
    expect(hold.write(bytesOf(" back"))).toBe(false);
    const drained: string[] = [];
    hold.onDrain = () => drained.push("drain");
    taking = true;
    hold.resume();
    expect([drained, taker.text]).toEqual([["drain"], "held back"]);
    hold.discard();
  });

  it("a disk that is behind stops who writes until it has caught up", async () => {
    const hold = rig.hold();
    expect(hold.write(Buffer.alloc(heldInMemoryBytesMax))).toBe(true);
    expect(hold.write(Buffer.alloc(1))).toBe(false);
    await new Promise<void>((resolve) => {
      hold.onDrain = resolve;
    });
    expect(rig.memory.bytes).toBeLessThan(heldInMemoryBytesMax);
    hold.discard();
  });

  it("a file does not grow with what was delivered from it", async () => {
    const hold = rig.hold();
    const taker = new HoldTaker();
    let taking = true;
    hold.deliverTo({ piece: (bytes) => taker.piece(bytes) && taking, done: () => taker.done() });
    for (let turn = 1; turn <= 5; turn++) {
      taking = false;
      await writeAll(hold, pieces(40, 50_000));
      hold.releaseTo(turn * 2_000_000);
      taking = true;
      hold.resume();
      await waitUntil("it was delivered", () => taker.bytes === turn * 2_000_000);
    }
    const [size, ...others] = rig.openFiles();
    expect(others).toEqual([]);
    expect(size).toBeLessThan(4_000_000);
    hold.discard();
  });

  it("all messages together have a budget; past it each goes to its file, however small", async () => {
    rig.memory = new HoldMemory(10_000);
    const hold = rig.hold();
    hold.write(Buffer.alloc(8_000, "a"));
    expect(rig.openFiles().length).toBe(0);
    rig.memory.take(8_000);
    hold.write(Buffer.alloc(8_000, "b"));
    await waitUntil("it is in a file", () => rig.memory.bytes === 8_000 && rig.openFiles().length === 1);
    rig.memory.give(8_000);
    const taker = new HoldTaker();
    hold.deliverTo(taker);
    hold.end();
    hold.releaseTo(everything);
    expect((await taker.ended).toString()).toBe("a".repeat(8_000) + "b".repeat(8_000));
    hold.discard();
  });
});

describe("other consumers", () => {
  it.each([
    ["in memory", 50_000],
    ["in a file", 3_000_000],
  ])("read the original of a message %s beside the destination, each at its own pace", async (_, bytes) => {
    const hold = rig.hold(true);
    const message = Buffer.alloc(bytes, "0123456789");
    const destination = new HoldTaker();
    hold.deliverTo(destination);
    hold.edit({ start: 100, end: bytes, bytes: bytesOf("gone") });
    await writeAll(hold, randomCut(message, seededRandom(bytes)));
    const scanner = new HoldTaker();
    const quarantine = new HoldTaker();
    let reading: HeldReading | null = null;
    quarantine.resume = () => reading?.resume();
    reading = hold.replay(quarantine, 50, bytes - 50);
    hold.replay(scanner, 0, bytes);
    hold.releaseTo(everything);
    hold.end();
    expect((await destination.ended).toString()).toBe(`${message.subarray(0, 100).toString()}gone`);
    expect((await scanner.ended).equals(message)).toBe(true);
    expect((await quarantine.ended).equals(message.subarray(50, bytes - 50))).toBe(true);
    hold.discard();
  });

  it("still get their bytes when the destination is done with them first", async () => {
    const hold = rig.hold();
    hold.write(bytesOf("0123456789"));
    const slow = new HoldTaker();
    let reading: HeldReading | null = null;
    slow.resume = () => reading?.resume();
    reading = hold.replay(slow, 0, 10);
    const destination = new HoldTaker();
    hold.deliverTo(destination);
    hold.releaseTo(everything);
    expect(destination.text).toBe("0123456789");
    expect((await slow.ended).toString()).toBe("0123456789");
    expect(() => hold.replay(new HoldTaker(), 0, 10)).toThrow("bytes 0 to 10 are not held");
    hold.discard();
  });

  it("may stop without harm to the others", async () => {
    const hold = rig.hold(true);
    await writeAll(hold, pieces(60, 50_000));
    const [first, second] = [new HoldTaker(), new HoldTaker()];
    hold.replay(first, 0, 3_000_000).stop();
    hold.replay(second, 0, 3_000_000);
    expect((await second.ended).length).toBe(3_000_000);
    expect(first.isOver).toBe(false);
    hold.discard();
  });
});
