import { afterEach, expect, test } from "vitest";
import type { MessageEvent } from "#core/contract/event.ts";
import { judgedFactsSchema } from "#core/contract/judged-facts.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

function judged(event: MessageEvent | undefined) {
  return judgedFactsSchema.parse(JSON.parse(event?.judged ?? "null"));
}

const allow = { action: { kind: "allow" } };
const body = "From: a@sender.test\r\nSubject: hello\r\n\r\nSecret words\r\n";

test("a message's event tells what it was judged by, and nothing of its body", async () => {
  const deny = { kind: "deny", reply: { code: 550, enhanced: "5.7.1", text: "no" } };
  const rulesets = {
    recipient: { rules: [{ name: "nobody", when: { recipient: { like: "no*" } }, action: deny }], noneMatched: allow },
    header: { rules: [{ name: "bad", when: { headerName: { is: "x-bad" } }, action: deny }], noneMatched: allow },
    message: { rules: [{ name: "words", when: { text: { like: "*viagra*" } }, action: deny }], noneMatched: allow },
  };
  const { gateway, client } = await smtpRig({ rulesets });
  await client.command("EHLO client.test");
  await client.command("MAIL FROM:<a@sender.test>");
  expect(await client.command("RCPT TO:<nobody@inside.test>")).toMatch(/^550/);
  await client.command("RCPT TO:<b@inside.test>");
  await client.command("DATA");
  client.send(`${body}.\r\n`);
  expect(await client.reply()).toMatch(/^250/);
  const [event] = gateway.messages;
  const session = { clientAddress: "127.0.0.1", helo: ["client.test"], tls: [""], authUser: [""], authMechanism: [""] };
  expect(judged(event)).toEqual({
    listener: { address: "127.0.0.1", port: 2525 },
    steps: [
      { stage: null, facts: { ...session, sender: ["a@sender.test"], senderDomain: ["sender.test"] } },
      { stage: "sender", facts: {} },
      {
        stage: "recipient",
        facts: { recipient: ["nobody@inside.test"], recipientDomain: ["inside.test"] },
        recipient: "refused",
      },
      {
        stage: "recipient",
        facts: { recipient: ["b@inside.test"], recipientDomain: ["inside.test"] },
        recipient: "taken",
      },
      {
        stage: null,
        facts: { recipient: ["b@inside.test"], recipientDomain: ["inside.test"], recipientCount: 1 },
      },
      { stage: "header", facts: { headerName: ["From"], headerValue: ["a@sender.test"] } },
      { stage: "header", facts: { headerName: ["Subject"], headerValue: ["hello"] } },
      { stage: null, facts: { from: ["a@sender.test"], subject: ["hello"] } },
      expect.objectContaining({ stage: "attachment", cut: ["text"] }),
      {
        stage: "message",
        facts: { attachmentCount: 0, messageBytes: 53, hour: expect.any(Number), weekday: [expect.any(String)] },
        cut: ["text"],
      },
    ],
    omitted: 0,
    looked: { header: true, attachment: true },
  });
  expect(event?.judged).not.toContain("Secret");
});

test("a message that a limit refuses is told as such", async () => {
  const { gateway, client } = await smtpRig({ limits: { messageBytesMax: 100_000 } });
  expect(await client.mail(`${body}${"x".repeat(900)}\r\n`.repeat(120))).toMatch(/^552/);
  expect(judged(gateway.messages[0])).toMatchObject({ limited: true });
});
