import type { Peer } from "./peer.ts";
import { treeSeconds } from "./process-tree.ts";

export type Load = {
  /** How many of what is counted, messages or sessions, make a first short run. */
  trial: number;
  /** Puts so many through 127.0.0.1:port. Gives the seconds that took. */
  run(count: number, port: number): Promise<number>;
};

export type Measurement = {
  peer: string;
  perSecond: number;
  /** Median over the rounds of ours / this one. */
  oursToThis: number;
  /** Processor seconds of all its processes for 1,000. */
  processorSecondsPerThousand: number;
};

/** Runs rounds of one run through each peer in turn, each of about `secondsEach`. */
export async function measure(
  load: Load,
  peers: readonly Peer[],
  ours: Peer,
  options: { rounds: number; secondsEach: number },
): Promise<Measurement[]> {
  const runs = new Map<Peer, { count: number; rates: number[]; processor: number[] }>();
  for (const peer of peers) {
    runs.set(peer, { count: await countFor(load, peer.port, options.secondsEach), rates: [], processor: [] });
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const [peer, { count, rates, processor }] of runs) {
      const before = peer.pid === null ? 0 : treeSeconds(peer.pid);
      rates.push(count / (await load.run(count, peer.port)));
      const used = peer.pid === null ? 0 : treeSeconds(peer.pid) - before;
      processor.push((used * 1000) / count);
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

/** A warm-up, from whose speed the size of a run follows. */
async function countFor(load: Load, port: number, seconds: number): Promise<number> {
  const first = await load.run(load.trial, port);
  // The first ones run through code that is not yet compiled. Who is slow is not asked for more than that.
  if (first > seconds) return load.trial;
  await load.run(load.trial * 2, port);
  const took = await load.run(load.trial, port);
  return Math.max(load.trial, Math.round((load.trial / took) * seconds));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
