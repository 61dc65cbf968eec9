import { X509Certificate } from "node:crypto";
import { Readable } from "node:stream";
import pino from "pino";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type SmtpRoute, smtpRouteSchema } from "#core/contract/policy-document.ts";
import { ClientTls } from "#worker/tls/client-tls.ts";
import { SmtpPool } from "#worker/upstream/smtp-pool.ts";
import { type SendResult, sendMessage } from "#worker/upstream/smtp-send.ts";
import { type FakeSmtpOptions, FakeSmtpServer } from "../../support/fake-smtp-server.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const good = authority.issue(["DNS:mx.test", "IP:127.0.0.1"]);
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(() => authority.remove());

const message = "Subject: secret\r\n\r\ntext\r\n";

async function setup(tls: Record<string, unknown>, upstreamOptions: FakeSmtpOptions = {}, trusted = authority.cert) {
  const upstream = await FakeSmtpServer.start({ tls: good, ...upstreamOptions });
  const clientTls = new ClientTls(trusted);
  const pool = new SmtpPool({
    log: pino({ level: "silent" }),
    now: Date.now,
    random: Math.random,
    ehloName: "gate.test",
    clientTls,
  });
  const routeOf = (settings: Record<string, unknown>): SmtpRoute =>
    smtpRouteSchema.parse({
      name: "inside",
      protocol: "smtp",
      connectTimeoutMs: 2000,
      replyTimeoutMs: 1000,
      targets: [{ host: "127.0.0.1", port: upstream.port }],
      tls: settings,
    });
  ends.push(async () => {
    pool.close();
    await waitUntil("the connections end", () => upstream.openConnections === 0);
    await upstream.stop();
  });
  const recipients = [{ address: "b@inside.test", parameters: [] }];
  const envelope = { sender: "a@sender.test", mailParameters: [], recipients, bytes: message.length };
  const send = async (settings = tls): Promise<SendResult["recipients"][number] | undefined> => {
    const result = await sendMessage(pool, routeOf(settings), envelope, () => Readable.from([Buffer.from(message)]));
    return result.recipients[0];
  };
  /** Everything that ever crossed in the clear or inside TLS, as lines. */
  const mailSeen = () => upstream.lines.filter((line) => /^(?:MAIL|RCPT|DATA)/.test(line));
  return { upstream, pool, send, mailSeen, route: routeOf(tls) };
}

