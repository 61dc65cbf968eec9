import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The segments of a worker's queue, oldest first. */
export function segmentPaths(stateDir: string): string[] {
  const folder = join(stateDir, "spool/log");
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

/** Puts other octets in the place of some that stand in a segment; the text must be there once. */
export function garble(stateDir: string, text: string, by: string): void {
  const [path, bytes, at] = find(stateDir, text);
  bytes.write(by, at, "latin1");
  writeFileSync(path, bytes);
}

/** Where in which segment a text stands. */
function find(stateDir: string, text: string): [path: string, bytes: Buffer, at: number] {
  for (const path of segmentPaths(stateDir)) {
    const bytes = readFileSync(path);
    const at = bytes.indexOf(text);
    if (at >= 0) return [path, bytes, at];
  }
  throw new Error(`${text} stands in no segment`);
}
