import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanMail, mailWithAttachment } from "../support/mail-samples.ts";
import { belowTrace, type MailServer } from "../support/mail-server.ts";
import { requires } from "../support/requires.ts";
import { TestAuthority } from "../support/test-authority.ts";
import { smtpClients } from "./clients/smtp-clients.ts";
import { mailServers } from "./mail-servers.ts";
import { doors, envelopes, TwoWayGateway } from "./two-way-gateway.ts";

const openssl = requires(["openssl"]);

describe.each(mailServers)("$name as the server behind", ({ requirement, start }) => {
  describe.skipIf(!requirement.met || !openssl.met)("takes mail", () => {
    const authority = new TestAuthority();
    let clear: MailServer;
    let encrypted: MailServer;
    let gateway: TwoWayGateway;

    beforeAll(async () => {
      clear = await start();
      encrypted = await start({ certificate: authority.issue(["IP:127.0.0.1"]) });
      gateway = await TwoWayGateway.start(authority, { clear: clear.port, encrypted: encrypted.port });
    });

    afterAll(async () => {
      await gateway?.stop();
      await clear?.stop();
      await encrypted?.stop();
      authority.remove();
    });

    describe.each(doors)("$direction, $security", (door) => {
      const { direction, security } = door;
      const serverOf = () => (security === "none" ? clear : encrypted);
      const tlsOf = () =>
        security === "none" ? {} : { tls: { mode: security, authorityFile: gateway.authorityFile } };

      test.each(smtpClients)("from $name, byte for byte below the trace lines", async ({ programs, send }) => {
        if (!requires(programs).met) return;
        const mail = cleanMail();
        const outcome = await send({ port: gateway.port(door), ...envelopes[direction], text: mail.text, ...tlsOf() });
        expect(outcome).toMatchObject({ sent: true });
        expect(belowTrace(await serverOf().inbox.delivered(mail.id), mail.text)).toBe(mail.text);
        await gateway.expectRelayed(mail.id, door);
      });
    });

    test("and its refusal of a recipient is what the client hears", async () => {
      const [client] = smtpClients.filter(({ name }) => name === "nodemailer");
      const door = { direction: "incoming", security: "none" } as const;
      const { text } = mailWithAttachment("note.txt");
      const envelope = { sender: envelopes.incoming.sender, recipient: "user@elsewhere.test" };
      const outcome = await client?.send({ port: gateway.port(door), ...envelope, text });
      expect(outcome).toMatchObject({ sent: false, heard: expect.stringMatching(/\b55\d /) });
    });
  });
});