const tls11 = {
  ...good,
  options: { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
} as const;
const delivered = { status: "delivered", reply: "250 2.0.0 queued" };

describe("a route that requires TLS", () => {
  test("delivers through STARTTLS, says EHLO anew, and keeps the connection for the next message", async () => {
    const { upstream, send, pool, route } = await setup({ mode: "required" });
    expect(await send()).toMatchObject(delivered);
    expect(await send()).toMatchObject(delivered);
    expect(upstream.lines.slice(0, 4)).toEqual([
      "EHLO gate.test",
      "STARTTLS",
      "EHLO gate.test",
      `MAIL FROM:<a@sender.test> SIZE=${message.length}`,
    ]);
    expect(upstream.connections).toBe(1);
    expect(pool.capabilities(route)).toMatchObject({ startTls: false, pipelining: true });
  });

  test("delivers through TLS from the first byte where the mode is implicit", async () => {
    const { upstream, send } = await setup({ mode: "implicit" }, { tls: { ...good, implicit: true } });
    expect(await send()).toMatchObject(delivered);
    expect(upstream.lines).not.toContain("STARTTLS");
  });

  test("finds the name of serverName in the certificate in place of the target's", async () => {
    const tls = authority.issue(["DNS:relay.test"]);
    const { send } = await setup({ mode: "required", serverName: "relay.test" }, { tls });
    expect(await send()).toMatchObject(delivered);
  });

  test.each<[string, Record<string, unknown>, FakeSmtpOptions, RegExp]>([
    ["that does not offer STARTTLS", {}, { keywords: ["PIPELINING", "8BITMIME"] }, /does not offer STARTTLS/],
    [
      "that answers STARTTLS with 454",
      {},
      { answer: (line) => (line === "STARTTLS" ? "454 4.7.0 no" : undefined) },
      /refuses STARTTLS: 454/,
    ],
    [
      "without EHLO",
      {},
      { answer: (line) => (line.startsWith("EHLO") ? "502 what" : undefined) },
      /does not offer STARTTLS/,
    ],
    [
      "whose certificate is for another name",
      {},
      { tls: authority.issue(["DNS:other.test"]) },
      /is not for 127\.0\.0\.1/,
    ],
    ["whose certificate has expired", {}, { tls: authority.issue(["IP:127.0.0.1"], -1) }, /has expired/],
    [
      "whose certificate has another fingerprint",
      { verify: "fingerprint", fingerprints: ["00".repeat(32)] },
      {},
      /another fingerprint/,
    ],
    ["that speaks only TLS 1.1", {}, { tls: tls11 }, /handshake failed/],
  ])("keeps the mail from a server %s", async (_what, tls, upstreamOptions, reason) => {
    const { send, mailSeen, pool } = await setup({ mode: "required", ...tls }, upstreamOptions);
    const result = await send();
    expect(result?.status).toBe("deferred");
    expect(result?.reply).toMatch(reason);
    expect(pool.routeState("inside")).toMatchObject({ state: "down", lastError: expect.stringMatching(reason) });
    expect(mailSeen()).toEqual([]);
  });

  test("keeps the mail from a server whose authority is not trusted", async () => {
    const { send, mailSeen } = await setup({ mode: "required" }, {}, new TestAuthority().cert);
    expect((await send())?.reply).toMatch(/authority that is not trusted/);
    expect(mailSeen()).toEqual([]);
  });

  test("keeps the mail from a clear-text server where the mode is implicit", async () => {
    const { send, mailSeen } = await setup({ mode: "implicit" });
    expect(await send()).toMatchObject({ status: "deferred", reply: expect.stringMatching(/handshake failed/) });
    expect(mailSeen()).toEqual([]);
  });

  test("takes exactly the certificate of its fingerprint, whoever issued it", async () => {
    const fingerprint = new X509Certificate(good.cert).fingerprint256;
    const { send } = await setup(
      { mode: "required", verify: "fingerprint", fingerprints: [fingerprint] },
      {},
      new TestAuthority().cert,
    );
    expect(await send()).toMatchObject(delivered);
  });

  test("is not served by a warm connection that was opened without it", async () => {
    const { upstream, send } = await setup({ mode: "none" }, { keywords: ["PIPELINING"] });
    expect(await send()).toMatchObject(delivered);
    expect(await send({ mode: "required" })).toMatchObject({ status: "deferred" });
    expect(upstream.mails).toHaveLength(1);
  });
});

describe("a route that prefers TLS", () => {
  test.each<[string, FakeSmtpOptions, boolean]>([
    ["encrypts with whoever offers it, unverified", { tls: authority.issue(["DNS:other.test"], -1) }, true],
    ["goes in clear text where it is not offered", { keywords: ["PIPELINING"] }, false],
    [
      "goes in clear text where STARTTLS is answered with 454",
      { answer: (line) => (line === "STARTTLS" ? "454 no" : undefined) },
      true,
    ],
    ["goes in clear text where the handshake fails", { tls: tls11 }, true],
    [
      "goes in clear text where the handshake never ends",
      { answer: (line) => (line === "STARTTLS" ? "220 go" : undefined) },
      true,
    ],
  ])("%s", async (_what, upstreamOptions, asks) => {
    const { upstream, send } = await setup({ mode: "preferred" }, upstreamOptions);
    expect(await send()).toMatchObject(delivered);
    expect(upstream.lines.includes("STARTTLS")).toBe(asks);
  });
});

describe("what a server or somebody before it says in the clear", () => {
  test.each([
    ["replies", "250 2.1.0 fine\r\n250 2.1.5 fine\r\n354 go\r\n250 2.0.0 stolen\r\n"],
    ["an EHLO reply", "250-evil.test\r\n250 SIZE 1\r\n"],
    ["half a reply", "250-evil.test\r\n"],
    ["no SMTP", "\0\0\0"],
  ])("after the 220 to STARTTLS is dropped: %s", async (_what, injected) => {
    const { upstream, send, pool, route } = await setup({ mode: "required" }, { tls: { ...good, injected } });
    const result = await send();
    if (result?.status === "delivered") {
      expect(result).toMatchObject(delivered);
      expect(pool.capabilities(route)?.size).toBe(50_000_000);
      expect(upstream.mails).toHaveLength(1);
    } else {
      // What came too late to be dropped met the handshake and broke it.
      expect(result?.reply).toMatch(/handshake failed/);
      expect(upstream.mails).toHaveLength(0);
    }
  });

  test("together with the EHLO reply is no answer to STARTTLS", async () => {
    const early = (line: string) => (line.startsWith("EHLO") ? "250-evil.test\r\n250 STARTTLS\r\n220 go" : undefined);
    const { send, mailSeen } = await setup({ mode: "required" }, { answer: early });
    expect(await send()).toMatchObject({
      status: "deferred",
      reply: expect.stringMatching(/bytes after the EHLO reply/),
    });
    expect(mailSeen()).toEqual([]);
  });
});
