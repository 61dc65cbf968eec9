import { Worker } from "node:worker_threads";
import type { FileFacts } from "#core/files/file-facts.ts";

/** A file that waits for a thread or is in one; `finish` is called once, with facts or with what went wrong. */
export type Job = { bytes: Uint8Array; finish(result: FileFacts | string): void };

/** Heap of a thread; what it unpacks is bounded by the caps of core/files instead. Megabytes. */
const heapMbMax = 192;
const youngHeapMbMax = 32;

const defaultThread = new URL("./inspection-thread.ts", import.meta.url);

export type SlotOptions = {
  /** Past it the thread is ended. */
  timeMsMax: number;
  /** The program of the thread, for tests of what fails. */
  thread?: URL;
};

/** The place of one thread: begun with its first file, replaced when it died or stalled. One file at a time. */
export class InspectionSlot {
  readonly #options: SlotOptions;
  readonly #onFree: () => void;
  #worker: Worker | null = null;
  #job: Job | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** `onFree` is called after each file, whatever came of it. */
  constructor(options: SlotOptions, onFree: () => void) {
    this.#options = options;
    this.#onFree = onFree;
  }

  get isFree(): boolean {
    return this.#job === null;
  }

  /** Takes a file while free. */
  run(job: Job): void {
    this.#job = job;
    const worker = this.#worker ?? this.#begin();
    worker.ref();
    this.#timer = setTimeout(() => this.#stalled(), this.#options.timeMsMax);
    // A copy of its own: a slice of a larger buffer would take all of that along. (A Buffer's own `slice` copies nothing.)
    const own = new Uint8Array(job.bytes);
    worker.postMessage(own, [own.buffer]);
  }

  /** Ends the thread; its file is answered with `reason`. */
  async stop(reason: string): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#finish(reason);
    await worker?.terminate();
  }

  #begin(): Worker {
    const worker = new Worker(this.#options.thread ?? defaultThread, {
      name: "file inspection",
      // Files of strangers are read there: it is given nothing that it does not need.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMbMax, maxYoungGenerationSizeMb: youngHeapMbMax },
    });
    this.#worker = worker;
    worker.on("message", (facts: FileFacts) => {
      // One that was ended may still have answered: not about the file that is looked at by now.
      if (this.#worker === worker) this.#finish(facts);
    });
    worker.on("error", (error) => this.#lost(worker, `the inspection failed: ${messageOf(error)}`));
    worker.on("exit", () => this.#lost(worker, "the inspection ended without an answer"));
    return worker;
  }

  #stalled(): void {
    void this.stop(`the inspection took more than ${this.#options.timeMsMax} ms`);
  }

  #lost(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#finish(reason);
  }

  #finish(result: FileFacts | string): void {
    const job = this.#job;
    if (job === null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#job = null;
    // An idle thread keeps no process alive.
    this.#worker?.unref();
    job.finish(result);
    this.#onFree();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
