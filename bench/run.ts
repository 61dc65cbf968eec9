import { parseArgs } from "node:util";
import { unpackPackages } from "#scripts/test/unpacked-packages.ts";
import { idleSessionKiB } from "./idle-sessions.ts";
import { medianLatencyMs } from "./latency.ts";
import { type Measurement, measure } from "./measure.ts";
import { outlineTable } from "./outline.ts";
import { ended, type Peer } from "./peer.ts";
import { startPeers } from "./peers.ts";
import { freePort } from "./ports.ts";
import { startFastSink, startSink } from "./smtp-programs.ts";
import { table } from "./table.ts";
import { fastSinkBytesMin, type Workload, workloads } from "./workloads.ts";

const help = `npm run bench -- [--long] [--only <text>] [--profile <folder>]
  Mail through Postern beside the same mail direct and through its peers, in rounds: Postfix's smtp-source against a sink.
  Peers: nginx's mail proxy, HAProxy (TCP), Postfix with a before-queue filter. One that is not there is left out. Haraka is in no Debian package.
  --long     more and longer rounds
  --only     only workloads whose name contains the text; "outline": only how fast messages are read, beside mailparser and postal-mime
  --profile  have node write a processor profile of the worker there`;

const { values } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    profile: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const rounds = values.long ? { rounds: 7, secondsEach: 4 } : { rounds: 3, secondsEach: 1.5 };
const idleSessions = 1_000;

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

if (values.help) process.stdout.write(`${help}\n`);
else await run();

async function run(): Promise<void> {
  if (values.only === "" || values.only === "outline") {
    progress("measuring: outline");
    print(await outlineTable(rounds.rounds * 3));
  }
  if (values.only === "outline") return;
  unpackPackages(progress, ["nginx", "haproxy"]);
  const sinkPort = await freePort();
  const chosen = workloads.filter(({ name }) => name.includes(values.only));
  await withPeers(
    sinkPort,
    chosen.filter(({ bytes }) => bytes < fastSinkBytesMin),
    startSink,
    alsoAtRest,
  );
  await withPeers(
    sinkPort,
    chosen.filter(({ bytes }) => bytes >= fastSinkBytesMin),
    startFastSink,
  );
  print(`50 rules, attachment names read; medians of ${rounds.rounds} rounds; load, peers and sink share this machine`);
}

/** Starts a sink and the peers in front of it, measures the workloads and ends them. */
async function withPeers(
  sinkPort: number,
  chosen: readonly Workload[],
  start: typeof startSink,
  first: (peers: readonly Peer[]) => Promise<void> = async () => {},
): Promise<void> {
  if (chosen.length === 0) return;
  const sink = await start(sinkPort);
  process.once("exit", () => sink.kill());
  const profile = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];
  const peers = await startPeers(sinkPort, { nodeArguments: profile, say: progress });
  try {
    if (values.only === "") await first(peers);
    for (const workload of chosen) {
      progress(`measuring: ${workload.name}`);
      print(throughput(workload, await measure(workload, peers, oursAmong(peers), rounds)));
    }
  } finally {
    for (const peer of peers) await peer.stop();
    await ended(sink);
  }
}

function oursAmong(peers: readonly Peer[]): Peer {
  const ours = peers.find(({ name }) => name === "postern");
  if (ours === undefined) throw new Error("our own worker is not among the peers");
  return ours;
}

function throughput({ name, bytes }: Workload, measurements: readonly Measurement[]): string {
  const header = [name, "msg/s", "MB/s", "postern / this", "CPU s/1,000"];
  const rows = measurements.map(({ peer, perSecond, oursToThis, processorSecondsPerThousand }) => [
    peer,
    perSecond.toFixed(0),
    ((perSecond * bytes) / 1e6).toFixed(1),
    oursToThis.toFixed(2),
    peer === "direct" ? "" : processorSecondsPerThousand.toFixed(2),
  ]);
  return table(header, rows);
}

/** Latency and memory of each peer, before any load. */
async function alsoAtRest(peers: readonly Peer[]): Promise<void> {
  const rows: string[][] = [];
  for (const { name, port, pid } of peers) {
    progress(`measuring: latency and idle sessions, ${name}`);
    const latency = (await medianLatencyMs(port)).toFixed(2);
    // Postfix has a process for each session.
    const idle = pid === null || name === "postfix" ? "" : (await idleSessionKiB(pid, port, idleSessions)).toFixed(1);
    rows.push([name, latency, idle]);
  }
  print(table(["2 KB, 1 connection", "p50 ms", `KiB PSS each of ${idleSessions} idle`], rows));
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`);
}
