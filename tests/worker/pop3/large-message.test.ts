import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";
import { waitUntil } from "../../support/wait-until.ts";

const bytes = 104_857_600;
/** What the process may grow by while a message of 100 MB passes: pieces under way, never the message. */
const growthBytesMax = 80_000_000;

const line = `${"0123456789".repeat(7)}\r\n`;
const header = "From: a@b.test\r\nSubject: big\r\n\r\n";
const piece = line.repeat(1_000);
const pieces = Math.floor((bytes - header.length) / piece.length);
const size = header.length + pieces * piece.length;

/** Gives one message of 100 MB, as fast as it is taken. */
const large: Required<FakePop3Options>["onCommand"] = (command, socket) => {
  const answer = { UIDL: "+OK\r\n1 a\r\n.\r\n", LIST: `+OK\r\n1 ${size}\r\n.\r\n` }[command];
  if (answer !== undefined) return socket.write(answer) || true;
  if (command !== "RETR 1") return false;
  socket.write(`+OK ${size} octets\r\n${header}`);
  pour(socket, pieces);
  return true;
};

function pour(socket: Socket, left: number): void {
  if (left === 0) socket.write(".\r\n");
  else if (socket.write(piece)) setImmediate(() => pour(socket, left - 1));
  else socket.once("drain", () => pour(socket, left - 1));
}

describe("a message of 100 MB", () => {
  it.each([
    ["streams", {}],
    ["is held for its verdict, and streams when it is known", noExe],
  ])("%s through with flat memory, octet for octet in number", async (_, rulesets) => {
    const { client, gate } = await startPop3({ onCommand: large }, { rulesets });
    await client.login();
    let heard = 0;
    let end = "";
    client.socket.removeAllListeners("data");
    client.socket.on("data", (chunk) => {
      heard += chunk.length;
      end = (end + chunk.toString("latin1")).slice(-5);
    });
    for (const round of [1, 2]) {
      heard = 0;
      end = "";
      const before = process.memoryUsage.rss();
      client.say("RETR 1\r\n");
      let most = 0;
      await waitUntil(
        `all of it has come (${round})`,
        () => {
          most = Math.max(most, process.memoryUsage.rss());
          return end === "\r\n.\r\n";
        },
        60_000,
      );
      expect(heard).toBe(`+OK ${size} octets\r\n`.length + size + 3);
      expect(most - before).toBeLessThan(growthBytesMax);
    }
    expect(gate.events).toMatchObject([
      { outcome: "retrieved", bytes: size },
      { outcome: "retrieved", bytes: size },
    ]);
  });
});
