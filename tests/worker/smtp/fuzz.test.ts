import { afterAll, afterEach, expect, test } from "vitest";
import { retainedBytes } from "../../support/retained-memory.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { serverTls } from "../../support/server-tls.ts";
import type { SmtpClient } from "../../support/smtp-client.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const mx = authority.issue(["DNS:mx.test"]);

afterEach(closeRigs);
afterAll(() => authority.remove());

const sessionsPerState = 60;

/** Whole lines, halves of lines, and what belongs nowhere. */
const pieces = [
  ..."EHLO c.test\r\n|HELO c.test\r\n|MAIL FROM:<a@s.test>\r\n|MAIL FROM:<> SIZE=9 BODY=8BITMIME AUTH=<>\r\n".split(
    "|",
  ),
  ..."RCPT TO:<b@i.test>\r\n|RCPT TO:<c@i.test> NOTIFY=NEVER\r\n|DATA\r\n|RSET\r\n|NOOP\r\n|VRFY x\r\n|HELP\r\n".split(
    "|",
  ),
  ..."BDAT 5\r\n|BDAT 12 LAST\r\n|BDAT 0 LAST\r\n|BDAT 99999\r\n|AUTH PLAIN\r\n|AUTH PLAIN AGEAYg==\r\n|AGEAYg==\r\n|*\r\n".split(
    "|",
  ),
  ..."ETRN i.test\r\n|XCLIENT ADDR=192.0.2.1\r\n|TURN\r\n|MAIL FROM:<|RCPT |EHLO|Subject: x\r\n\r\ntext\r\n|.\r\n|..\r\n".split(
    "|",
  ),
  ...[
    "\r\n.\r\n",
    "\n.\n",
    "\r.\r",
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\xff\xfe",
    "\x1b[2J",
    "\x16\x03\x01",
    " ",
    "=",
    "a",
    ".",
  ],
  "x".repeat(3000),
  "y\r\n".repeat(400),
];

const states: [string, (client: SmtpClient) => Promise<void>][] = [
  ["fresh", async () => undefined],
  ["EHLO", (client) => say(client, "EHLO c.test")],
  ["MAIL", (client) => say(client, "EHLO c.test", "MAIL FROM:<a@s.test>")],
  ["RCPT", (client) => say(client, "EHLO c.test", "MAIL FROM:<a@s.test>", "RCPT TO:<b@i.test>")],
  ["DATA", (client) => say(client, "EHLO c.test", "MAIL FROM:<a@s.test>", "RCPT TO:<b@i.test>", "DATA")],
  [
    "BDAT",
    async (client) => {
      await say(client, "EHLO c.test", "MAIL FROM:<a@s.test>", "RCPT TO:<b@i.test>");
      client.send("BDAT 50\r\n");
    },
  ],
  ["AUTH", (client) => say(client, "EHLO c.test", "AUTH PLAIN")],
  [
    "after STARTTLS",
    async (client) => {
      await say(client, "EHLO c.test", "STARTTLS");
      await client.startTls();
    },
  ],
];

async function say(client: SmtpClient, ...lines: string[]): Promise<void> {
  for (const line of lines) expect(await client.command(line)).toMatch(/^[23]/);
}

/** Everything that we ever say to a server. */
const ours =
  /^(?:EHLO gate\.test|MAIL FROM:<(?:a@s\.test)?>(?: (?:SIZE=9|BODY=8BITMIME|AUTH=<>))*|RCPT TO:<[bc]@i\.test>(?: NOTIFY=NEVER)?|DATA|RSET|QUIT|AUTH PLAIN(?: AGEAYg==)?|[0-9A-Za-z+/]*={0,2})$/;

test.each(states)(
  "in state %s any bytes end the session, and the upstream hears only whole commands of ours",
  async (state, reach) => {
    const seed = Date.now() % 1_000_000_000;
    const random = seededRandom(seed);
    const pick = (most: number): number => Math.floor(random() * most);
    const settings = {
      auth: { mechanisms: ["PLAIN"], beforeTls: "offered" },
      bareLineEnds: random() < 0.5 ? "refuse" : "normalise",
      longLines: random() < 0.5 ? "refuse" : "break",
    };
    const { upstream, gateway, connect } = await smtpRig(
      { settings, limits: { errorDelayMs: 1, idleTimeoutMs: 60_000 }, tls: serverTls("allowed", { mx }) },
      {
        keywords: ["PIPELINING", "8BITMIME", "SIZE", "DSN", "AUTH PLAIN"],
        answer: (line) => (line === "AUTH PLAIN" ? "334 " : line === "AUTH PLAIN AGEAYg==" ? "235 ok" : undefined),
      },
    );
    let before = 0;
    for (let n = 0; n < sessionsPerState; n++) {
      const client = await connect();
      await reach(client);
      const bytes = Array.from({ length: 1 + pick(40) }, () => pieces[pick(pieces.length)]).join("");
      for (let at = 0; at < bytes.length && !client.socket.destroyed; ) {
        const size = 1 + pick(random() < 0.3 ? 3 : 400);
        client.send(bytes.slice(at, at + size));
        at += size;
      }
      client.socket.end();
      await waitUntil(`the session ends (${state}, seed ${seed})`, () => gateway.openSessions === 1);
      if (n === 9) before = retainedBytes();
    }
    const heard = upstream.received.join("");
    expect({ seed, alien: upstream.lines.filter((line) => !ours.test(line)) }).toEqual({ seed, alien: [] });
    expect({ seed, bare: /[\r\n\0]/.test(heard.replaceAll("\r\n", "")) }).toEqual({ seed, bare: false });
    for (const { lines } of upstream.mails) {
      expect({ seed, lines, first: lines[0]?.slice(0, 4) }).toMatchObject({ seed, first: "MAIL" });
      expect({ seed, mails: lines.filter((line) => line.startsWith("MAIL")).length }).toEqual({ seed, mails: 1 });
    }
    expect(retainedBytes() - before - heard.length * 4).toBeLessThan(32 * 1024 * 1024);
  },
  120_000,
);
