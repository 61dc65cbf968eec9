import { afterEach, describe, expect, test } from "vitest";
import { type FakeSmtpOptions, FakeSmtpServer } from "../../support/fake-smtp-server.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

afterEach(closeRigs);

const body = "Subject: x\r\n\r\nbody\r\n";

function answers(verb: string, said: string | null): FakeSmtpOptions {
  return { answer: (line) => (line.startsWith(verb) ? said : undefined) };
}

describe("the upstream's own answers", () => {
  test("to RCPT reach the client, cleaned, and one refused recipient does not stop the others", async () => {
    const { upstream, client } = await smtpRig(
      {},
      answers("RCPT TO:<no@", "550-5.1.1 no such\x1b[0m user\r\n550 5.1.1 here\xe9"),
    );
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("RCPT TO:<no@i.test>")).toBe("550-5.1.1 no such?[0m user|550 5.1.1 here??");
    expect(await client.command("DATA")).toMatch(/^503/);
    expect(await client.command("RCPT TO:<yes@i.test>")).toMatch(/^250/);
    await client.command("DATA");
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
  });
  test("to MAIL are heard at each RCPT", async () => {
    const { gateway, client } = await smtpRig({}, answers("MAIL", "550 5.1.8 not you"));
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("RCPT TO:<b@i.test>")).toBe("550 5.1.8 not you");
    expect(await client.command("RCPT TO:<c@i.test>")).toBe("550 5.1.8 not you");
    await client.command("RSET");
    expect(gateway.messages).toMatchObject([{ outcome: "upstream-refused", upstreamReply: "550 5.1.8 not you" }]);
  });
  test("to DATA and to the final dot are heard, and the session goes on", async () => {
    const { gateway, client } = await smtpRig({}, answers("DATA", "451 4.2.0 later"));
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    await client.command("RCPT TO:<b@i.test>");
    expect(await client.command("DATA")).toBe("451 4.2.0 later");
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^503/);
    const other = await smtpRig({}, { answerBody: () => "554 5.6.0 not that" });
    expect(await other.client.mail(body)).toBe("554 5.6.0 not that");
    expect(await other.client.command("NOOP")).toMatch(/^250/);
    expect(gateway.messages).toMatchObject([{ outcome: "upstream-refused" }]);
    expect(other.gateway.messages).toMatchObject([
      { outcome: "upstream-refused", upstreamReply: "554 5.6.0 not that" },
    ]);
  });
  test("421 does not close our client's session", async () => {
    const { client } = await smtpRig({}, answers("RCPT", "421 4.3.2 going"));
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("RCPT TO:<b@i.test>")).toBe("451 4.3.2 going");
    expect(await client.command("NOOP")).toMatch(/^250/);
  });
});

describe("an upstream that breaks off", () => {
  test("after the final dot gives 451 and never 250", async () => {
    const { gateway, client } = await smtpRig({}, { answerBody: (_body, socket) => (socket.destroy(), null) });
    expect(await client.mail(body)).toMatch(/^451 4\.4\.2/);
    expect(gateway.messages).toMatchObject([{ outcome: "aborted" }]);
  });
  test("in the middle of the body gives 451 after the client's dot", async () => {
    const { client } = await smtpRig({}, { duringBody: (_text, socket) => socket.destroy() });
    await client.open();
    client.send("Subject: x\r\n\r\n");
    client.send(`${"y".repeat(70)}\r\n`.repeat(50_000));
    client.send(".\r\n");
    expect(await client.reply()).toMatch(/^451 4\.4\.2/);
    expect(await client.command("NOOP")).toMatch(/^250/);
  });
  test("between two recipients gives 451 for the rest and for the message", async () => {
    const { upstream, client } = await smtpRig();
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    await client.command("RCPT TO:<b@i.test>");
    upstream.cut();
    await waitUntil("the cut", () => upstream.openConnections === 0);
    expect(await client.command("RCPT TO:<c@i.test>")).toMatch(/^451 4\.4\.2/);
    expect(await client.command("DATA")).toMatch(/^451 4\.4\.2/);
    expect(await client.mail(body, { hello: false })).toMatch(/^250/);
  });
  test("while its connection was warm is not noticed: a fresh one takes its place", async () => {
    let closing = false;
    const { upstream, gateway, client } = await smtpRig(
      {},
      {
        answer: (line, socket) =>
          closing && line.startsWith("MAIL") ? ((closing = false), socket.destroy(), null) : undefined,
      },
    );
    await client.mail(body);
    closing = true;
    expect(await client.mail(body, { hello: false })).toMatch(/^250/);
    expect(upstream.connections).toBe(2);
    upstream.options = {
      answer: (line) => (line.startsWith("MAIL") && upstream.connections === 2 ? "421 idle too long" : undefined),
    };
    expect(await client.mail(body, { hello: false })).toMatch(/^250/);
    expect(upstream.connections).toBe(3);
    expect(gateway.messages.map(({ outcome }) => outcome)).toEqual(["relayed", "relayed", "relayed"]);
  });
  test("is replaced by the next target of the route", async () => {
    const second = await FakeSmtpServer.start();
    const dead = await FakeSmtpServer.start();
    await dead.stop();
    const { gateway, client } = await smtpRig({ upstreamPorts: [dead.port, second.port] });
    expect(await client.mail(body)).toMatch(/^250/);
    expect(gateway.messages).toMatchObject([{ upstream: `127.0.0.1:${second.port}` }]);
    gateway.pool.close();
    await second.stop();
  });
});

