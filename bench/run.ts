import { createServer } from "node:net";
import { parseArgs } from "node:util";
import { startWorker } from "./bench-worker.ts";
import { idleSessionKiB } from "./idle-sessions.ts";
import { type Measurement, measure } from "./measure.ts";
import { startSink } from "./smtp-programs.ts";
import { table } from "./table.ts";
import { workloads } from "./workloads.ts";

const help = `npm run bench -- [--long] [--only <text>] [--profile <folder>]
  Messages through the worker beside the same messages direct, in pairs: Postfix's smtp-source against its smtp-sink.
  --long     more and longer pairs
  --only     only workloads whose name contains the text
  --profile  have node write a processor profile of the worker there`;

const { values } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    profile: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

if (values.help) process.stdout.write(`${help}\n`);
else await run();

async function run(): Promise<void> {
  const pairs = values.long ? { pairs: 7, secondsEach: 4 } : { pairs: 3, secondsEach: 1.5 };
  const [sinkPort, workerPort] = [await freePort(), await freePort()];
  const profile = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];
  const sink = await startSink(sinkPort);
  process.once("exit", () => sink.kill());
  const worker = await startWorker({ listen: workerPort, upstream: sinkPort }, profile);
  const setup = { sinkPort, workerPort, workerPid: worker.pid };
  try {
    const measurements: Measurement[] = [];
    const idleKiB = await idleSessionKiB(worker.pid, workerPort, 1_000);
    for (const workload of workloads.filter(({ name }) => name.includes(values.only))) {
      process.stderr.write(`measuring: ${workload.name}\n`);
      measurements.push(await measure(workload, setup, pairs));
    }
    process.stdout.write(`${table(measurements)}\n`);
    process.stdout.write(`\nidle connection after EHLO: ${idleKiB.toFixed(1)} KiB PSS (1,000 connections)\n`);
    process.stdout.write(
      `50 rules, attachment names read; medians of ${pairs.pairs} pairs; load, worker and sink share this machine\n`,
    );
  } finally {
    await worker.stop();
    sink.kill();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
