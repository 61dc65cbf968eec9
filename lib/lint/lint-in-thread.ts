import { Worker } from "node:worker_threads";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import type { LintInput } from "#core/policy/lint/lint-input.ts";

export type LookRequest = { look: number; input: LintInput; now: number };
/** `failure`: why there are no findings; null: these are all. */
export type LookReply = { look: number; findings: FindingView[]; failure: string | null };

type Waiting = { found(findings: FindingView[]): void; failed(cause: Error): void };

/** Heap of the thread, megabytes: many times what the largest draft takes. */
const heapMbMax = 512;

let thread: { worker: Worker; waiting: Map<number, Waiting> } | null = null;
let looks = 0;

/**
 * What hurts in the draft, looked for in a thread: the console answers others meanwhile. The thread is begun with the first look and stays; it
 * keeps no process alive. Throws where the thread died: the next look begins another.
 */
export function lintInThread(input: LintInput, now: Date): Promise<FindingView[]> {
  const { worker, waiting } = thread ?? begun();
  const look = ++looks;
  return new Promise((found, failed) => {
    waiting.set(look, { found, failed });
    worker.ref();
    worker.postMessage({ look, input, now: now.getTime() } satisfies LookRequest, []);
  });
}

function begun(): NonNullable<typeof thread> {
  const worker = new Worker(new URL("./lint-thread.ts", import.meta.url), {
    name: "lint",
    resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
  });
  const waiting = new Map<number, Waiting>();
  const mine = { worker, waiting };
  worker.on("message", ({ look, findings, failure }: LookReply) => {
    const asked = waiting.get(look);
    waiting.delete(look);
    if (waiting.size === 0) worker.unref();
    if (failure === null) asked?.found(findings);
    else asked?.failed(new Error(`the lint failed: ${failure}`));
  });
  const end = (cause: Error): void => {
    if (thread === mine) thread = null;
    for (const { failed } of waiting.values()) failed(cause);
    waiting.clear();
  };
  worker.on("error", (cause) => end(cause instanceof Error ? cause : new Error(String(cause))));
  worker.on("exit", () => end(new Error("the lint's thread ended")));
  worker.unref();
  thread = mine;
  return mine;
}
