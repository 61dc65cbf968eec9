import type { ChildProcess } from "node:child_process";
import { parseArgs } from "node:util";
import { unpackPackages } from "#scripts/test/unpacked-packages.ts";
import type { BenchProtocol } from "./bench-policy.ts";
import { idleSessionKiB } from "./idle-sessions.ts";
import { medianLatencyMs } from "./latency.ts";
import { type Load, type Measurement, measure } from "./measure.ts";
import { outlineTable } from "./outline.ts";
import { ended, type Peer } from "./peer.ts";
import { startPeers } from "./peers.ts";
import { runClients, startMailboxes } from "./pop3-programs.ts";
import { freePort } from "./ports.ts";
import { drainTable, ingestTables } from "./queue.ts";
import { runSource, startFastSink, startSink } from "./smtp-programs.ts";
import { table } from "./table.ts";
import {
  drainWorkload,
  fastSinkBytesMin,
  type Pop3Workload,
  pop3Workloads,
  queueWorkloads,
  type SmtpWorkload,
  smtpWorkloads,
} from "./workloads.ts";

const help = `npm run bench -- [--long] [--only <text>] [--profile <folder>]
  Mail through Postern beside the same mail direct and through its peers, in rounds: Postfix's smtp-source against a sink, and POP3 clients
  that empty mailboxes of a server in memory; and a queue for a server that is down and comes back, beside Postfix's.
  Peers: nginx's mail proxy, HAProxy (TCP), Postfix with a before-queue filter; for POP3 Perdition and a bare pipe in Node. One that is not
  there is left out. Haraka is in no Debian package.
  --long     more and longer rounds
  --only     only workloads whose name contains the text ("POP3", "queue"); "outline": only how fast messages are read, beside mailparser and postal-mime
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
const drainedMessages = values.long ? 8_000 : 4_000;
const profileArguments = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

if (values.help) process.stdout.write(`${help}\n`);
else await run();

async function run(): Promise<void> {
  if (values.only === "" || values.only === "outline") {
    progress("measuring: outline");
    print(await outlineTable(rounds.rounds * 3));
  }
  if (values.only === "outline") return;
  const smtp = smtpWorkloads.filter(({ name }) => name.includes(values.only));
  const pop3 = pop3Workloads.filter(({ name }) => name.includes(values.only));
  unpackPackages(progress, pop3.length === 0 ? ["nginx", "haproxy"] : ["nginx", "haproxy", "perdition"]);
  const small = smtp.filter(({ bytes }) => bytes < fastSinkBytesMin);
  const large = smtp.filter(({ bytes }) => bytes >= fastSinkBytesMin);
  await withPeers("smtp", small.map(smtpBench), startSink, alsoAtRest);
  await withPeers("smtp", large.map(smtpBench), startFastSink);
  await withPeers("pop3", pop3.map(pop3Bench), startMailboxes);
  await queues();
  print(
    `50 rules, attachment names read; medians of ${rounds.rounds} rounds; load, peers and server share this machine`,
  );
}

async function queues(): Promise<void> {
  const options = { ...rounds, nodeArguments: profileArguments, say: progress };
  const chosen = queueWorkloads.filter(({ name }) => name.includes(values.only));
  for (const text of await ingestTables(chosen, options)) print(text);
  if (drainWorkload.name.includes(values.only)) print(await drainTable(drainWorkload, drainedMessages, options));
}

/** `bytes`: of one of what is counted. */
type Bench = Load & { name: string; counted: "msg" | "sessions"; bytes: number };

function smtpBench(workload: SmtpWorkload): Bench {
  const { name, bytes, connections } = workload;
  const trial = connections * (bytes > 100_000 ? 8 : connections > 10 ? 20 : 100);
  return { name, counted: "msg", bytes, trial, run: (count, port) => runSource(workload, count, port) };
}

function pop3Bench(workload: Pop3Workload): Bench {
  const { name, messages, clients } = workload;
  const bytes = messages * workload.bytes;
  return {
    name,
    counted: "sessions",
    bytes,
    trial: clients * 4,
    run: (count, port) => runClients(workload, count, port),
  };
}

/** Starts a server and the peers in front of it, measures and ends them. */
async function withPeers(
  protocol: BenchProtocol,
  chosen: readonly Bench[],
  start: (port: number) => Promise<ChildProcess>,
  first: (peers: readonly Peer[]) => Promise<void> = async () => {},
): Promise<void> {
  if (chosen.length === 0) return;
  const serverPort = await freePort();
  const server = await start(serverPort);
  process.once("exit", () => server.kill());
  const peers = await startPeers(protocol, serverPort, { nodeArguments: profileArguments, say: progress });
  try {
    if (values.only === "") await first(peers);
    for (const bench of chosen) {
      progress(`measuring: ${bench.name}`);
      print(throughput(bench, await measure(bench, peers, oursAmong(peers), rounds)));
    }
  } finally {
    for (const peer of peers) await peer.stop();
    await ended(server);
  }
}

function oursAmong(peers: readonly Peer[]): Peer {
  const ours = peers.find(({ name }) => name === "postern");
  if (ours === undefined) throw new Error("our own worker is not among the peers");
  return ours;
}

function throughput({ name, counted, bytes }: Bench, measurements: readonly Measurement[]): string {
  const header = [name, `${counted}/s`, "MB/s", "postern / this", "CPU s/1,000"];
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
