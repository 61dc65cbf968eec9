import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { HoldMemory } from "#worker/scan/hold-memory.ts";
import { MessageHold } from "#worker/scan/message-hold.ts";
import { waitUntil } from "./wait-until.ts";

/** A room for held messages, new for every test; a test that leaves a file, a handle or memory behind fails. */
export class HoldRig {
  folder = "";
  memory = new HoldMemory();
  #serial = 0;

  constructor() {
    beforeEach(() => {
      this.folder = mkdtempSync(join(tmpdir(), "postern-hold-"));
      this.memory = new HoldMemory();
    });
    afterEach(async () => {
      await waitUntil("no file is open", () => this.openFiles().length === 0);
      expect(readdirSync(this.folder)).toEqual([]);
      expect(this.memory.bytes).toBe(0);
      rmSync(this.folder, { recursive: true });
    });
  }

  hold(keepsAll = false): MessageHold {
    return new MessageHold(this, `m${this.#serial++}`, keepsAll);
  }

  /** The sizes of the files of the folder, named or not, that this process has open. */
  openFiles(): number[] {
    return readdirSync("/proc/self/fd").flatMap((handle) => {
      const path = join("/proc/self/fd", handle);
      try {
        return readlinkSync(path).startsWith(this.folder) ? [statSync(path).size] : [];
      } catch {
        return [];
      }
    });
  }
}

/** Writes the pieces, each when the hold takes it. */
export async function writeAll(hold: MessageHold, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    if (hold.write(piece)) continue;
    await new Promise<void>((resolve) => {
      hold.onDrain = resolve;
    });
  }
}
