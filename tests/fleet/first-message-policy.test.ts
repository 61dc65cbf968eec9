import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DovecotServer, dovecotPrograms } from "../support/dovecot-server.ts";
import { freePort } from "../support/free-port.ts";
import { cleanMail, mailWithAttachment } from "../support/mail-samples.ts";
import { mailboxPassword } from "../support/mailboxes.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { requires } from "../support/requires.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { poplibSession } from "./clients/pop3-clients.ts";
import { smtpClients } from "./clients/smtp-clients.ts";

const servers = requires([...postfixPrograms, ...dovecotPrograms, "python3"], { root: true });
const sender = "sender@sender.test";
const recipient = "user@inside.test";

describe.skipIf(!servers.met)("the first policy document alone in a worker, without a console", () => {
  let postfix: PostfixServer;
  let dovecot: DovecotServer;
  let worker: WorkerProcess;
  let smtpPort: number;
  let pop3Port: number;
  const smtplib = smtpClients.find((client) => client.name === "Python's smtplib");

  beforeAll(async () => {
    [smtpPort, pop3Port] = [await freePort(), await freePort()];
    [postfix, dovecot] = await Promise.all([PostfixServer.start(), DovecotServer.start()]);
    const ports = { 2525: smtpPort, 2110: pop3Port, 2600: postfix.port, 2601: dovecot.port };
    worker = await WorkerProcess.start({ policy: policyFixture("first-message.yaml", ports) });
  }, 60_000);

  afterAll(async () => {
    await worker?.remove();
    await Promise.all([postfix?.stop(), dovecot?.stop()]);
  }, 60_000);

  const send = async (text: string, from = sender) => {
    if (smtplib === undefined) throw new Error("no smtplib client");
    return smtplib.send({ port: smtpPort, sender: from, recipient, text });
  };

  test("In relays a clean message to the route's server", async () => {
    const mail = cleanMail();
    expect(await send(mail.text)).toMatchObject({ sent: true });
    expect(await postfix.inbox.delivered(mail.id)).toContain(
      "Grüße".replace(/[^\x20-\x7e]/g, (c) => Buffer.from(c).toString("latin1")),
    );
  });

  test.each(["run.exe", "saver.SCR", "script.js"])("In refuses the attachment %s", async (fileName) => {
    expect((await send(mailWithAttachment(fileName).text)).heard).toMatch(/^550 5\.7\.1 .*\([0-9A-Z]{26}\)/);
  });

  test("In refuses the inside domain as a sender from outside in the rule's words", async () => {
    expect((await send(cleanMail().text, "me@example.test")).heard).toMatch(/^550 5\.7\.1 Not from outside/);
  });

  test("Fetch passes a clean message and replaces one with an executable", async () => {
    const [clean, executable] = [cleanMail(), mailWithAttachment("run.exe")];
    const user = dovecot.mailboxes.add([clean.text, executable.text]);
    const account = { port: pop3Port, user, password: mailboxPassword };
    const [, first, second] = await poplibSession(account, [
      ["retr", 1],
      ["retr", 2],
    ]);
    expect(first).toBe(Buffer.from(clean.text).toString("latin1"));
    expect(second).toContain(executable.id);
    expect(second).not.toContain("octet-stream");
  });
});
