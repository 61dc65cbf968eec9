import { Readable } from "node:stream";
import pino from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { type SmtpRoute, smtpRouteSchema } from "#core/contract/policy-document.ts";
import { SmtpConnection } from "#worker/upstream/smtp-connection.ts";
import { SmtpPool, type SmtpPoolOptions } from "#worker/upstream/smtp-pool.ts";
import { type SendEnvelope, type SendResult, sendMessage } from "#worker/upstream/smtp-send.ts";
import { warmMs } from "#worker/upstream/smtp-target.ts";
import type { UpstreamError } from "#worker/upstream/upstream-error.ts";
import { type FakeSmtpOptions, FakeSmtpServer } from "../../support/fake-smtp-server.ts";
import { waitUntil } from "../../support/wait-until.ts";

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const message = "Received: x\r\nSubject: later\r\n\r\n.dot\r\nlast\r\n";
const envelope: SendEnvelope = {
  sender: "a@sender.test",
  mailParameters: [],
  recipients: [{ address: "b@inside.test", parameters: [] }],
  bytes: message.length,
};

async function setup(upstreamOptions: FakeSmtpOptions = {}, poolOptions: Partial<SmtpPoolOptions> = {}) {
  const upstream = await FakeSmtpServer.start(upstreamOptions);
  const pool = new SmtpPool({
    log: pino({ level: "silent" }),
    now: Date.now,
    random: Math.random,
    ehloName: "gate.test",
    ...poolOptions,
  });
  const route: SmtpRoute = smtpRouteSchema.parse({
    name: "inside",
    protocol: "smtp",
    connectTimeoutMs: 1000,
    replyTimeoutMs: 1000,
    targets: [{ host: "127.0.0.1", port: upstream.port }],
  });
  ends.push(async () => {
    pool.close();
    await waitUntil("the connections end", () => upstream.openConnections === 0);
    await upstream.stop();
  });
  const streams: Readable[] = [];
  const send = async (more: Partial<SendEnvelope> = {}, text = message): Promise<SendResult> => {
    const result = await sendMessage(pool, route, { ...envelope, ...more }, () => {
      const stream = Readable.from([Buffer.from(text.slice(0, 20), "latin1"), Buffer.from(text.slice(20), "latin1")]);
      streams.push(stream);
      return stream;
    });
    expect(streams.every((stream) => stream.destroyed)).toBe(true);
    return result;
  };
  return { upstream, pool, route, send };
}

function recipients(...addresses: string[]): SendEnvelope["recipients"] {
  return addresses.map((address) => ({ address, parameters: [] }));
}

