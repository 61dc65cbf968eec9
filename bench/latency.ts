import { connect } from "node:net";
import { median } from "./measure.ts";

const transactions = 400;
const body = `Subject: latency\r\n\r\n${`${"x".repeat(70)}\r\n`.repeat(28)}.\r\n`;

/** Median milliseconds from MAIL to the reply to the final dot of a 2 KB message, over one connection without pipelining. */
export async function medianLatencyMs(port: number): Promise<number> {
  const taken = await new Promise<number[]>((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const times: number[] = [];
    const turns = ["MAIL FROM:<bench@sender.test>\r\n", "RCPT TO:<user@inside.test>\r\n", "DATA\r\n", body];
    let turn = -2;
    let since = 0;
    let unread = "";
    socket.on("error", reject);
    socket.on("data", (chunk: Buffer) => {
      unread += chunk.toString("latin1");
      if (!/^\d{3} [^\r\n]*\r\n$/m.test(unread)) return;
      if (!/^[23]/.test(unread)) return reject(new Error(unread));
      unread = "";
      turn += 1;
      if (turn === -1) return void socket.write("EHLO bench.test\r\n");
      if (turn === turns.length) times.push(performance.now() - since);
      if (times.length === transactions) return void socket.end("QUIT\r\n", () => resolve(times));
      turn %= turns.length;
      if (turn === 0) since = performance.now();
      socket.write(turns[turn] ?? "");
    });
  });
  return median(taken);
}
