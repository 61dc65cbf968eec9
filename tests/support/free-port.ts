import { createServer } from "node:net";

/** Below the range from which the system gives ports to clients, so that no client takes it before the server binds it. */
const firstPort = 20_000;
const portCount = 12_000;
/** Test files that run at the same time have ports of their own, also while nothing listens on one of them. */
const lanes = 4;
const lane = Number(process.env.TEST_PARALLEL_INDEX ?? process.env.VITEST_POOL_ID ?? 0) % lanes;

const portsOfLane = portCount / lanes;
let last = Math.floor(Math.random() * portsOfLane);

/** A port of 127.0.0.1 on which nothing listens, and which was not given here lately. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    last = (last + 1) % portsOfLane;
    const port = firstPort + last * lanes + lane;
    if (await canBind(port)) return port;
  }
  throw new Error("no free port in 100 attempts");
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
