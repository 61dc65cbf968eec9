import type { Faults } from "../report/faults.ts";
import type { FileSpool } from "./file-spool.ts";

const lookEveryMs = 5_000;

/** Keeps the faults in step with the spool: damaged files that wait for a person, and a disk without room. Returns what ends it. */
export function watchSpool(spool: FileSpool, faults: Faults): () => void {
  const look = (): void => {
    const damaged = spool.corruptFiles();
    const shortage = spool.full();
    setOrClear(faults, "spool-damaged", damaged.length === 0 ? null : damagedWords(damaged));
    setOrClear(faults, "spool-full", shortage);
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}

function damagedWords(files: readonly string[]): string {
  const [first] = files;
  const what = files.length === 1 ? "1 queued message was damaged" : `${files.length} queued messages were damaged`;
  return `${what} and will not be sent: look at ${first}${files.length === 1 ? "" : " and the others there"}, then move or delete it`;
}

function setOrClear(faults: Faults, key: string, text: string | null): void {
  if (text === null) faults.clear(key);
  else faults.set(key, text);
}
