import { connect } from "node:net";

const timeoutMs = 20_000;

/**
 * Says the lines one by one, each when the reply to the one before is complete; the first waits for the greeting. Gives the
 * last line of each reply, the greeting first. Ends when the server closes or every line is answered.
 */
export function smtpDialogue(port: number, lines: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const replies: string[] = [];
    let unread = "";
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no reply in time after ${replies.join(" | ")}`)));
    socket.on("error", reject);
    socket.on("close", () => resolve(replies));
    socket.on("data", (chunk: Buffer) => {
      unread += chunk.toString("latin1");
      const complete = unread.split("\r\n");
      unread = complete.pop() ?? "";
      for (const line of complete) {
        if (line[3] === "-") continue;
        const next = lines[replies.length];
        replies.push(line);
        if (next === undefined) socket.end();
        else socket.write(`${next}\r\n`, "latin1");
      }
    });
  });
}
