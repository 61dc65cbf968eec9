import { describe, expect, it } from "vitest";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { waitUntil } from "../../support/wait-until.ts";

const seed = Date.now() % 1_000_000;
const message = "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n";
const words = [
  "USER joe",
  "PASS secret",
  "RETR 1",
  "TOP 1 1",
  "LIST",
  "UIDL",
  "CAPA",
  "STAT",
  "DELE 1",
  "RSET",
  "\r\n",
  "\n",
  "\r",
  "\0",
  ".",
  ".\r\n",
  "+OK",
  "-ERR x",
  "\r\n.\r\n",
  "1 2",
  "\xff",
  " ",
  "x".repeat(300),
  "Content-Type: message/rfc822",
];

function noise(random: () => number, length: number): string {
  return Array.from({ length }, () => words[Math.floor(random() * words.length)] + (random() < 0.5 ? "\r\n" : "")).join(
    "",
  );
}

describe(`whatever the bytes (seed ${seed})`, () => {
  it("of the client, the session ends when the client leaves, and the server hears only whole commands of ours", async () => {
    const random = seededRandom(seed);
    for (let round = 0; round < 20; round++) {
      const { client, gate, upstream } = await startPop3({ messages: [message] }, { rulesets: noExe });
      if (random() < 0.7) client.say("USER joe\r\nPASS secret\r\n");
      client.say(noise(random, 40));
      await client.line();
      client.socket.destroy();
      await waitUntil("the session is over", () => gate.ended === 1);
      for (const line of upstream.commands) expect(line).toMatch(/^[A-Z]{3,4}( [^\r\n\0]+)?$/);
    }
  });

  it("of the server, the session ends", async () => {
    const random = seededRandom(seed + 1);
    for (let round = 0; round < 20; round++) {
      const { client, gate } = await startPop3(
        {
          messages: [message],
          onCommand: (line, socket) => {
            if (!/^(RETR|TOP|LIST|CAPA|STAT)/.test(line)) return false;
            socket.end((random() < 0.5 ? "+OK\r\n" : "") + noise(random, 20), "latin1");
            return true;
          },
        },
        { rulesets: random() < 0.5 ? noExe : {} },
      );
      await client.login();
      client.say(["RETR 1", "LIST", "CAPA", "STAT", "TOP 1 1"][round % 5] + "\r\n");
      await client.whenClosed();
      await waitUntil("the session is over", () => gate.ended === 1);
    }
  });
});
