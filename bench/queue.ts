import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Measurement, measure, median } from "./measure.ts";
import { ended, type Peer } from "./peer.ts";
import { startQueueingPeers } from "./peers.ts";
import { freePort, waitForPort } from "./ports.ts";
import { runSource } from "./smtp-programs.ts";
import { table } from "./table.ts";
import { type QueueWorkload, type SmtpWorkload } from "./workloads.ts";

type Options = { rounds: number; secondsEach: number; nodeArguments: readonly string[]; say(line: string): void };
type QueueingPeer = Peer & { flush(): void };

const drainedWithinMs = 180_000;
const flushEveryMs = 2_000;

/** Mail that is accepted while the next server is down: how fast, beside Postfix with a queue. */
export async function ingestTables(workloads: readonly QueueWorkload[], options: Options): Promise<string[]> {
  const tables: string[] = [];
  for (const workload of workloads) {
    options.say(`measuring: ${workload.name}`);
    // Nothing listens there, and each workload begins with empty queues.
    await withQueueingPeers(await freePort(), options, async (peers, ours) => {
      const load = { trial: workload.trial, run: (count: number, port: number) => runSource(workload, count, port) };
      tables.push(ingestTable(workload, await measure(load, peers, ours, options)));
    });
  }
  return tables;
}

function ingestTable({ name, bytes }: SmtpWorkload, measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ peer, perSecond, oursToThis, processorSecondsPerThousand }) => [
    peer,
    perSecond.toFixed(0),
    ((perSecond * bytes) / 1e6).toFixed(1),
    oursToThis.toFixed(2),
    processorSecondsPerThousand.toFixed(2),
  ]);
  return table([name, "msg/s", "MB/s", "postern / this", "CPU s/1,000"], rows);
}

/** A queue that has waited is delivered to a server that came back: messages per second from the first arrival to the last. */
export async function drainTable(workload: SmtpWorkload, messages: number, options: Options): Promise<string> {
  const rates = new Map<string, number[]>();
  for (let round = 0; round < options.rounds; round++) {
    options.say(`measuring: ${workload.name}, round ${round + 1}`);
    const sinkPort = await freePort();
    await withQueueingPeers(sinkPort, options, async (peers) => {
      for (const peer of peers) {
        await runSource(workload, messages, peer.port);
        const rate = await drainRate(peer, sinkPort, messages);
        options.say(`${peer.name}: ${rate.toFixed(0)}/s`);
        rates.set(peer.name, [...(rates.get(peer.name) ?? []), rate]);
      }
    });
  }
  const ours = rates.get("postern") ?? [];
  const rows = [...rates].map(([peer, each]) => {
    const ratio = median(each.map((rate, round) => (ours[round] ?? Number.NaN) / rate));
    return [peer, median(each).toFixed(0), ratio.toFixed(2)];
  });
  return table([workload.name, "msg/s", "postern / this"], rows);
}

async function drainRate(peer: QueueingPeer, sinkPort: number, messages: number): Promise<number> {
  const sink = await startCountingSink(sinkPort);
  let repeated: NodeJS.Timeout | undefined;
  try {
    const counted = countTo(sink, messages);
    peer.flush();
    // Once is not enough for who has not looked at all of them by then.
    repeated = setInterval(() => peer.flush(), flushEveryMs);
    return await counted;
  } finally {
    clearInterval(repeated);
    await ended(sink);
  }
}

async function startCountingSink(port: number): Promise<ChildProcess> {
  const sink = fork(fileURLToPath(new URL("fast-sink.ts", import.meta.url)), [String(port)]);
  process.once("exit", () => sink.kill());
  await waitForPort(port);
  return sink;
}

/** Messages per second, from the first to the last. */
function countTo(sink: ChildProcess, messages: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the queue was not drained in time: ${last} of ${messages}`)),
      drainedWithinMs,
    );
    let last = 0;
    let first: { at: number; count: number } | null = null;
    sink.on("message", (taken) => {
      const count = Number(taken);
      last = count;
      first ??= { at: performance.now(), count };
      if (count < messages) return;
      clearTimeout(timer);
      resolve((count - first.count) / ((performance.now() - first.at) / 1000));
    });
  });
}

async function withQueueingPeers(
  sinkPort: number,
  options: Options,
  use: (peers: readonly QueueingPeer[], ours: QueueingPeer) => Promise<void>,
): Promise<void> {
  const peers = await startQueueingPeers(sinkPort, options);
  const [ours] = peers;
  try {
    if (ours !== undefined) await use(peers, ours);
  } finally {
    for (const peer of peers) await peer.stop();
  }
}
