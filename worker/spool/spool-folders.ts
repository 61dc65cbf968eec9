import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The spool's folders, all 0700:
 *   incoming/  messages being written; worthless after a crash, since none of them was answered with 250
 *   messages/  ID.msg: accepted, see spool-format.ts
 *   progress/  ID.json: attempts and who has it already, see progress-files.ts
 *   corrupt/   what was found damaged and must not be sent
 */
export type SpoolFolders = { incoming: string; messages: string; progress: string; corrupt: string };

export const messageSuffix = ".msg";
export const progressSuffix = ".json";

/** Makes the folders where they are missing and empties `incoming`. */
export function openSpoolFolders(stateDir: string): SpoolFolders {
  const root = join(stateDir, "spool");
  const folder = (name: string): string => {
    const path = join(root, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  const folders = {
    incoming: folder("incoming"),
    messages: folder("messages"),
    progress: folder("progress"),
    corrupt: folder("corrupt"),
  };
  // A message is only as durable as the folder it stands in.
  for (const path of [root, stateDir, dirname(stateDir)]) syncFolder(path);
  for (const name of readdirSync(folders.incoming)) rmSync(join(folders.incoming, name), { force: true });
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
