import { once } from "node:events";
import { Worker } from "node:worker_threads";

const thread = `
  const { parentPort, workerData } = require("node:worker_threads");
  setTimeout(() => {
    const at = process.hrtime.bigint();
    process.kill(workerData.pid, "SIGKILL");
    parentPort.postMessage(at);
  }, workerData.ms);
`;

/** Kill -9 after a time, from a thread of its own: this one may be busy, and would kill when it is done. Gives the moment, as `process.hrtime`. */
export async function killNineAfter(ms: number, pid: number): Promise<bigint> {
  const killer = new Worker(thread, { eval: true, workerData: { pid, ms } });
  const [at]: unknown[] = await once(killer, "message");
  if (typeof at !== "bigint") throw new Error("the moment of a kill is not known");
  return at;
}
