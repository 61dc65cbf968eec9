import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { requires } from "../support/requires.ts";
import { smtpDialogue } from "../support/smtp-dialogue.ts";
import { WorkerProcess } from "../support/worker-process.ts";

const server = requires(postfixPrograms, { root: true });

/** What some servers take for the end of DATA, and none may (RFC 5321 §4.1.1.4). */
const falseEnds = [
  "\n.\n",
  "\n.\r\n",
  "\r.\r",
  "\r.\r\n",
  "\r\n.\n",
  "\r\n.\r",
  "\n\n.\r\n",
  "\r\n\0.\r\n",
  "\r\r\n.\r\r\n",
];

describe.skipIf(!server.met)("a second message hidden behind a false end of DATA", () => {
  let postfix: PostfixServer;
  let worker: WorkerProcess;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    postfix = await PostfixServer.start();
    const ports = { 2525: port, 2600: postfix.port, 2110: await freePort(), 2601: await freePort() };
    worker = await WorkerProcess.start({ policy: policyFixture("client-fleet.yaml", ports) });
  }, 60_000);

  afterAll(async () => {
    await worker?.remove();
    await postfix?.stop();
  }, 60_000);

  const envelope = ["MAIL FROM:<sender@sender.test>", "RCPT TO:<user@inside.test>", "DATA"];

  test.each(falseEnds.map((end) => [JSON.stringify(end), end]))(
    "after %s reaches no one: the whole is refused",
    async (_, end) => {
      const hidden = [...envelope, "Subject: smuggled"].join("\r\n");
      const body = `Subject: cover\r\n\r\nhello${end}${hidden}\r\n\r\ngotcha\r\n.`;
      const replies = await smtpDialogue(port, ["EHLO c.test", ...envelope, body, "NOOP", "QUIT"]);
      expect(replies[5]).toMatch(/^5\d\d 5\.\d\.\d/);
      expect(replies.slice(6)).toEqual([expect.stringMatching(/^250/), expect.stringMatching(/^221/)]);
      expect(postfix.inbox.stored()).toEqual([]);
    },
  );

  test("and the next good message is the only one delivered", async () => {
    const message = "Subject: good\r\n\r\nhello\r\n.";
    const replies = await smtpDialogue(port, ["EHLO c.test", ...envelope, message, "QUIT"]);
    expect(replies[5]).toMatch(/^250/);
    await postfix.inbox.delivered("Subject: good");
    expect(postfix.inbox.stored()).toHaveLength(1);
  });
});
