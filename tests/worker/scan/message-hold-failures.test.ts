import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { heldBytesMax, heldInMemoryBytesMax } from "#worker/scan/held-bytes.ts";
import { MessageHold } from "#worker/scan/message-hold.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";
import { HoldRig } from "../../support/hold-rig.ts";
import { HoldTaker } from "../../support/hold-taker.ts";
import { waitUntil } from "../../support/wait-until.ts";

const rig = new HoldRig();
const everything = Number.POSITIVE_INFINITY;

describe("a message that cannot be held", () => {
  it("is told once, when the disk does not take it", async () => {
    const hold = new MessageHold({ folder: join(rig.folder, "missing"), memory: rig.memory }, "m");
    const errors: Error[] = [];
    hold.onError = (error) => errors.push(error);
    hold.write(Buffer.alloc(heldInMemoryBytesMax + 1));
    hold.write(Buffer.alloc(heldInMemoryBytesMax + 1));
    await waitUntil("the error", () => errors.length > 0);
    expect(hold.write(Buffer.alloc(1))).toBe(true);
    hold.end();
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining("ENOENT")]);
  });

  it(`emits an error if more than ${heldBytesMax} bytes are held`, () => {
    const hold = rig.hold();
    const errors: Error[] = [];
    hold.onError = (error) => errors.push(error);
    hold.write(bytesOf("x"));
    hold.write(new Uint8Array(heldBytesMax));
    hold.write(new Uint8Array(heldBytesMax));
    expect(errors.map(({ message }) => message)).toEqual([
      `a message of more than ${heldBytesMax} bytes cannot be held`,
    ]);
  });

  it("leaves its destination without an end, so that nobody takes a part for the whole", async () => {
    const hold = new MessageHold({ folder: join(rig.folder, "missing"), memory: rig.memory }, "m");
    const taker = new HoldTaker();
    hold.deliverTo(taker);
    const failed = new Promise((resolve) => {
      hold.onError = resolve;
    });
    hold.write(Buffer.alloc(heldInMemoryBytesMax + 1));
    await failed;
    hold.releaseTo(everything);
    hold.end();
    expect([taker.isOver, taker.pieces]).toEqual([false, []]);
  });

  it("may be discarded at any moment, twice, and leaves no file, handle or memory", async () => {
    for (let steps = 0; steps < 12; steps++) {
      const hold = rig.hold();
      hold.onError = (error) => expect.unreachable(error.message);
      const taker = new HoldTaker();
      taker.resume = () => hold.resume();
      const doing = [
        () => hold.deliverTo(taker),
        () => hold.write(Buffer.alloc(heldInMemoryBytesMax)),
        () => hold.write(Buffer.alloc(10)),
        () => hold.releaseTo(1_000),
        () => hold.write(Buffer.alloc(heldInMemoryBytesMax)),
        () => hold.releaseTo(everything),
        () => hold.end(),
      ];
      for (const act of doing.slice(0, 1 + (steps % doing.length))) {
        act();
        if (steps % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      for (let turn = 0; turn < steps; turn++) await new Promise((resolve) => setImmediate(resolve));
      hold.discard();
      hold.discard();
      expect(rig.memory.bytes).toBe(0);
      const given = taker.pieces.length;
      await waitUntil("its file is gone", () => rig.openFiles().length === 0 && readdirSync(rig.folder).length === 0);
      expect(taker.pieces.length).toBe(given);
    }
  });
});
