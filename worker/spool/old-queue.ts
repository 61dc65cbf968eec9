import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { z } from "zod";
import type { CorruptFolder } from "./corrupt-folder.ts";
import { isErrorCode, type SpoolDisk } from "./disk.ts";
import { smallMessageBytesMax } from "./held-message.ts";
import type { Ledger } from "./ledger.ts";
import type { NewMessage, QueueLog } from "./queue-log.ts";
import { newProgress, type Progress } from "./queue-record.ts";
import { progressSchema } from "./record-heads.ts";
import { loadSpoolFile, readSpoolFile } from "./spool-file.ts";
import { isSpoolId, messageSuffix, type SpoolFolders } from "./spool-folders.ts";
import { SpoolFileDamaged } from "./spool-format.ts";

const filesAtOnce = 64;
const oldProgressSchema = progressSchema.extend({
  version: z.literal(1),
  notices: progressSchema.shape.notices.default(0),
});

type Parts = {
  disk: SpoolDisk;
  folders: Pick<SpoolFolders, "root" | "large">;
  corrupt: CorruptFolder;
  ledger: Ledger;
  queueLog: QueueLog;
};

/**
 * Takes over a queue of a file per message, as workers before 0.2 wrote it: `messages/ID.msg` and `progress/ID.json`. A file goes only once
 * its message is in the log, so that a crash at any point loses and repeats nothing.
 */
export async function migrateOldQueue(parts: Parts): Promise<void> {
  const { disk, folders } = parts;
  const messages = join(folders.root, "messages");
  const names = (await listed(disk, messages)).sort();
  for (let at = 0; at < names.length; at += filesAtOnce) {
    await Promise.all(names.slice(at, at + filesAtOnce).map((name) => migrateFile(parts, join(messages, name), name)));
  }
  if (names.length > 0) for (const folder of [messages, folders.large]) await disk.flushFolder(folder);
  // Of what is left in these, no message is in the queue, or none was answered for.
  for (const name of ["progress", "incoming"]) {
    const folder = join(folders.root, name);
    for (const file of await listed(disk, folder)) await disk.remove(join(folder, file));
  }
}

async function migrateFile(parts: Parts, path: string, name: string): Promise<void> {
  const { disk, folders, corrupt, ledger } = parts;
  const id = name.slice(0, -messageSuffix.length);
  try {
    if (!name.endsWith(messageSuffix) || !isSpoolId(id))
      throw new SpoolFileDamaged("its name is not that of a queued message");
    if (!ledger.table.has(id)) await accept(parts, await readOld(parts, path, id));
    if (ledger.table.places(id)?.ownFile) await disk.rename(path, join(folders.large, name));
    else await disk.remove(path);
  } catch (error) {
    if (!(error instanceof SpoolFileDamaged)) throw error;
    await corrupt.take(path, name, error.message);
  }
}

async function readOld({ disk, folders }: Parts, path: string, id: string): Promise<NewMessage> {
  const { envelope, subject, messageBytes } = await readSpoolFile(disk, path);
  if (envelope.id !== id) throw new SpoolFileDamaged("its name and its envelope do not fit");
  const old = await readProgress(disk, join(folders.root, "progress", `${id}.json`));
  const head = { envelope, subject, bytes: messageBytes, progress: takenOver(old, envelope.recipients.length) };
  if (messageBytes > smallMessageBytesMax) return { head, content: null };
  const bytes = await buffer((await loadSpoolFile(disk, path)).open());
  return { head, content: { chunks: [bytes], bytes: bytes.length, crc: crc32(bytes) } };
}

function accept({ queueLog }: Parts, message: NewMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    queueLog.accept(
      [message],
      () => true,
      (error) => (error === null ? resolve() : reject(error)),
    );
  });
}

/** undefined: nothing was ever written, or a power cut took a mere count. null: it is damaged. */
async function readProgress(disk: SpoolDisk, path: string): Promise<Progress | null | undefined> {
  try {
    const file = await disk.open(path, "r");
    try {
      const bytes = Buffer.alloc(await disk.size(file));
      await disk.read(file, bytes, 0);
      if (bytes.length === 0) return undefined;
      const { version: _, ...progress } = oldProgressSchema.parse(JSON.parse(bytes.toString("utf8")));
      return progress;
    } finally {
      await disk.close(file);
    }
  } catch (error) {
    return isErrorCode(error, "ENOENT") ? undefined : null;
  }
}

function takenOver(progress: Progress | null | undefined, recipientCount: number): Progress | undefined {
  if (progress === undefined) return undefined;
  if (progress === null || progress.outcomes.length !== recipientCount) {
    // Sending could repeat what is delivered or undo a person's hold; a person sees it and decides.
    const lastReply = "Held: the record of its earlier attempts is damaged; release it to send it to every recipient";
    return { ...newProgress(recipientCount), state: "held", lastReply };
  }
  return progress.state === "delivering" ? { ...progress, state: "deferred" } : progress;
}

async function listed(disk: SpoolDisk, folder: string): Promise<string[]> {
  try {
    return await disk.list(folder);
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return [];
    throw error;
  }
}
