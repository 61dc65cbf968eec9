import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { cleanMail, mailOfBytes, mailWithAttachment } from "../support/mail-samples.ts";
import { belowTrace } from "../support/mail-server.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { ReportReceiver } from "../support/report-receiver.ts";
import { requires } from "../support/requires.ts";
import { waitUntil } from "../support/wait-until.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { smtpClients } from "./clients/smtp-clients.ts";

const server = requires(postfixPrograms, { root: true });
const sender = "sender@sender.test";
const recipient = "user@inside.test";

/** Writes each group at once, the next one when 354 is heard. Gives the codes of all replies. */
function pipelined(port: number, groups: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const codes: string[] = [];
    let unread = "";
    let written = 0;
    socket.on("error", reject);
    socket.on("close", () => resolve(codes));
    socket.on("data", (chunk) => {
      unread += chunk.toString("latin1");
      const lines = unread.split("\r\n");
      unread = lines.pop() ?? "";
      codes.push(...lines.filter((line) => line[3] === " ").map((line) => line.slice(0, 3)));
      const turns = codes.filter((code) => code === "220" || code === "354").length;
      while (written < Math.min(turns, groups.length)) socket.write(groups[written++] ?? "");
    });
  });
}

describe.skipIf(!server.met)("SMTP with real clients in front of a real Postfix", () => {
  let postfix: PostfixServer;
  let worker: WorkerProcess;
  let receiver: ReportReceiver;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    postfix = await PostfixServer.start();
    receiver = await ReportReceiver.start();
    const ports = { 2525: port, 2600: postfix.port, 2110: await freePort(), 2601: await freePort() };
    worker = await WorkerProcess.start({ policy: policyFixture("client-fleet.yaml", ports), consoleUrl: receiver.url });
  }, 60_000);

  afterAll(async () => {
    await worker?.remove();
    await receiver?.close();
    await postfix?.stop();
  }, 60_000);

  const eventOf = (messageId: string) =>
    waitUntil(`an event about ${messageId}`, () =>
      receiver.events.find((event) => event.kind === "message" && event.messageIdHeader === messageId),
    );

  describe.each(smtpClients)("$name", (client) => {
    const installed = requires(client.programs);
    const clientTest = test.skipIf(!installed.met);

    clientTest("delivers a clean message byte for byte below the Received lines", async () => {
      const mail = cleanMail();
      const outcome = await client.send({ port, sender, recipient, text: mail.text });
      expect(outcome.heard).not.toMatch(/\b[45]\d\d[ -][45]\.\d+\.\d+/);
      expect(outcome.sent).toBe(true);
      const delivered = await postfix.inbox.delivered(mail.id);
      expect(delivered).toContain("by postern.invalid");
      expect(belowTrace(delivered, mail.text)).toBe(mail.text);
    });

    clientTest("hears 550 5.7.1 with an id for an executable, and nothing is delivered", async () => {
      const mail = mailWithAttachment("invoice.EXE");
      const outcome = await client.send({ port, sender, recipient, text: mail.text });
      expect(outcome.sent).toBe(false);
      const [, id] = /550[ -]5\.7\.1 .*\(([0-9A-Z]{26})\)/.exec(outcome.heard) ?? [];
      const event = await eventOf(mail.id);
      expect(event).toMatchObject({ kind: "message", id, outcome: "refused", decision: { ruleName: "executables" } });
      expect(postfix.inbox.stored().filter((stored) => stored.includes(mail.id))).toEqual([]);
    });

    clientTest("passes what only an observing rule would deny, and it is recorded and counted", async () => {
      const mail = mailWithAttachment("archive.zip");
      const observedBefore = receiver.hits("observed");
      const outcome = await client.send({ port, sender, recipient, text: mail.text });
      expect(outcome.sent).toBe(true);
      await postfix.inbox.delivered(mail.id);
      const event = await eventOf(mail.id);
      const observed = [{ ruleName: "watched archives", verdict: "deny" }];
      expect(event).toMatchObject({ outcome: "relayed", decision: { verdict: "allow", observed } });
      await waitUntil("the counter of the observing rule", () => receiver.hits("observed") > observedBefore);
    });

    clientTest("hears the rule's own words when its sender is refused", async () => {
      const outcome = await client.send({ port, sender: "boss@Example.Test", recipient, text: cleanMail().text });
      expect(outcome.sent).toBe(false);
      expect(outcome.heard).toMatch(/550[ -]5\.7\.1 Not from outside/);
    });

    clientTest("hears 550 for a recipient that a rule denies", async () => {
      const outcome = await client.send({ port, sender, recipient: "nobody@inside.test", text: cleanMail().text });
      expect(outcome.sent).toBe(false);
      expect(outcome.heard).toMatch(/550[ -]5\.7\.1/);
    });

    clientTest("hears 552 for a message over the size limit", async () => {
      const mail = mailOfBytes(300_000);
      const outcome = await client.send({ port, sender, recipient, text: mail.text });
      expect(outcome.sent).toBe(false);
      expect(outcome.heard).toMatch(/552[ -]5\.3\.4/);
      expect(postfix.inbox.stored().filter((stored) => stored.includes(mail.id))).toEqual([]);
    });

    clientTest("hears what Postfix says about a recipient that it refuses", async () => {
      const outcome = await client.send({ port, sender, recipient: "user@elsewhere.test", text: cleanMail().text });
      expect(outcome.sent).toBe(false);
      expect(outcome.heard).toMatch(/554[ -]5\.7\.1 .*elsewhere\.test.*Relay access denied/);
    });
  });

  test("pipelined groups of two messages are answered in order, and both are delivered", async () => {
    const [first, second] = [cleanMail(), cleanMail()];
    const stuffed = (text: string) => `${text.replace(/^\./gm, "..")}.\r\n`;
    const envelope = `MAIL FROM:<${sender}> BODY=8BITMIME\r\nRCPT TO:<${recipient}>\r\nDATA\r\n`;
    // RFC 2920 §3.1: DATA ends a group, and the next one may begin with the message.
    const groups = [`EHLO c.test\r\n${envelope}`, stuffed(first.text) + envelope, `${stuffed(second.text)}QUIT\r\n`];
    const codes = await pipelined(port, groups);
    expect(codes).toEqual(["220", "250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]);
    for (const mail of [first, second]) {
      expect(belowTrace(await postfix.inbox.delivered(mail.id), mail.text)).toBe(mail.text);
    }
  });

  test("every report was a valid one and the worker logged no error", () => {
    expect(receiver.faults).toEqual([]);
    expect(worker.stderr.split("\n").filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  });
});
