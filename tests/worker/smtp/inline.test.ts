import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

afterEach(closeRigs);

const body = "From: a@sender.test\r\nSubject: hello\r\n\r\n..stuffed\r\nend\r\n";
const withoutReceived = (mail: string | undefined) => mail?.replace(/^Received:[^\r]*(?:\r\n\t[^\r]*)*\r\n/, "");

describe("a message that may pass", () => {
  test("reaches the upstream byte for byte below one Received line, and the client hears the upstream's 250", async () => {
    const { upstream, gateway, client } = await smtpRig({}, { answerBody: () => "250 2.0.0 queued as 77" });
    expect(await client.mail(body)).toBe("250 2.0.0 queued as 77");
    const [mail] = upstream.mails;
    expect(withoutReceived(mail?.body)).toBe(body);
    expect(mail?.body).toMatch(
      /^Received: from client\.test \(\[127\.0\.0\.1\]\)\r\n\tby gate\.test with ESMTP id 01TEST\d+\r\n\tfor <b@inside\.test>;\r\n\t\w{3}, /,
    );
    expect(mail?.lines).toEqual(["MAIL FROM:<a@sender.test>", "RCPT TO:<b@inside.test>"]);
    expect(gateway.messages).toMatchObject([
      {
        outcome: "relayed",
        sender: "a@sender.test",
        recipients: [{ address: "b@inside.test", reply: "250 2.1.5 recipient fine" }],
        subject: "hello",
        bytes: 54,
        reply: "250 2.0.0 queued as 77",
        upstreamReply: "250 2.0.0 queued as 77",
        upstream: `127.0.0.1:${upstream.port}`,
        helo: "client.test",
        decision: { verdict: "allow", revision: 1 },
      },
    ]);
  });
  test("gets no Received line where the settings say none", async () => {
    const { upstream, client } = await smtpRig({ settings: { receivedHeader: "none" } });
    await client.mail(body);
    expect(upstream.mails[0]?.body).toBe(body);
  });
  test("does not name several recipients in the Received line", async () => {
    const { upstream, client } = await smtpRig();
    await client.mail(body, { recipients: ["b@inside.test", "c@inside.test"] });
    expect(upstream.mails[0]?.body).toMatch(/^Received: from [^;]*id \w+;/);
    expect(upstream.mails[0]?.body).not.toContain("for <");
  });
  test("is asked of the upstream in one write, and its connection serves the next client too", async () => {
    const { upstream, client, connect } = await smtpRig();
    expect(await client.mail(body)).toMatch(/^250/);
    const other = await connect();
    expect(await other.mail(body)).toMatch(/^250/);
    expect(await other.mail(body, { hello: false })).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(3);
    expect(upstream.connections).toBe(1);
  });
  test("passes BODY, SMTPUTF8, RET, ENVID, NOTIFY and ORCPT on, and SIZE", async () => {
    const { upstream, client } = await smtpRig();
    await client.command("EHLO client.test");
    client.send("MAIL FROM:<\xc3\xa4@sender.test> SIZE=99 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=x1\r\n");
    expect(await client.reply()).toMatch(/^250/);
    expect(await client.command("RCPT TO:<b@inside.test> NOTIFY=NEVER ORCPT=rfc822;b@inside.test")).toMatch(/^250/);
    expect(await client.command("DATA")).toMatch(/^354/);
    client.send("Subject: \xc3\xa4\r\n\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250/);
    expect(upstream.mails[0]?.lines).toEqual([
      "MAIL FROM:<\xc3\xa4@sender.test> SIZE=99 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=x1",
      "RCPT TO:<b@inside.test> NOTIFY=NEVER ORCPT=rfc822;b@inside.test",
    ]);
    expect(upstream.mails[0]?.body).toContain("with UTF8SMTP");
  });
  test("of 8 MB streams through with its dots, sent in odd pieces", async () => {
    const { upstream, client } = await smtpRig({ limits: { messageBytesMax: 20_000_000 } });
    const line = `${"x".repeat(900)}\r\n..y\r\n...\r\n\r\n`;
    const large = line.repeat(9000);
    await client.open();
    for (let at = 0; at < large.length; at += 70_001) client.send(large.slice(at, at + 70_001));
    client.send(".\r\n");
    expect(await client.reply()).toMatch(/^250/);
    expect(withoutReceived(upstream.mails[0]?.body) === large).toBe(true);
  });
  test("may be empty, come from the null sender and go to postmaster", async () => {
    const { upstream, client } = await smtpRig({ settings: { receivedHeader: "none" } });
    expect(await client.mail("", { sender: "", recipients: ["postmaster"] })).toMatch(/^250/);
    expect(upstream.mails[0]).toEqual({ lines: ["MAIL FROM:<>", "RCPT TO:<postmaster>"], body: "" });
  });
});

describe("commands sent in one piece", () => {
  test("are answered in order, the message and what follows it too", async () => {
    const { upstream, client } = await smtpRig();
    client.send("EHLO c.test\r\nNOOP\r\nMAIL FROM:<a@s.test>\r\nRCPT TO:<b@i.test>\r\nRCPT TO:<c@i.test>\r\nDATA\r\n");
    const codes: string[] = [];
    for (let n = 0; n < 6; n++) codes.push((await client.reply()).slice(0, 3));
    expect(codes).toEqual(["250", "250", "250", "250", "250", "354"]);
    client.send("Subject: one\r\n\r\n.\r\nMAIL FROM:<a@s.test>\r\nRCPT TO:<d@i.test>\r\nRSET\r\nVRFY x\r\nQUIT\r\n");
    const rest: string[] = [];
    for (let n = 0; n < 7; n++) rest.push((await client.reply()).slice(0, 3));
    expect(rest).toEqual(["250", "250", "250", "250", "252", "221", "clo"]);
    expect(upstream.mails).toHaveLength(1);
  });
  test("that go on after DATA are refused and the session ends: they could be taken for commands", async () => {
    const { upstream, gateway, client } = await smtpRig();
    await client.command("EHLO c.test");
    client.send(
      "MAIL FROM:<a@s.test>\r\nRCPT TO:<b@i.test>\r\nDATA\r\nSubject: early\r\n.\r\nMAIL FROM:<x@s.test>\r\n",
    );
    expect(await client.reply()).toMatch(/^250/);
    expect(await client.reply()).toMatch(/^250/);
    expect(await client.reply()).toMatch(/^503 5\.5\.0/);
    expect(await client.reply()).toBe("closed");
    expect(upstream.mails).toHaveLength(0);
    expect(gateway.sessionEvents).toMatchObject([{ cause: "bytes after DATA before its reply" }]);
  });
  test("without end pause the client's socket instead of piling up", async () => {
    const { client } = await smtpRig(
      { limits: { errorsMax: 1000 } },
      { answer: (line) => (line.startsWith("RCPT") ? null : undefined) },
    );
    await client.command("EHLO c.test");
    client.send("MAIL FROM:<a@s.test>\r\nRCPT TO:<b@i.test>\r\n");
    await client.reply();
    for (let n = 0; n < 400; n++) client.send("NOOP x\r\n".repeat(4096));
    await waitUntil("the kernel's buffers fill", () => client.socket.writableLength > 4_000_000);
  });
});

describe("the EHLO answer", () => {
  test("is what the upstream offers and we can speak, SIZE within our limit", async () => {
    const { client } = await smtpRig(
      { limits: { messageBytesMax: 5000 } },
      { keywords: ["SIZE 9000", "8BITMIME", "CHUNKING", "STARTTLS", "AUTH PLAIN", "X-EXPS"] },
    );
    expect(await client.command("EHLO c.test")).toBe(
      "250-gate.test|250-SIZE 5000|250-8BITMIME|250-CHUNKING|250 LIMITS MAILMAX=10000 RCPTMAX=100",
    );
  });
  test("is asked of the upstream once, not for each client", async () => {
    const { upstream, client, connect } = await smtpRig();
    await client.command("EHLO c.test");
    await (await connect()).command("EHLO c.test");
    expect(upstream.connections).toBe(1);
  });
  test("is a basic list when the upstream cannot be reached", async () => {
    const { upstream, client } = await smtpRig();
    await upstream.stop();
    expect(await client.command("EHLO c.test")).toBe(
      "250-gate.test|250-PIPELINING|250-SIZE 26214400|250-8BITMIME|250-ENHANCEDSTATUSCODES|250-CHUNKING|250 LIMITS MAILMAX=10000 RCPTMAX=100",
    );
  });
  test("rules the parameters: one that was not offered is 555, and after HELO none is", async () => {
    const { client } = await smtpRig({}, { keywords: ["SIZE"] });
    await client.command("EHLO c.test");
    expect(await client.command("MAIL FROM:<a@s.test> BODY=8BITMIME")).toMatch(/^555 5\.5\.4/);
    expect(await client.command("MAIL FROM:<a@s.test> XYZ=1")).toMatch(/^555 5\.5\.4/);
    expect(await client.command("MAIL FROM:<\xe4@s.test>")).toMatch(/^500/);
    expect(await client.command("MAIL FROM:<\xc3\xa4@s.test>")).toMatch(/^553 5\.6\.7/);
    expect(await client.command("HELO c.test")).toBe("250 gate.test");
    expect(await client.command("MAIL FROM:<a@s.test> SIZE=1")).toMatch(/^555 5\.5\.4/);
  });
  test("a server that knows only HELO is served, and never gets grouped commands", async () => {
    const { upstream, client } = await smtpRig(
      {},
      { answer: (line) => (line.startsWith("EHLO") ? "502 no" : undefined) },
    );
    expect(await client.mail(body)).toMatch(/^250/);
    expect(upstream.lines.slice(0, 2)).toEqual(["EHLO gate.test", "HELO gate.test"]);
  });
});

describe("state", () => {
  test("is forgotten after a message, RSET and EHLO: RCPT and DATA need a new MAIL", async () => {
    const { client } = await smtpRig();
    await client.mail(body);
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^503/);
    for (const reset of ["RSET", "EHLO c.test"]) {
      await client.command("MAIL FROM:<a@s.test>");
      await client.command("RCPT TO:<b@i.test>");
      expect(await client.command(reset)).toMatch(/^250/);
      expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^503/);
      expect(await client.command("DATA")).toMatch(/^503/);
    }
  });
  test("a transaction that was given up does not reach the next one, and tells no event", async () => {
    const { upstream, gateway, client } = await smtpRig();
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    await client.command("RCPT TO:<gone@i.test>");
    await client.command("RSET");
    expect(await client.mail(body, { hello: false })).toMatch(/^250/);
    expect(upstream.mails.map(({ lines }) => lines)).toEqual([
      ["MAIL FROM:<a@sender.test>", "RCPT TO:<b@inside.test>"],
    ]);
    expect(upstream.connections).toBe(1);
    expect(gateway.messages).toHaveLength(1);
  });
  test("the policy at MAIL governs to the last reply; the next MAIL has the new one", async () => {
    const { gateway, client } = await smtpRig();
    await client.open();
    if (gateway.governing !== null) gateway.governing = { ...gateway.governing, revision: 2 };
    client.send(`${body}.\r\n`);
    await client.reply();
    await client.mail(body, { hello: false });
    expect(gateway.messages.map(({ decision }) => decision.revision)).toEqual([1, 2]);
    gateway.governing = null;
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^451 4\.3\.0/);
  });
  test("a session that is drained finishes its message, says 421 and closes", async () => {
    const { gateway, client, connect } = await smtpRig();
    const idle = await connect();
    await client.open();
    for (const session of gateway.sessions) session.drain();
    expect(await idle.reply()).toMatch(/^421 4\.3\.2/);
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toMatch(/^250/);
    expect(await client.reply()).toMatch(/^421 4\.3\.2/);
    expect(await client.reply()).toBe("closed");
  });
});