describe("sendMessage", () => {
  test("delivers the message dot-stuffed, asks for everybody in one go, and keeps the connection for the next", async () => {
    const { upstream, send } = await setup();
    const to = { recipients: recipients("b@inside.test", "c@inside.test") };
    expect(await send(to)).toMatchObject({
      upstream: `127.0.0.1:${upstream.port}`,
      recipients: [
        { address: "b@inside.test", status: "delivered", reply: "250 2.0.0 queued" },
        { address: "c@inside.test", status: "delivered", reply: "250 2.0.0 queued" },
      ],
    });
    expect(upstream.mails[0]?.body).toBe("Received: x\r\nSubject: later\r\n\r\n..dot\r\nlast\r\n");
    expect(upstream.mails[0]?.lines[0]).toBe(`MAIL FROM:<a@sender.test> SIZE=${message.length}`);
    expect(upstream.received[0]).toContain(
      "MAIL FROM:<a@sender.test> SIZE=43\r\nRCPT TO:<b@inside.test>\r\nRCPT TO:<c@inside.test>\r\n",
    );
    await send();
    expect(upstream.connections).toBe(1);
  });
  test("tells each recipient's fate", async () => {
    const said: Record<string, string> = { "<no@": "550 5.1.1 no", "<later@": "452 4.2.2 full" };
    const { upstream, send } = await setup({
      answer: (line) => Object.entries(said).find(([part]) => line.includes(part))?.[1],
    });
    const result = await send({ recipients: recipients("no@i.test", "later@i.test", "yes@i.test") });
    expect(result.recipients).toMatchObject([
      { address: "no@i.test", status: "failed", reply: "550 5.1.1 no" },
      { address: "later@i.test", status: "deferred", reply: "452 4.2.2 full" },
      { address: "yes@i.test", status: "delivered", reply: "250 2.0.0 queued" },
    ]);
    expect(upstream.mails).toHaveLength(1);
  });
  test("sends no DATA when nobody was taken, and resets the connection for the next", async () => {
    const { upstream, send } = await setup({ answer: (line) => (line.includes("<no@") ? "550 5.1.1 no" : undefined) });
    expect((await send({ recipients: recipients("no@i.test") })).recipients).toMatchObject([{ status: "failed" }]);
    expect(upstream.lines).not.toContain("DATA");
    expect((await send()).recipients).toMatchObject([{ status: "delivered" }]);
    expect(upstream.lines).toContain("RSET");
  });
  test.each<[string, FakeSmtpOptions, RegExp]>([
    ["cannot be reached", {}, /ECONNREFUSED/],
    ["greets with 554", { greeting: "554 5.3.2 never" }, /554 5\.3\.2 never/],
    ["is silent", { greeting: null }, /no answer in time/],
    [
      "answers MAIL with 451",
      { answer: (line) => (line.startsWith("MAIL") ? "451 4.3.0 busy" : undefined) },
      /451 4\.3\.0 busy/,
    ],
    [
      "answers DATA with 451",
      { answer: (line) => (line.startsWith("DATA") ? "451 4.3.0 busy" : undefined) },
      /451 4\.3\.0 busy/,
    ],
    ["goes away after the final dot", { answerBody: (_body, socket) => (socket.destroy(), null) }, /closed/],
    ["never answers the final dot", { answerBody: () => null }, /no answer in time/],
    ["answers the final dot with garbage", { answerBody: () => "ok then" }, /not a reply/],
    ["goes away in the body", { duringBody: (_text, socket) => socket.destroy() }, /closed|reset|EPIPE/i],
  ])("defers when the server %s", async (what, behaviour, reply) => {
    const { upstream, send } = await setup(behaviour);
    if (what === "cannot be reached") await upstream.stop();
    const { recipients: results } = await send({}, `${message}${"x".repeat(70)}\r\n`.repeat(2000));
    expect(results).toMatchObject([{ address: "b@inside.test", status: "deferred" }]);
    expect(results[0]?.reply).toMatch(reply);
    expect(upstream.mails).toHaveLength(0);
  });
  test("has reached no server when a warm connection was dead and no other can be had, so that it is due when one can", async () => {
    let goes = false;
    const { upstream, send } = await setup({
      answer: (line) => {
        if (!goes || !line.startsWith("MAIL")) return undefined;
        void upstream.stop();
        return null;
      },
    });
    expect((await send()).upstream).toBe(`127.0.0.1:${upstream.port}`);
    goes = true;
    expect(await send()).toMatchObject({
      upstream: null,
      recipients: [{ status: "deferred", reply: expect.stringContaining("ECONNREFUSED") }],
    });
  });
  test("fails for good what the server refuses for good", async () => {
    const mail = await setup({ answer: (line) => (line.startsWith("MAIL") ? "550 5.1.8 not you" : undefined) });
    expect((await mail.send()).recipients).toMatchObject([
      { address: "b@inside.test", status: "failed", reply: "550 5.1.8 not you" },
    ]);
    const dot = await setup({ answerBody: () => "554 5.6.0 not that" });
    expect((await dot.send()).recipients).toMatchObject([{ status: "failed", reply: "554 5.6.0 not that" }]);
  });
  test("does not send 8-bit or SMTPUTF8 mail to a server that lacks it", async () => {
    const { upstream, send } = await setup({ keywords: ["SIZE"] });
    expect((await send({ mailParameters: ["SMTPUTF8"] })).recipients).toMatchObject([
      { status: "failed", reply: expect.stringMatching(/^550 5\.6\.7/) },
    ]);
    expect((await send({}, "Subject: \xe4\r\n\r\n")).recipients).toMatchObject([
      { status: "failed", reply: expect.stringMatching(/^554 5\.6\.3/) },
    ]);
    expect((await send({ mailParameters: ["BODY=8BITMIME", "RET=FULL"] })).recipients).toMatchObject([
      { status: "delivered" },
    ]);
    expect(upstream.mails[0]?.lines[0]).toBe("MAIL FROM:<a@sender.test> SIZE=43");
    expect(upstream.received.join("")).not.toMatch(/[\x80-\xff]/);
  });
  test("asks a server without PIPELINING one thing after the other", async () => {
    const grouped: string[] = [];
    const { upstream, send } = await setup({
      keywords: [],
      answer: (line, socket) => {
        if (/^(?:DATA|QUIT)/.test(line)) return undefined;
        setTimeout(() => {
          if (upstream.lines.at(-1) !== line) grouped.push(line);
          socket.write("250 fine\r\n");
        }, 20);
        return null;
      },
    });
    await send({ recipients: recipients("b@i.test", "c@i.test") });
    expect(upstream.lines.slice(0, 4)).toEqual([
      "EHLO gate.test",
      "MAIL FROM:<a@sender.test>",
      "RCPT TO:<b@i.test>",
      "RCPT TO:<c@i.test>",
    ]);
    expect(grouped).toEqual([]);
  });
  test("streams a large message from a slow disk to a slow server", async () => {
    const { upstream, send } = await setup({
      duringBody: (_text, socket) => {
        socket.pause();
        setImmediate(() => socket.resume());
      },
    });
    const large = `${"x".repeat(70)}\r\n`.repeat(40_000);
    expect((await send({}, large)).recipients).toMatchObject([{ status: "delivered" }]);
    expect(upstream.mails[0]?.body === large).toBe(true);
  });
});

