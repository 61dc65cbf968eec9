import type { Faults } from "../report/faults.ts";
import type { SegmentSpool } from "./segment-spool.ts";

const lookEveryMs = 5_000;

/** Keeps the faults in step with the spool: damaged files that wait for a person, and a disk without room. Returns what ends it. */
export function watchSpool(spool: SegmentSpool, faults: Faults): () => void {
  const look = (): void => {
    setOrClear(faults, "spool-full", spool.full());
    setOrClear(faults, "spool-cleaning", cleaningWords(spool.cleaningFault));
    spool.corruptFiles().then(
      (files) => setOrClear(faults, "spool-damaged", files.length === 0 ? null : damagedWords(files)),
      (error: Error) => faults.set("spool-damaged", `what was damaged cannot be listed: ${error.message}`),
    );
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}

function cleaningWords(fault: string | null): string | null {
  return fault === null ? null : `the queue's disk space is not given back: ${fault}`;
}

function damagedWords(files: readonly string[]): string {
  const [first] = files;
  const what =
    files.length === 1 ? "Something of the queue was damaged" : `${files.length} parts of the queue were damaged`;
  return `${what} and is not sent: look at ${first}${files.length === 1 ? "" : " and the others there"}, then move or delete it`;
}

function setOrClear(faults: Faults, key: string, text: string | null): void {
  if (text === null) faults.clear(key);
  else faults.set(key, text);
}
