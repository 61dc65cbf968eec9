import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanMail, infectedMail, mailWithAttachment } from "../support/mail-samples.ts";
import { requires, requiresUnpackedFiles } from "../support/requires.ts";
import { waitUntil } from "../support/wait-until.ts";
import { mailboxClients } from "./clients/mailbox-clients.ts";
import { MailboxGateway, mailboxServers } from "./mailbox-gateway.ts";

const clamd = requiresUnpackedFiles("clamd");
const how = { clear: "in the clear", stls: "by STLS", implicit: "inside TLS from the first byte" };
const visits = mailboxClients.flatMap((client) =>
  client.securities.map((security) => ({ client, name: client.name, security, how: how[security] })),
);

const asWire = (text: string) => Buffer.from(text).toString("latin1");
const texts = (messages: readonly Buffer[]) => messages.map((message) => message.toString("latin1"));

describe.each(mailboxServers)("a mailbox of $name", (kind) => {
  describe.skipIf(!kind.requirement.met || !clamd.met)("through Postern", () => {
    let gateway: MailboxGateway;
    beforeAll(async () => {
      gateway = await MailboxGateway.start(kind);
    }, 60_000);
    afterAll(() => gateway?.stop(), 60_000);

    describe.each(visits)("for $name $how", ({ client, security }) => {
      const clientTest = test.skipIf(!requires(client.programs).met);

      clientTest(
        "is emptied: an infected message comes as a notice, the others byte for byte in their order",
        async () => {
          const mails = [cleanMail(), infectedMail(), mailWithAttachment("a.zip"), cleanMail()];
          const [first, infected, archive, last] = mails.map(({ text }) => asWire(text));
          const user = gateway.server.mailboxes.add(mails.map(({ text }) => text));
          const { messages } = await client.fetch(gateway.visit(user, security, { keep: false }));
          const [, notice = "", ...others] = texts(messages);
          expect([texts(messages)[0], ...others]).toEqual([first, archive, last]);
          for (const name of ["From", "Date", "Subject", "Message-ID"]) expect(notice).toContain(line(infected, name));
          expect(notice).not.toContain("eicar.com");
          await waitUntil("the mailbox to be empty", () => gateway.server.mailboxes.count(user) === 0);
          const [, refused] = await Promise.all(mails.map(({ id }) => gateway.retrieved(id)));
          expect(refused).toMatchObject({ outcome: "replaced", decision: { ruleName: "malware" } });
        },
      );

      clientTest("keeps its messages, and the next visit fetches only what is new", async () => {
        const [old, fresh] = [[cleanMail(), cleanMail()], cleanMail()];
        const user = gateway.server.mailboxes.add(old.map(({ text }) => text));
        const visit = gateway.visit(user, security, { keep: true });
        const first = await client.fetch(visit);
        expect(texts(first.messages)).toEqual(old.map(({ text }) => asWire(text)));
        gateway.server.mailboxes.deliver(user, [fresh.text]);
        const second = await client.fetch(visit);
        expect(texts(second.messages)).toEqual([asWire(fresh.text)]);
        expect(gateway.server.mailboxes.count(user)).toBe(3);
      });
    });
  });
});

/** The header line of that name. */
function line(message: string | undefined, name: string): string {
  return message?.split("\r\n").find((one) => one.startsWith(`${name}: `)) ?? "?";
}
