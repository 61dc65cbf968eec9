import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanMail } from "../support/mail-samples.ts";
import { requires, requiresUnpackedFiles } from "../support/requires.ts";
import { mailboxClients } from "./clients/mailbox-clients.ts";
import { MailboxGateway, mailboxServers } from "./mailbox-gateway.ts";

const clamd = requiresUnpackedFiles("clamd");

describe.each(mailboxServers)("logging in at $name", (kind) => {
  const ways = mailboxClients.flatMap((client) =>
    client.logins
      .filter((login) => login !== "user" && kind.logins.includes(login))
      .flatMap((login) =>
        (["clear", "implicit"] as const).map((security) => ({ client, name: client.name, login, security })),
      ),
  );

  describe.skipIf(!kind.requirement.met || !clamd.met)("through Postern", () => {
    let gateway: MailboxGateway;
    beforeAll(async () => {
      gateway = await MailboxGateway.start(kind);
    }, 60_000);
    afterAll(() => gateway?.stop(), 60_000);

    describe.each(ways)("$name with $login ($security)", ({ client, login, security }) => {
      const clientTest = test.skipIf(!requires(client.programs).met);

      clientTest("reaches the mailbox", async () => {
        const mail = cleanMail();
        const user = gateway.server.mailboxes.add([mail.text]);
        const { messages } = await client.fetch(gateway.visit(user, security, { keep: true, login }));
        expect(messages.map(String)).toEqual([mail.text]);
      });
    });

    // mutt asks the person for another password.
    describe.each(mailboxClients.filter(({ name }) => name !== "mutt"))("$name", (client) => {
      test.skipIf(!requires(client.programs).met)("gets nothing for a wrong password", async () => {
        const user = gateway.server.mailboxes.add([cleanMail().text]);
        const visit = { ...gateway.visit(user, "clear", { keep: false }), password: "wrong" };
        const { messages } = await client.fetch(visit);
        expect(messages).toEqual([]);
        expect(gateway.server.mailboxes.count(user)).toBe(1);
      });
    });
  });
});
