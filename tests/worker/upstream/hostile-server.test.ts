import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { formatReply } from "#core/smtp/reply.ts";
import type { SendResult } from "#worker/upstream/smtp-send.ts";
import { type FakeSmtpOptions } from "../../support/fake-smtp-server.ts";
import { fakeServer, lease, send, smtpRoute, testPool } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

const connectTimeoutMs = 400;
const replyTimeoutMs = 1000;
/** The longest way: connecting, and one silence in each step up to the body. */
const timeMaxMs = connectTimeoutMs * 4 + replyTimeoutMs * 3;
/** What the worst of them may cost while it lasts, in bytes. */
const memoryMax = 64 * 1024 * 1024;

/** Answers one command in a way of its own. */
function when(verb: string, said: string | null | ((socket: Socket) => void)): FakeSmtpOptions {
  return {
    answer: (line, socket) => {
      if (!line.startsWith(verb)) return undefined;
      if (typeof said !== "function") return said;
      said(socket);
      return null;
    },
  };
}

function atTheDot(said: string | null | ((socket: Socket) => void)): FakeSmtpOptions {
  return {
    answerBody: (_body, socket) => {
      if (typeof said !== "function") return said;
      said(socket);
      return null;
    },
  };
}

/** Writes the text without end, as fast as it is taken. */
function flood(text: string): (socket: Socket) => void {
  const chunk = text.repeat(Math.ceil(65_536 / text.length));
  const pour = (socket: Socket): void => {
    while (!socket.destroyed && socket.write(chunk));
    socket.once("drain", () => pour(socket));
  };
  return pour;
}

/** One octet every 50 ms without end: a deadline for each read would never pass. */
function drip(text: string): (socket: Socket) => void {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ""), 50);
    socket.on("close", () => clearInterval(timer));
  };
}

function greets(how: (socket: Socket) => void): FakeSmtpOptions {
  return { greeting: null, onConnect: how };
}

async function attack(options: FakeSmtpOptions): Promise<SendResult["recipients"]> {
  const server = await fakeServer(options);
  const pool = testPool();
  const before = process.memoryUsage();
  const began = performance.now();
  const { recipients } = await send(pool, smtpRoute([server], { connectTimeoutMs, replyTimeoutMs }), "b@inside.test");
  const after = process.memoryUsage();
  expect(performance.now() - began).toBeLessThan(timeMaxMs);
  expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(memoryMax);
  for (const { reply } of recipients) expect(reply).toMatch(/^[\x20-\x7e]{1,2000}$/);
  expect(server.mails.length).toBe(recipients.filter(({ status }) => status === "delivered").length);
  pool.close();
  await waitUntil("every connection ends", () => server.openConnections === 0);
  return recipients;
}

describe("a server that misbehaves costs its time and no more: the recipient is deferred", () => {
  test.each<[string, FakeSmtpOptions]>([
    ["never greets", { greeting: null }],
    ["greets one octet at a time without end", greets(drip("220-"))],
    ["greets with an endless line", greets(flood("220 x"))],
    ["greets with endless lines", greets(flood("220-more\r\n"))],
    ["greets with 421", { greeting: "421 busy" }],
    ["greets with 554", { greeting: "554 never" }],
    ["greets with 250", { greeting: "250 fake.test" }],
    ["greets with two codes", { greeting: "220-fake\r\n221 fake" }],
    ["greets in HTTP", { greeting: "HTTP/1.1 400 Bad Request" }],
    ["greets in control characters", { greeting: "\x00\x1b[2J\x07" }],
    ["greets twice", { greeting: "220 one\r\n220 two" }],
    ["closes instead of greeting", greets((socket) => socket.end())],
    ["resets instead of greeting", greets((socket) => socket.resetAndDestroy())],
    ["never answers EHLO", when("EHLO", null)],
    ["answers EHLO with endless keywords", when("EHLO", flood("250-X-KEYWORD\r\n"))],
    ["answers EHLO one octet at a time", when("EHLO", drip("250-X\r\n"))],
    ["answers EHLO and MAIL at once", when("EHLO", "250 fake.test\r\n250 sender fine")],
    ["refuses EHLO and HELO", when("", "500 what")],
    ["answers EHLO with 354", when("EHLO", "354 go on")],
    ["never answers MAIL", when("MAIL", null)],
    ["answers MAIL with 354", when("MAIL", "354 go on")],
    ["answers MAIL with 421 and closes", when("MAIL", (socket) => socket.end("421 4.3.2 bye\r\n"))],
    ["answers MAIL with garbage", when("MAIL", "okay then")],
    ["never answers RCPT", when("RCPT", null)],
    ["answers RCPT with an endless line", when("RCPT", flood("250 x"))],
    ["answers RCPT with endless lines", when("RCPT", flood("250-more\r\n"))],
    ["answers RCPT one octet at a time", when("RCPT", drip("250-x\r\n"))],
    ["answers RCPT with a CR in the middle", when("RCPT", "250 fine\rQUIT")],
    ["answers RCPT with a NUL", when("RCPT", "550 no\x00250 yes")],
    ["answers RCPT with a 6xx", when("RCPT", "650 what")],
    ["answers RCPT in two codes", when("RCPT", "250-yes\r\n550 no")],
    ["answers RCPT and closes", when("RCPT", (socket) => socket.end("250 fine\r\n"))],
    ["answers DATA with 334", when("DATA", "334 bW9yZQ==")],
    ["answers DATA with 250", when("DATA", "250 got it")],
    ["never answers DATA", when("DATA", null)],
    ["answers DATA with 421", when("DATA", "421 4.3.2 bye")],
    ["answers DATA twice", when("DATA", "354 go on\r\n250 got it")],
    ["closes after 354", when("DATA", (socket) => socket.end("354 go on\r\n"))],
    ["never answers the dot", atTheDot(null)],
    ["answers the dot one octet at a time", atTheDot(drip("250-x\r\n"))],
    ["answers the dot with endless lines", atTheDot(flood("250-more\r\n"))],
    ["answers the dot with garbage", atTheDot("okay then")],
    ["answers the dot with 354", atTheDot("354 go on")],
    ["answers the dot with half a line and closes", atTheDot((socket) => socket.end("250 2.0.0 qu"))],
    ["closes at the dot", atTheDot((socket) => socket.destroy())],
  ])("%s", async (_how, options) => {
    expect(await attack(options)).toMatchObject([{ status: "deferred" }]);
  });
});

