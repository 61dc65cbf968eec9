import { connect, type Socket } from "node:net";
import { treeMemoryKiB } from "./process-tree.ts";

const settleMs = 2_000;

/** Opens sessions that stop after EHLO. Gives KiB of the process tree's memory for each. */
export async function idleSessionKiB(pid: number, port: number, count: number): Promise<number> {
  const warm = await openSessions(port, 100);
  await closeSessions(warm);
  const before = await settledMemoryKiB(pid);
  const sessions = await openSessions(port, count);
  const after = await settledMemoryKiB(pid);
  await closeSessions(sessions);
  return (after - before) / count;
}

async function settledMemoryKiB(pid: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  return treeMemoryKiB(pid);
}

async function openSessions(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(50, count - sockets.length) }, () => openSession(port));
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

function openSession(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let heard = "";
    socket.once("error", reject);
    socket.on("data", (chunk: Buffer) => {
      if (heard === "") socket.write("EHLO idle.test\r\n");
      heard += chunk.toString("latin1");
      if (/^250 .*\r\n/m.test(heard)) resolve(socket);
    });
  });
}

async function closeSessions(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(
    sockets.map((socket) => {
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.destroy();
      return closed;
    }),
  );
}
