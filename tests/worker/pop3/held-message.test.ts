import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeldMessage, heldInMemoryBytesMax } from "#worker/pop3/held-message.ts";
import { waitUntil } from "../../support/wait-until.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postern-held-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Plays the message back, taking one piece at a time. */
function replay(held: HeldMessage): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    held.replay({
      piece: (bytes) => {
        pieces.push(bytes);
        setImmediate(() => held.resume());
        return false;
      },
      done: (error) => (error === null ? resolve(Buffer.concat(pieces)) : reject(error)),
    });
  });
}

async function hold(held: HeldMessage, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    if (held.write(piece)) continue;
    await new Promise<void>((resolve) => {
      held.onDrain = resolve;
    });
  }
}

describe("a held message", () => {
  const pieces = (count: number, bytes: number) =>
    Array.from({ length: count }, (_, n) => Buffer.alloc(bytes, String.fromCharCode(65 + (n % 26))));

  it.each([
    ["small, in memory", pieces(10, 5_000)],
    ["dripped byte by byte", pieces(20_000, 1)],
    ["of small and large pieces", pieces(30, 1).flatMap((piece, n) => [piece, Buffer.alloc(n * 200, "x")])],
    ["larger than the memory cap, in a file", pieces(100, 50_000)],
    ["just past the memory cap", pieces(2, heldInMemoryBytesMax / 2 + 1)],
  ])("%s, comes back as it was", async (_, given) => {
    const held = new HeldMessage(folder, "m");
    await hold(held, given);
    expect((await replay(held)).equals(Buffer.concat(given))).toBe(true);
    held.discard();
  });

  it("has no name in the folder, so that nothing is left behind even by kill -9", async () => {
    const held = new HeldMessage(folder, "m");
    await hold(held, pieces(100, 50_000));
    expect(readdirSync(folder)).toEqual([]);
    held.discard();
  });

  it("tells when the disk does not take it", async () => {
    const held = new HeldMessage(join(folder, "missing"), "m");
    const errors: Error[] = [];
    held.onError = (error) => errors.push(error);
    held.write(Buffer.alloc(heldInMemoryBytesMax + 1));
    await waitUntil("the error", () => errors.length > 0);
    expect(errors[0]?.message).toContain("ENOENT");
  });

  it("may be discarded at any moment, twice", async () => {
    const held = new HeldMessage(folder, "m");
    held.write(Buffer.alloc(heldInMemoryBytesMax + 1));
    held.discard();
    held.discard();
    await waitUntil("the file is gone", () => readdirSync(folder).length === 0);
  });
});