test("an endless line while the body goes out ends the connection at once, not when its time has passed", async () => {
  const server = await fakeServer({ duringBody: (_text, socket) => flood("250 x")(socket), answerBody: () => null });
  const pool = testPool();
  const began = performance.now();
  const { recipients } = await send(pool, smtpRoute([server], { replyTimeoutMs: 60_000 }), "b@inside.test");
  expect(recipients).toMatchObject([{ status: "deferred", reply: expect.stringContaining("reply line too-long") }]);
  expect(performance.now() - began).toBeLessThan(5000);
  pool.close();
});

describe("a server's no stays a no, and its yes a yes, however it is said", () => {
  test.each<[string, FakeSmtpOptions, string]>([
    ["many lines without text (CVE-2020-8794)", when("RCPT", "550-\r\n550-\r\n550 "), "failed"],
    ["a code alone", when("RCPT", "550"), "failed"],
    ["control characters and another tongue", when("RCPT", "550 5.1.1 \x1b]0;own\x07 \xe4\xf6"), "failed"],
    ["an enhanced code of another class", when("RCPT", "550 2.1.5 fine"), "failed"],
    ["2,000 octets", when("RCPT", `550 ${"x".repeat(2000)}`), "failed"],
    [
      "a refusal in the middle of the body",
      { duringBody: (_text, socket) => void socket.write("552 5.3.4 too large\r\n"), ...atTheDot(null) },
      "failed",
    ],
    ["552 at the dot", atTheDot("552 5.3.4 too large"), "failed"],
    ["452 at the dot", atTheDot("452 4.3.1 full"), "deferred"],
    ["250 in many lines", atTheDot("250-2.0.0 one\r\n250-2.0.0 two\r\n250 2.0.0 three"), "delivered"],
    ["250, and then closes", atTheDot((socket) => socket.end("250 2.0.0 queued\r\n")), "delivered"],
  ])("%s", async (_how, options, status) => {
    const server = await fakeServer(options);
    const pool = testPool();
    const { recipients } = await send(pool, smtpRoute([server], { connectTimeoutMs, replyTimeoutMs }), "b@inside.test");
    expect(recipients).toMatchObject([{ status, reply: expect.stringMatching(/^[\x20-\x7e]*$/) }]);
    pool.close();
  });
});

describe("a server that misbehaves on a connection that is kept warm", () => {
  test.each<[string, (socket: Socket) => void]>([
    ["says something unasked", (socket) => socket.write("250 hello?\r\n")],
    ["says 421", (socket) => socket.write("421 4.4.2 idle\r\n")],
    ["floods it", flood("250 hello?\r\n")],
    ["says an endless line", flood("250 hello?")],
    ["says half a line, so that the next answer would be its rest", (socket) => socket.write("250 2.1.0 forged")],
    ["closes it", (socket) => socket.end()],
  ])("%s: it is left, and the next message goes over another one", async (_how, disturb) => {
    let kept: Socket | null = null;
    const server = await fakeServer({ onConnect: (socket) => (kept ??= socket) });
    const pool = testPool();
    const route = smtpRoute([server], { connectTimeoutMs, replyTimeoutMs });
    await send(pool, route, "b@inside.test");
    disturb(await waitUntil("the connection", () => kept));
    await waitUntil("it is left", () => server.openConnections === 0);
    expect((await send(pool, route, "c@inside.test")).recipients).toMatchObject([{ status: "delivered" }]);
    expect(server.connections).toBe(2);
    pool.close();
  });
});

test("half a line behind the last answer is not taken for the next one's begin", async () => {
  const server = await fakeServer({ answerBody: () => "250 2.0.0 queued\r\n250 2.1.0 forged" });
  const pool = testPool();
  for (let n = 0; n < 2; n++)
    await send(pool, smtpRoute([server], { connectTimeoutMs, replyTimeoutMs }), "b@inside.test");
  expect(server.connections).toBe(2);
});

test("a server that does not answer QUIT does not keep the connection", async () => {
  const server = await fakeServer(when("QUIT", null));
  const pool = testPool();
  const [target] = smtpRoute([server]).targets;
  if (target === undefined) throw new Error("no target");
  await new Promise<void>((done) => pool.check(smtpRoute([server]), target, 0, done));
  await waitUntil("it ends", () => server.openConnections === 0);
});

test("what a server says goes on as cleaned text, at most 512 octets a line", async () => {
  const server = await fakeServer(when("RCPT", `550-${"y".repeat(1500)}\r\n550 5.1.1 \x1b[31mred\x07 \xe4`));
  const pool = testPool();
  const { connection } = await lease(pool, smtpRoute([server]));
  const said = await new Promise<string>((resolve) => {
    connection?.send("RCPT", "RCPT TO:<x@i.test>", (reply) => resolve(formatReply(reply)));
  });
  const lines = said.split("\r\n");
  expect(lines.at(-2)).toBe("550 5.1.1 ?[31mred? ??");
  expect(lines.every((line) => line.length <= 510 && /^[\x20-\x7e]*$/.test(line))).toBe(true);
  if (connection !== null) pool.drop(connection);
});
