import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SpoolDisk } from "./disk.ts";

/**
 * The spool's folders, all 0700; docs/spool-format.md tells more.
 *   log/       segments: accepted messages and what became of them
 *   large/     ID.msg: messages that are too large for the log
 *   corrupt/   what was found damaged and must not be sent
 */
export type SpoolFolders = { root: string; log: string; large: string; corrupt: string };

export const messageSuffix = ".msg";

export function spoolFolders(stateDir: string): SpoolFolders {
  const root = join(stateDir, "spool");
  return { root, log: join(root, "log"), large: join(root, "large"), corrupt: join(root, "corrupt") };
}

/** Makes the folders where they are missing. */
export async function openSpoolFolders(disk: SpoolDisk, stateDir: string): Promise<SpoolFolders> {
  const folders = spoolFolders(stateDir);
  for (const path of [folders.log, folders.large, folders.corrupt]) await disk.makeFolder(path);
  // A message is only as durable as the folder it stands in.
  for (const path of [folders.root, stateDir, dirname(stateDir)]) await disk.flushFolder(path);
  return folders;
}

/** Ids become file names: nothing but letters, digits and dashes. */
export function isSpoolId(id: string): boolean {
  return /^[0-9A-Za-z-]{1,64}$/.test(id);
}

/** Flushes a folder's entries, at start. */
export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
