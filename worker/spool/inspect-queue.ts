import { join } from "node:path";
import { isErrorCode, realDisk, type SpoolDisk } from "./disk.ts";
import { Ledger } from "./ledger.ts";
import { MessageDamaged, readMessage } from "./message-reader.ts";
import { QueueTable } from "./queue-table.ts";
import { recoverQueue } from "./recover-queue.ts";
import { SegmentBook } from "./segment-book.ts";
import { SegmentFiles } from "./segment-files.ts";
import { segmentBytesDefault } from "./segment-log.ts";
import type { SpoolMessage } from "./spool-file.ts";
import { messageSuffix, spoolFolders } from "./spool-folders.ts";

const attemptsMax = 5;

export type Damage = { what: string; reason: string };

/** A queue as it stands on disk, for people; `load` gives null for a message that is damaged, and adds to `damage`. */
export type InspectedQueue = {
  table: Pick<QueueTable, "size" | "ids" | "entry">;
  segments: number;
  damage: Damage[];
  load(id: string): Promise<SpoolMessage | null>;
  close(): void;
};

/** Reads a worker's queue and changes nothing, whether the worker runs or not. Rejects when there is none. */
export async function inspectQueue(stateDir: string, disk: SpoolDisk = realDisk): Promise<InspectedQueue> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inspectOnce(stateDir, readOnly(disk));
    } catch (error) {
      // A worker that runs deleted a segment meanwhile.
      if (!isErrorCode(error, "ENOENT") || attempt === attemptsMax) throw error;
    }
  }
}

async function inspectOnce(stateDir: string, disk: SpoolDisk): Promise<InspectedQueue> {
  const folders = spoolFolders(stateDir);
  const ledger = new Ledger(new QueueTable(), new SegmentBook(segmentBytesDefault));
  const damage: Damage[] = [];
  const corrupt = {
    keep: async (what: string, _bytes: Uint8Array, reason: string) => void damage.push({ what, reason }),
    take: async (_path: string, what: string, reason: string) => void damage.push({ what, reason }),
  };
  await recoverQueue({ disk, now: Date.now, folders, ledger, corrupt });
  const files = new SegmentFiles(disk, (segment) => join(folders.log, ledger.book.get(segment)?.name ?? ""));
  const parts = { disk, files, ledger, largePath: (id: string) => join(folders.large, `${id}${messageSuffix}`) };
  return {
    table: ledger.table,
    segments: [...ledger.book.all()].length,
    damage,
    close: () => files.forgetAll(),
    load: async (id) => {
      try {
        return await readMessage(parts, id);
      } catch (error) {
        if (!(error instanceof MessageDamaged)) throw error;
        damage.push({ what: id, reason: error.message });
        return null;
      }
    },
  };
}

function readOnly(disk: SpoolDisk): SpoolDisk {
  const nothing = (): Promise<void> => Promise.resolve();
  const refuse = (): Promise<never> => Promise.reject(new Error("the queue is only read"));
  return {
    ...disk,
    open: (path, flags) => (flags === "wx" ? refuse() : disk.open(path, "r")),
    flush: nothing,
    remove: nothing,
    flushFolder: nothing,
    write: refuse,
    writeNow: () => undefined,
    rename: refuse,
    makeFolder: refuse,
  };
}
