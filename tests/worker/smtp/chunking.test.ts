import { afterAll, afterEach, describe, expect, test } from "vitest";
import { retainedBytes } from "../../support/retained-memory.ts";
import { serverTls } from "../../support/server-tls.ts";
import type { SmtpClient } from "../../support/smtp-client.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const mx = authority.issue(["DNS:mx.test"]);

afterEach(closeRigs);
afterAll(() => authority.remove());

async function begin(client: SmtpClient, hello = true): Promise<void> {
  if (hello) await client.command("EHLO c.test");
  await client.command("MAIL FROM:<a@s.test>");
  expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^250/);
}

async function bdat(client: SmtpClient, bytes: string, last = false): Promise<string> {
  client.send(`BDAT ${bytes.length}${last ? " LAST" : ""}\r\n${bytes}`);
  return await client.reply();
}

/** What the upstream got, our Received line left out. */
function withoutReceived(body: string | undefined): string | undefined {
  return body?.replace(/^Received: .*?\r\n(?![\t ])/s, "");
}

describe("BDAT", () => {
  test("is offered whatever the upstream has, and goes on as one DATA, dot-stuffed", async () => {
    const { upstream, gateway, client } = await smtpRig({}, { keywords: ["8BITMIME"] });
    expect(await client.command("EHLO c.test")).toContain("250-CHUNKING");
    await begin(client);
    expect(await bdat(client, "Subject: s\r\n\r\n.one\r")).toBe("250 2.0.0 19 octets received");
    expect(await bdat(client, "\n.\r\n")).toBe("250 2.0.0 4 octets received");
    expect(await bdat(client, "..two", true)).toBe("250 2.0.0 queued");
    expect(withoutReceived(upstream.mails[0]?.body)).toBe("Subject: s\r\n\r\n..one\r\n..\r\n...two\r\n");
    expect(upstream.lines.filter((line) => line === "DATA")).toHaveLength(1);
    expect(upstream.lines.join()).not.toMatch(/BDAT/);
    expect(gateway.messages).toMatchObject([{ outcome: "relayed", subject: "s" }]);
  });
  test("may be pipelined with everything before it and after it", async () => {
    const { upstream, client } = await smtpRig();
    client.send(
      "EHLO c.test\r\nMAIL FROM:<a@s.test>\r\nRCPT TO:<b@i.test>\r\nBDAT 4\r\nx\r\nyBDAT 0 LAST\r\nNOOP\r\nMAIL FROM:<a@s.test>\r\n",
    );
    const said = [];
    for (let n = 0; n < 7; n++) said.push((await client.reply()).slice(0, 3));
    expect(said).toEqual(["250", "250", "250", "250", "250", "250", "250"]);
    expect(withoutReceived(upstream.mails[0]?.body)).toBe("x\r\ny\r\n");
  });
  test("of no bytes at all is an empty message", async () => {
    const { upstream, client } = await smtpRig({ settings: { receivedHeader: "none" } });
    await begin(client);
    expect(await bdat(client, "", true)).toMatch(/^250/);
    expect(upstream.mails[0]?.body).toBe("");
  });
  test.each([
    ["a bare LF", "a\nb\r\n", /^550 5\.6\.0/],
    ["a bare CR", "a\rb\r\n", /^550 5\.6\.0/],
    ["a NUL", "a\0\r\n", /^550 5\.6\.0/],
    ["a long line", `${"x".repeat(1100)}\r\n`, /^550 5\.6\.0/],
    ["too many bytes", "x\r\n".repeat(1000), /^552 5\.3\.4/],
  ])("with %s is refused at its chunk, and the transaction is over", async (_what, bytes, refused) => {
    const { upstream, gateway, client } = await smtpRig({ limits: { messageBytesMax: 2000 } });
    await begin(client);
    expect(await bdat(client, bytes)).toMatch(refused);
    expect(await bdat(client, "QUIT\r\n", true)).toMatch(/^503/);
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^503/);
    expect(await client.command("DATA")).toMatch(/^503/);
    expect(upstream.mails).toHaveLength(0);
    expect(gateway.messages).toMatchObject([{ outcome: "refused" }]);
    await begin(client, false);
    expect(await bdat(client, "ok\r\n", true)).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
  });
  test("is judged by the rules like DATA", async () => {
    const header = { rules: [{ name: "no", when: { headerName: { is: "X-Bad" } }, action: "deny" }] };
    const { upstream, gateway, client } = await smtpRig({ rulesets: { header } });
    await begin(client);
    expect(await bdat(client, "X-Bad: 1\r\n\r\n")).toMatch(/^550 5\.7\.1/);
    expect(upstream.mails).toHaveLength(0);
    expect(gateway.messages).toMatchObject([{ decision: { verdict: "deny", ruleName: "no" } }]);
  });
  test("and DATA are not mixed", async () => {
    const { client } = await smtpRig();
    await begin(client);
    await bdat(client, "x\r\n");
    for (const line of ["DATA", "RCPT TO:<c@i.test>", "MAIL FROM:<a@s.test>"]) {
      expect(await client.command(line)).toMatch(/^503/);
    }
    expect(await bdat(client, "y\r\n", true)).toMatch(/^250/);
  });
  test("that is broken off by RSET, EHLO or QUIT reaches nobody", async () => {
    const { upstream, gateway, client } = await smtpRig();
    for (const line of ["RSET", "EHLO c.test", "QUIT"]) {
      await begin(client);
      await bdat(client, "x\r\n");
      expect(await client.command(line)).toMatch(/^2/);
    }
    expect(upstream.mails).toHaveLength(0);
    expect(gateway.messages.map(({ outcome, cause }) => `${outcome} ${cause}`)).toEqual([
      "aborted RSET",
      "aborted EHLO",
      "aborted QUIT",
    ]);
  });
  test("without a transaction or a recipient hears 503, and its bytes are no commands", async () => {
    const { upstream, client } = await smtpRig();
    await client.command("EHLO c.test");
    expect(await bdat(client, "QUIT\r\n", true)).toMatch(/^503/);
    await client.command("MAIL FROM:<a@s.test>");
    expect(await bdat(client, "QUIT\r\n", true)).toMatch(/^503/);
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^503/);
    expect(upstream.mails).toHaveLength(0);
  });
  test("that the upstream's DATA refuses hears that, and drops its bytes", async () => {
    const answer = (line: string) => (line === "DATA" ? "451 4.3.0 not now" : undefined);
    const { client } = await smtpRig({}, { answer });
    await begin(client);
    expect(await bdat(client, "QUIT\r\n", true)).toMatch(/^451/);
    expect(await client.command("NOOP")).toMatch(/^250/);
  });
  test("whose size cannot be read ends the session", async () => {
    const { gateway, client } = await smtpRig();
    await begin(client);
    client.send("BDAT 5 FIRST\r\nQUIT\r\n");
    expect(await client.reply()).toMatch(/^501/);
    expect(await client.reply()).toBe("closed");
    expect(gateway.sessionEvents).toMatchObject([{ cause: "BDAT without a size" }]);
  });
  test("that is switched off is neither offered nor taken, and its bytes are no commands", async () => {
    const { client } = await smtpRig({ settings: { esmtp: { chunking: false } } });
    expect(await client.command("EHLO c.test")).not.toContain("CHUNKING");
    await begin(client);
    expect(await bdat(client, "QUIT\r\n", true)).toMatch(/^502/);
    expect(await client.command("DATA")).toMatch(/^503/);
  });
  test("of BINARYMIME is refused at MAIL", async () => {
    const { client } = await smtpRig();
    await client.command("EHLO c.test");
    expect(await client.command("MAIL FROM:<a@s.test> BODY=BINARYMIME")).toMatch(/^555 5\.5\.4/);
  });
  test("whose client leaves in the middle of a chunk reaches nobody", async () => {
    const { upstream, gateway, client } = await smtpRig();
    await begin(client);
    client.send("BDAT 1000 LAST\r\nSubject: x\r\n");
    await waitUntil("the body begins", () => upstream.lines.includes("DATA"));
    client.close();
    await waitUntil("the event", () => gateway.messages.length === 1);
    expect(gateway.messages).toMatchObject([{ outcome: "aborted" }]);
    expect(upstream.mails).toHaveLength(0);
  });
  test("whose client ends TLS in the middle of a chunk reaches nobody (CVE-2026-45185)", async () => {
    const { upstream, gateway, client } = await smtpRig({ tls: serverTls("allowed", { mx }) });
    await client.command("EHLO c.test");
    await client.command("STARTTLS");
    await client.startTls();
    await begin(client);
    client.send("BDAT 1000 LAST\r\nSubject: x\r\n");
    await waitUntil("the body begins", () => upstream.lines.includes("DATA"));
    client.socket.end();
    await waitUntil("the event", () => gateway.messages.length === 1);
    expect(gateway.messages).toMatchObject([{ outcome: "aborted" }]);
    expect(upstream.mails).toHaveLength(0);
  });
  test("of megabytes waits for a slow upstream instead of holding them", async () => {
    let paused = false;
    const duringBody = (_received: string, socket: { pause(): void; resume(): void }) => {
      if (paused) return;
      paused = true;
      socket.pause();
      setTimeout(() => socket.resume(), 300);
    };
    const { upstream, client } = await smtpRig({}, { duringBody });
    await begin(client);
    const body = `${"x".repeat(98)}\r\n`.repeat(100_000);
    for (let at = 0; at < body.length; at += 1_000_000) {
      const chunk = body.slice(at, at + 1_000_000);
      client.send(`BDAT ${chunk.length}${at + chunk.length === body.length ? " LAST" : ""}\r\n${chunk}`);
    }
    for (let n = 0; n < body.length / 1_000_000; n++) expect(await client.reply()).toMatch(/^250/);
    expect(withoutReceived(upstream.mails[0]?.body)).toHaveLength(body.length);
  });
  test("in 50,000 chunks of one byte holds less than 16 MiB", async () => {
    const { upstream, client } = await smtpRig({ limits: { lineBytesMax: 65_536 } });
    await begin(client);
    client.socket.removeAllListeners("data");
    let replies = 0;
    client.socket.on("data", (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) replies++;
    });
    const before = retainedBytes();
    let most = 0;
    for (let n = 0; n < 50; n++) {
      client.send("BDAT 1\r\nx".repeat(1000));
      await waitUntil("the chunks are answered", () => replies === (n + 1) * 1000);
      if (n % 10 === 9) most = Math.max(most, retainedBytes() - before);
    }
    client.send("BDAT 0 LAST\r\n");
    await waitUntil("the message is taken", () => upstream.mails.length === 1);
    expect(withoutReceived(upstream.mails[0]?.body)).toBe(`${"x".repeat(50_000)}\r\n`);
    expect(most).toBeLessThan(16 * 1024 * 1024);
  });
});