describe("a hostile upstream", () => {
  test.each([
    ["never answers RCPT", answers("RCPT", null)],
    ["answers RCPT without end", answers("RCPT", "250-more\r\n".repeat(5000).trimEnd())],
    ["answers RCPT with an endless line", answers("RCPT", `250 ${"x".repeat(100_000)}`)],
    ["answers RCPT with 354", answers("RCPT", "354 go on")],
    ["answers RCPT with garbage", answers("RCPT", "\x00\x01\x02")],
    ["answers RCPT twice", answers("RCPT", "250 one\r\n250 two")],
  ])("that %s gives 4xx within its time and the client's session goes on", async (_what, behaviour) => {
    const { upstream, client } = await smtpRig({ replyTimeoutMs: 1000 }, behaviour);
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    const said = await client.command("RCPT TO:<b@i.test>");
    expect(said.startsWith("250") ? await client.command("DATA") : said).toMatch(/^451 4\.4\.[12]/);
    expect(await client.command("NOOP")).toMatch(/^250/);
    await waitUntil("its connection is cut", () => upstream.openConnections === 0);
    expect(upstream.mails).toHaveLength(0);
  });
  test("that refuses in the middle of the body is heard, that accepts there is not believed", async () => {
    const early = (said: string): FakeSmtpOptions => ({
      duringBody: (text, socket) => text.includes("Subject") && socket.write(said),
    });
    const refusing = await smtpRig({}, early("552 5.3.4 too large for me\r\n"));
    await refusing.client.open();
    refusing.client.send("Subject: x\r\n\r\n");
    await waitUntil("the refusal is read", () => refusing.upstream.openConnections === 0);
    refusing.client.send(".\r\n");
    expect(await refusing.client.reply()).toBe("552 5.3.4 too large for me");
    const accepting = await smtpRig({}, early("250 2.0.0 got it already\r\n"));
    await accepting.client.open();
    accepting.client.send("Subject: x\r\n\r\n");
    await waitUntil("the lie is read", () => accepting.upstream.openConnections === 0);
    accepting.client.send(".\r\n");
    expect(await accepting.client.reply()).toMatch(/^451 4\.4\.2/);
  });
  test("that stops reading makes us stop reading too, and ends in its time", async () => {
    const { upstream, client } = await smtpRig(
      { replyTimeoutMs: 1000, limits: { messageBytesMax: 1_000_000_000 } },
      { duringBody: (_text, socket) => socket.pause() },
    );
    await client.open();
    client.send("Subject: x\r\n\r\n");
    for (let n = 0; n < 200; n++) client.send(`${"y".repeat(998)}\r\n`.repeat(300));
    await waitUntil("we stop reading", () => client.socket.writableLength > 20_000_000);
    client.send(".\r\n");
    expect(await client.reply()).toMatch(/^451 4\.4\.2/);
    upstream.cut();
  });
  test("without 8BITMIME never gets 8-bit bytes", async () => {
    const { upstream, client } = await smtpRig({}, { keywords: ["SIZE"] });
    expect(await client.mail("Subject: \xe4\r\n\r\n")).toMatch(/^554 5\.6\.3/);
    expect(await client.mail("Subject: a\r\n\r\n", { hello: false })).toMatch(/^250/);
    expect(upstream.received.join("")).not.toMatch(/[\x80-\xff]/);
  });
});

describe("a client that goes away", () => {
  test("in the middle of a body: the upstream is cut without a dot", async () => {
    const { upstream, gateway, client } = await smtpRig();
    await client.open();
    client.send("Subject: half\r\n\r\nhalf a line");
    client.close();
    await waitUntil("the cut", () => upstream.cutBodies === 1);
    expect(upstream.mails).toHaveLength(0);
    expect(gateway.messages).toMatchObject([{ outcome: "aborted", subject: "half" }]);
  });
  test("after its dot: the message is finished and its event tells so", async () => {
    let answer: (() => void) | null = null;
    const { gateway, client } = await smtpRig(
      {},
      { answerBody: (_body, socket) => ((answer = () => socket.write("250 2.0.0 at last\r\n")), null) },
    );
    await client.open();
    client.send(`${body}.\r\n`);
    const say = await waitUntil("the dot arrives", () => answer);
    client.socket.resetAndDestroy();
    await waitUntil("the session ends", () => gateway.openSessions === 0);
    say();
    await waitUntil("the event", () => gateway.messages.length === 1);
    expect(gateway.messages).toMatchObject([{ outcome: "relayed", upstreamReply: "250 2.0.0 at last" }]);
  });
  test("by closing only its side still hears its answers", async () => {
    const { upstream, client } = await smtpRig();
    await client.open();
    client.send(`${body}.\r\nQUIT\r\n`);
    client.socket.end();
    expect(await client.reply()).toMatch(/^250/);
    expect(await client.reply()).toMatch(/^221/);
    expect(await client.reply()).toBe("closed");
    expect(upstream.mails).toHaveLength(1);
  });
  test("and does not read its replies is not read from either", async () => {
    const { client } = await smtpRig();
    client.socket.pause();
    for (let n = 0; n < 300; n++) client.send("HELP\r\n".repeat(20_000));
    await waitUntil("everything is full", () => client.socket.writableLength > 10_000_000);
  });
});
