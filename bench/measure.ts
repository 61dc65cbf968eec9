import { processorSeconds } from "./bench-worker.ts";
import { runSource } from "./smtp-programs.ts";
import type { Workload } from "./workloads.ts";

export type Measurement = {
  workload: Workload;
  directPerSecond: number;
  throughPerSecond: number;
  /** Median over the pairs of through / direct. */
  ratio: number;
  /** The worker's processor seconds for 1,000 messages. */
  processorSecondsPerThousand: number;
};

export type Setup = { sinkPort: number; workerPort: number; workerPid: number };

/** Runs pairs direct, through, direct, through …, each of about `secondsEach` through the worker. */
export async function measure(
  workload: Workload,
  setup: Setup,
  options: { pairs: number; secondsEach: number },
): Promise<Measurement> {
  const messages = await messagesFor(workload, setup.workerPort, options.secondsEach);
  const direct: number[] = [];
  const through: number[] = [];
  const processor: number[] = [];
  for (let pair = 0; pair < options.pairs; pair++) {
    direct.push(messages / (await runSource(workload, messages, setup.sinkPort)));
    const before = processorSeconds(setup.workerPid);
    through.push(messages / (await runSource(workload, messages, setup.workerPort)));
    processor.push(((processorSeconds(setup.workerPid) - before) * 1000) / messages);
  }
  return {
    workload,
    directPerSecond: median(direct),
    throughPerSecond: median(through),
    ratio: median(through.map((rate, pair) => rate / (direct[pair] ?? Number.NaN))),
    processorSecondsPerThousand: median(processor),
  };
}

/** A warm-up run, from whose speed the size of a run follows. */
async function messagesFor(workload: Workload, port: number, seconds: number): Promise<number> {
  const trial = workload.connections * (workload.bytes > 100_000 ? 8 : 100);
  // The first messages run through code that is not yet compiled.
  await runSource(workload, trial * 2, port);
  const took = await runSource(workload, trial, port);
  return Math.max(trial, Math.round((trial / took) * seconds));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
