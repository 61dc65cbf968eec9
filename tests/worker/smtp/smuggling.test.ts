import { afterEach, describe, expect, test } from "vitest";
import type { SmtpClient } from "../../support/smtp-client.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const befores = ["\r\n", "\n", "\r", "\r\r", "\n\r", "\r\r\n", "\n\n"];
const middles = [".", "..", ".\0", "\0."];
const afters = ["\r\n", "\n", "\r"];
/** What some server somewhere takes, or took, for the end of a message; not the one true end. */
const marks = befores
  .flatMap((before) => middles.flatMap((middle) => afters.map((after) => `${before}${middle}${after}`)))
  .filter((mark) => !mark.includes("\r\n.\r\n"));

const inner = "MAIL FROM:<evil@s.test>\r\nRCPT TO:<victim@i.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx";

/** Sends the bytes after DATA or as BDAT, and gives the reply to the message. */
type Sending = (client: SmtpClient, bytes: string) => Promise<string>;

function data(inPieces: boolean): Sending {
  return async (client, bytes) => {
    await client.open();
    for (const piece of inPieces ? [...bytes, "\r\n.\r\n"] : [`${bytes}\r\n.\r\n`]) client.send(piece);
    return await client.reply();
  };
}

function bdat(size: number): Sending {
  return async (client, bytes) => {
    client.send("EHLO client.test\r\nMAIL FROM:<a@sender.test>\r\nRCPT TO:<b@inside.test>\r\n");
    for (let at = 0; at < bytes.length; at += size) {
      const chunk = bytes.slice(at, at + size);
      client.send(`BDAT ${chunk.length}${at + size < bytes.length ? "" : " LAST"}\r\n${chunk}`);
    }
    client.send("QUIT\r\n");
    const said: string[] = [];
    for (let reply = await client.reply(); !/^221/.test(reply); reply = await client.reply()) said.push(reply);
    // After a refusal every chunk that is left hears 503.
    return said.find((reply) => /^5/.test(reply)) ?? said.at(-1) ?? "nothing";
  };
}

const ways: [string, Sending][] = [
  ["as one piece of DATA", data(false)],
  ["as DATA byte by byte", data(true)],
  ["as one BDAT", bdat(10_000)],
  ["as BDAT in chunks of seven bytes", bdat(7)],
];

function hasBareLineEnd(text: string): boolean {
  return /[\r\n]/.test(text.replaceAll("\r\n", ""));
}

test("there are enough of them", () => {
  expect(new Set(marks).size).toBeGreaterThanOrEqual(40);
});

describe.each(["refuse", "normalise"] as const)("with bare line ends on %s", (bareLineEnds) => {
  test.each(ways)(
    "whatever looks like an end, %s, makes no second message and leaves no bare CR, bare LF or NUL to the upstream",
    async (_way, send) => {
      const limits = { errorsSoftMax: 1000, errorsMax: 1000 };
      const { upstream, connect } = await smtpRig({ settings: { bareLineEnds }, limits });
      for (const mark of marks) {
        const [before, mailsBefore] = [upstream.lines.length, upstream.mails.length];
        const client = await connect();
        const bytes = `Subject: outer\r\n\r\nx${mark}${inner}`;
        const said = await send(client, bytes);
        client.close();
        const refused = mark.includes("\0") || (bareLineEnds === "refuse" && hasBareLineEnd(bytes));
        const mails = upstream.mails.slice(mailsBefore);
        const commands = upstream.lines.slice(before).filter((line) => /^(?:MAIL|RCPT|DATA)/.test(line));
        expect({ mark, said: said.slice(0, 9), mails: mails.length, commands }).toEqual({
          mark,
          said: refused ? "550 5.6.0" : "250 2.0.0",
          mails: refused ? 0 : 1,
          commands: ["MAIL FROM:<a@sender.test>", "RCPT TO:<b@inside.test>", "DATA"],
        });
        for (const { body } of mails) expect(body).toMatch(/MAIL FROM:<evil@s\.test>\r\n[^]*smuggled/);
      }
      const heard = upstream.received.join("");
      expect(hasBareLineEnd(heard)).toBe(false);
      expect(heard).not.toContain("\0");
    },
    30_000,
  );
});

test("CRLF.CRLF inside BDAT is content: its dot goes on stuffed", async () => {
  const { upstream, client } = await smtpRig();
  expect(await bdat(10_000)(client, `Subject: outer\r\n\r\nx\r\n.\r\n${inner}`)).toMatch(/^250/);
  expect(upstream.mails).toHaveLength(1);
  expect(upstream.mails[0]?.body).toContain("x\r\n..\r\nMAIL FROM:<evil@s.test>\r\n");
});

test.each(["refuse", "normalise"])("a message on %s that truly ends is followed by commands", async (bareLineEnds) => {
  const { upstream, client } = await smtpRig({ settings: { bareLineEnds } });
  await client.open();
  client.send("x\r\r\n.\r\nNOOP\r\n");
  expect(await client.reply()).toMatch(bareLineEnds === "refuse" ? /^550 5\.6\.0/ : /^250/);
  expect(await client.reply()).toMatch(/^250/);
  expect(upstream.mails).toHaveLength(bareLineEnds === "refuse" ? 0 : 1);
});

test("a line over lineBytesMax is refused, or broken where policy says so", async () => {
  const { upstream, client } = await smtpRig({ limits: { lineBytesMax: 512 } });
  expect(await client.mail(`${"x".repeat(511)}\r\n`)).toMatch(/^550 5\.6\.0/);
  expect(await client.mail(`${"x".repeat(510)}\r\n`, { hello: false })).toMatch(/^250/);
  expect(upstream.mails).toHaveLength(1);
  const other = await smtpRig({ limits: { lineBytesMax: 512 }, settings: { longLines: "break" } });
  expect(await other.client.mail(`Subject: ${"x".repeat(600)}\r\n\r\n${"y".repeat(600)}\r\n`)).toMatch(/^250/);
  const lines = other.upstream.mails[0]?.body.split("\r\n") ?? [];
  expect(Math.max(...lines.map((line) => line.length))).toBe(510);
  expect(lines.at(-2)).toBe(` ${"y".repeat(90)}`);
});