describe("SmtpPool", () => {
  test("tells when a route is down, and since when, and calls back when it is reached again", async () => {
    const { upstream, pool, send } = await setup();
    const reached: string[] = [];
    pool.onRouteReached = (name) => reached.push(name);
    expect(pool.routeState("inside")).toEqual({ state: "unknown", since: null, lastError: null });
    await send();
    await upstream.stop();
    await send();
    expect(pool.routeState("inside")).toMatchObject({
      state: "down",
      lastError: expect.stringContaining("ECONNREFUSED"),
    });
    const { since } = pool.routeState("inside");
    await send();
    expect(pool.routeState("inside").since).toBe(since);
    expect(Date.parse(since ?? "")).toBeLessThanOrEqual(Date.now());
    await upstream.start();
    await send();
    expect(pool.routeState("inside")).toMatchObject({ state: "relaying", lastError: null });
    expect(reached).toEqual(["inside"]);
  });
  test("forgets what a server offered once it cannot be reached", async () => {
    const { upstream, pool, route, send } = await setup({ keywords: ["SIZE 500"] });
    expect(pool.capabilities(route)).toBeNull();
    await send({ bytes: 42 });
    expect(pool.capabilities(route)).toMatchObject({ size: 500, pipelining: false });
    await upstream.stop();
    await send();
    expect(pool.capabilities(route)).toBeNull();
  });
  test("lets who comes at connectionsPerTargetMax wait for a connection, and tells them after their time", async () => {
    const { upstream, pool, route } = await setup({}, { connectionsPerTargetMax: 1 });
    const lease = () =>
      new Promise<SmtpConnection | UpstreamError | null>((resolve) =>
        pool.lease(route, "inside.test", (error, connection) => resolve(connection ?? error)),
      );
    const first = await lease();
    if (!(first instanceof SmtpConnection)) throw new Error("no connection");
    const second = lease();
    pool.release(first);
    expect(await second).toBe(first);
    expect(await lease()).toMatchObject({ kind: "unreachable", message: "every connection is in use" });
    expect(upstream.connections).toBe(1);
  });
  test("says QUIT on a connection that was not used for a while", async () => {
    let passedMs = 0;
    const { upstream, send } = await setup({}, { elapsed: () => performance.now() + passedMs });
    await send();
    passedMs = warmMs + 1000;
    await waitUntil("the connection ends", () => upstream.openConnections === 0);
    expect(upstream.lines.at(-1)).toBe("QUIT");
  });
  test("gives nothing and keeps nothing after close", async () => {
    const { upstream, pool, route, send } = await setup();
    await send();
    pool.close();
    await waitUntil("the connections end", () => upstream.openConnections === 0);
    const error = await new Promise((resolve) => pool.lease(route, "inside.test", (failure) => resolve(failure)));
    expect(error).toMatchObject({ kind: "unreachable" });
  });
  test.each<[string, FakeSmtpOptions]>([
    ["before its greeting", { greeting: null }],
    ["after MAIL", { answer: (line) => (line.startsWith("MAIL") ? null : undefined) }],
    ["after the final dot", { answerBody: () => null }],
  ])("close defers the message of a server that fell silent %s, and does not wait for it", async (_when, options) => {
    const { upstream, pool, send } = await setup(options);
    const sent = send();
    const isSilent = () => upstream.connections > 0 && (options.greeting === null || upstream.lines.length > 1);
    await waitUntil("the server to be silent", isSilent);
    if (options.answerBody !== undefined) {
      await waitUntil("the final dot", () => upstream.received.some((text) => text.endsWith("\r\n.\r\n")));
    }
    pool.close();
    const { recipients: results } = await sent;
    expect(results).toMatchObject([{ status: "deferred", reply: expect.stringContaining("stopping") }]);
    expect(upstream.connections).toBe(1);
  });
});
