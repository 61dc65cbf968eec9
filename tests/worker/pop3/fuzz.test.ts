import { afterAll, describe, expect, it } from "vitest";
import type { GatewayOptions } from "../../support/pop3-gateway.ts";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { serverTls } from "../../support/server-tls.ts";
import { TestAuthority } from "../../support/test-authority.ts";
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
const loginWords = [
  ...[
    "AUTH PLAIN",
    "AUTH LOGIN",
    "AUTH CRAM-MD5",
    "AUTH SCRAM-SHA-256",
    "AUTH XOAUTH2 =",
    "AUTH",
    "*",
    "=",
    "STLS",
    "UTF8",
  ],
  ...[
    "LANG",
    "LANG *",
    "am9l",
    "c2VjcmV0",
    "AGpvZQBzZWNyZXQ=",
    `AUTH PLAIN ${"QUJD".repeat(90)}`,
    "QUJD".repeat(4_000),
  ],
  ...["USER ann%b.test", "USER joe%evil.test", "POST / HTTP/1.0", `APOP joe ${"a".repeat(32)}`, "QUIT"],
];

function noise(random: () => number, length: number, of = words): string {
  return Array.from({ length }, () => of[Math.floor(random() * of.length)] + (random() < 0.5 ? "\r\n" : "")).join("");
}

const authority = new TestAuthority();
const pop = authority.issue(["DNS:pop.test"]);
afterAll(() => authority.remove());

/** With one server, with several, and where TLS may begin at any moment. */
const gateways: [string, Partial<GatewayOptions>][] = [
  ["with one server", {}],
  ["with a choice of servers", { to: { serverChoice: { servers: [{ server: "b.test", route: "mailbox" }] } } }],
  [
    "at a listener with STLS",
    { tls: serverTls("allowed", { pop }, "intermediate", "pop3"), settings: { auth: { clearText: "always" } } },
  ],
];

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

  it.each(gateways)(
    "of a client that logs in %s, the server hears whole commands and lines of AUTH",
    async (_what, gateway) => {
      const random = seededRandom(seed + 2);
      const sasl = { mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2"] };
      for (let round = 0; round < 15; round++) {
        const limits = { errorsMax: 100, loginFailuresMax: 100, loginFailuresPerSourceMax: 1000 };
        const { client, gate, upstream } = await startPop3({ sasl }, { ...gateway, limits });
        await client.line();
        client.say(noise(random, 40, [...words, ...loginWords, ...loginWords]));
        client.socket.end();
        await client.whenClosed();
        await waitUntil("the session is over", () => gate.ended === 1);
        for (const line of upstream.commands) {
          expect(line).toMatch(/^(?:[A-Z][A-Z0-9]{2,3}(?: [^\r\n\0]+)?|[0-9A-Za-z+/]*={0,2}|\*)$/);
          expect(line).not.toMatch(/^STLS/);
        }
      }
    },
  );

  it("of the server, the session ends", async () => {
    const random = seededRandom(seed + 1);
    for (let round = 0; round < 20; round++) {
      const { client, gate } = await startPop3(
        {
          messages: [message],
          onCommand: (line, socket) => {
            if (!/^(RETR|TOP|LIST|UIDL|CAPA|STAT)/.test(line)) return false;
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
