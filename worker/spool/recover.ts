import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ProgressFiles } from "./progress-files.ts";
import { newProgress, newRecord, type Progress, type QueueRecord } from "./queue-record.ts";
import { readSpoolFile } from "./spool-file.ts";
import { isSpoolId, messageSuffix, progressSuffix, type SpoolFolders } from "./spool-folders.ts";
import { SpoolFileDamaged } from "./spool-format.ts";

const filesAtOnce = 32;

export type Recovery = { records: QueueRecord[]; setAside: { file: string; reason: string }[] };

/** Reads the queue back after a stop of any kind, oldest first. Damaged files go to `corrupt` and are named. */
export async function recoverQueue(folders: SpoolFolders, progressFiles: ProgressFiles): Promise<Recovery> {
  const names = (await readdir(folders.messages)).sort();
  const progressNames = new Set(await readdir(folders.progress));
  const setAside: Recovery["setAside"] = [];
  const found: (QueueRecord | null)[] = Array.from(names, () => null);
  let next = 0;
  const recoverSome = async (): Promise<void> => {
    for (let index = next++; index < names.length; index = next++) {
      const name = names[index] ?? "";
      try {
        found[index] = await recoverOne(folders, name, (id) =>
          progressNames.has(`${id}${progressSuffix}`) ? progressFiles.load(id) : Promise.resolve(null),
        );
      } catch (error) {
        if (!(error instanceof SpoolFileDamaged)) throw error;
        await rename(join(folders.messages, name), join(folders.corrupt, name));
        setAside.push({ file: name, reason: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: filesAtOnce }, recoverSome));
  const records = found.filter((record) => record !== null);
  await removeOrphans(folders, progressNames, new Set(records.map(({ id }) => id)));
  return { records, setAside };
}

async function recoverOne(
  folders: SpoolFolders,
  name: string,
  loadProgress: ProgressFiles["load"],
): Promise<QueueRecord> {
  const id = name.slice(0, -messageSuffix.length);
  if (!name.endsWith(messageSuffix) || !isSpoolId(id))
    throw new SpoolFileDamaged("its name is not that of a queued message");
  const { envelope, subject, messageBytes } = await readSpoolFile(join(folders.messages, name));
  if (envelope.id !== id) throw new SpoolFileDamaged("its name and its envelope do not fit");
  const progress = await loadProgress(id);
  return newRecord(envelope, subject, messageBytes, recoveredProgress(progress, envelope.recipients.length));
}

function recoveredProgress(progress: Progress | null | Error, recipientCount: number): Progress {
  if (progress === null) return newProgress(recipientCount);
  if (progress instanceof Error || progress.outcomes.length !== recipientCount) {
    // Sending could repeat what is delivered or undo a person's hold; a person sees it and decides.
    const lastReply = "Held: the record of its earlier attempts is damaged; release it to send it to every recipient";
    return { ...newProgress(recipientCount), state: "held", lastReply };
  }
  return progress.state === "delivering" ? { ...progress, state: "deferred" } : progress;
}

/** A message is removed before its record of attempts: a crash between the two leaves the latter. */
async function removeOrphans(folders: SpoolFolders, names: Iterable<string>, ids: ReadonlySet<string>): Promise<void> {
  for (const name of names) {
    const known = name.endsWith(progressSuffix) && ids.has(name.slice(0, -progressSuffix.length));
    if (!known) await rm(join(folders.progress, name), { force: true });
  }
}
