import { availableParallelism } from "node:os";
import type { FileFacts } from "#core/files/file-facts.ts";
import { inspectBytes, isQuick } from "#core/files/inspect-bytes.ts";
import { detectType } from "#core/files/types/detect-type.ts";
import { InspectionSlot, type SlotOptions } from "./inspection-slot.ts";

/** Each may hold what the caps of core/files let one file unpack. */
export const threadsMax = 4;
/** Files that wait for a thread; one more is answered as busy. */
export const waitingFilesMax = 512;
/** What waiting files are together. Bytes. */
export const waitingBytesMax = 536_870_912;
/** Of one file; the caps of core/files let none take nearly as long. */
export const inspectionTimeMsMax = 20_000;

export type FileInspectionOptions = Partial<SlotOptions> & { threads?: number };

/** `temporary`: the file could not be looked at now and may be later; the facts then say uninspectable. */
export type InspectionDone = (facts: FileFacts, temporary: boolean) => void;

type Waiting = { bytes: Uint8Array; done: InspectionDone };

/**
 * Looks into files in threads of their own, as many as there are cores and no more than four, so that nothing that a stranger sends holds up the event loop.
 * A thread that dies or stalls costs its one file the answer `uninspectable` and is replaced. Whoever makes it stops it.
 */
export class FileInspection {
  readonly #slots: readonly InspectionSlot[];
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #stopped = false;

  constructor({
    threads = Math.min(availableParallelism(), threadsMax),
    timeMsMax = inspectionTimeMsMax,
    thread,
  }: FileInspectionOptions = {}) {
    const options = thread === undefined ? { timeMsMax } : { timeMsMax, thread };
    this.#slots = Array.from({ length: threads }, () => new InspectionSlot(options, () => this.#next()));
  }

  /**
   * Tells what a decoded file is and holds; `bytes` must not change until then. `done` is called once, before this returns where the
   * first bytes tell it all.
   */
  inspectFile(bytes: Uint8Array, done: InspectionDone): void {
    if (isQuick(bytes)) return done(inspectBytes(bytes), false);
    if (this.#stopped) return done(failed(bytes, "the worker is stopping"), true);
    const isFull = this.#waiting.length >= waitingFilesMax || this.#waitingBytes + bytes.length > waitingBytesMax;
    if (isFull && this.#waiting.length > 0) return done(failed(bytes, "too many files wait for inspection"), true);
    this.#waiting.push({ bytes, done });
    this.#waitingBytes += bytes.length;
    this.#next();
  }

  /** Ends all threads; files that are in one or wait for one are answered as not inspected. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { bytes, done } of this.#waiting.splice(0)) done(failed(bytes, "the worker is stopping"), true);
    this.#waitingBytes = 0;
    await Promise.all(this.#slots.map((slot) => slot.stop("the worker is stopping")));
  }

  #next(): void {
    const slot = this.#slots.find(({ isFree }) => isFree);
    const next = slot === undefined ? undefined : this.#waiting.shift();
    if (slot === undefined || next === undefined) return;
    const { bytes, done } = next;
    this.#waitingBytes -= bytes.length;
    slot.run({
      bytes,
      finish: (result) =>
        typeof result === "string" ? done(failed(bytes, result), this.#stopped) : done(result, false),
    });
  }
}

/** What is still known of a file that could not be looked into. */
function failed(bytes: Uint8Array, problem: string): FileFacts {
  const { type, family } = detectType(bytes, bytes);
  return { detectedType: type, family, traits: ["uninspectable"], entries: [], problem };
}
