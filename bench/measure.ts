import type { Peer } from "./peer.ts";
import { treeSeconds } from "./process-tree.ts";
import { runSource } from "./smtp-programs.ts";
import type { Workload } from "./workloads.ts";

export type Measurement = {
  peer: string;
  perSecond: number;
  /** Median over the rounds of ours / this one. */
  oursToThis: number;
  /** Processor seconds of all its processes for 1,000 messages. */
  processorSecondsPerThousand: number;
};

/** Runs rounds of one run through each peer in turn, each of about `secondsEach` through ours. */
export async function measure(
  workload: Workload,
  peers: readonly Peer[],
  ours: Peer,
  options: { rounds: number; secondsEach: number },
): Promise<Measurement[]> {
  const messages = await messagesFor(workload, ours.port, options.secondsEach);
  const runs = new Map(peers.map((peer) => [peer, { rates: [] as number[], processor: [] as number[] }]));
  for (let round = 0; round < options.rounds; round++) {
    for (const [peer, { rates, processor }] of runs) {
      const before = peer.pid === null ? 0 : treeSeconds(peer.pid);
      rates.push(messages / (await runSource(workload, messages, peer.port)));
      const used = peer.pid === null ? 0 : treeSeconds(peer.pid) - before;
      processor.push((used * 1000) / messages);
    }
  }
  const oursPerSecond = runs.get(ours)?.rates ?? [];
  return [...runs].map(([peer, { rates, processor }]) => ({
    peer: peer.name,
    perSecond: median(rates),
    oursToThis: median(rates.map((rate, round) => (oursPerSecond[round] ?? Number.NaN) / rate)),
    processorSecondsPerThousand: median(processor),
  }));
}

/** A warm-up run, from whose speed the size of a run follows. */
async function messagesFor(workload: Workload, port: number, seconds: number): Promise<number> {
  const trial = workload.connections * (workload.bytes > 100_000 ? 8 : workload.connections > 10 ? 20 : 100);
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
