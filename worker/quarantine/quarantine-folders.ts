import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { syncFolder } from "../spool/spool-folders.ts";

/**
 * The quarantine's folders, all 0700:
 *   key        seals everything here; without it nothing can be opened
 *   incoming/  content being written; worthless after a crash
 *   content/   each content once, named by a keyed digest that tells nothing; see content-cipher.ts
 *   entries/   ID.entry: what is kept, why and where it would go, sealed
 *   damaged/   what cannot be opened
 */
export type QuarantineFolders = { key: string; incoming: string; content: string; entries: string; damaged: string };

const rootName = "quarantine";
const unreadablePrefix = `${rootName}-unreadable-`;
export const entrySuffix = ".entry";

/** Makes the folders where they are missing and empties `incoming`. */
export function openQuarantineFolders(stateDir: string): QuarantineFolders {
  const root = join(stateDir, rootName);
  const folder = (name: string): string => {
    const path = join(root, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  const folders = {
    key: join(root, "key"),
    incoming: folder("incoming"),
    content: folder("content"),
    entries: folder("entries"),
    damaged: folder("damaged"),
  };
  for (const path of [root, stateDir]) syncFolder(path);
  for (const name of readdirSync(folders.incoming)) rmSync(join(folders.incoming, name), { force: true });
  return folders;
}

/** Moves a quarantine that cannot be opened aside, whole: with its key it can be put back. Returns where it is now. */
export function setQuarantineAside(stateDir: string): string {
  for (let n = 1; ; n++) {
    const path = join(stateDir, `${unreadablePrefix}${n}`);
    if (existsSync(path)) continue;
    renameSync(join(stateDir, rootName), path);
    return path;
  }
}

/** What was set aside, in this run and earlier ones. */
export function damagedPaths(stateDir: string, { damaged }: QuarantineFolders): string[] {
  const folders = readdirSync(stateDir).filter((name) => name.startsWith(unreadablePrefix));
  return [...folders.map((name) => join(stateDir, name)), ...readdirSync(damaged).map((name) => join(damaged, name))];
}
