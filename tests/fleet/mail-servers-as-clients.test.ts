import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cleanMail } from "../support/mail-samples.ts";
import { belowTrace, type MailServer } from "../support/mail-server.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { requires } from "../support/requires.ts";
import { TestAuthority } from "../support/test-authority.ts";
import { smtpClients } from "./clients/smtp-clients.ts";
import { mailServers } from "./mail-servers.ts";
import { type Door, doors, envelopes, TwoWayGateway } from "./two-way-gateway.ts";

const sink = requires([...postfixPrograms, "openssl"], { root: true });
const ways: Record<Door["security"], string> = {
  none: "in the clear",
  starttls: "by STARTTLS",
  implicit: "inside TLS",
};

describe.skipIf(!sink.met)("real servers as clients, on the way to a real Postfix", () => {
  const authority = new TestAuthority();
  let clear: PostfixServer;
  let encrypted: PostfixServer;
  let gateway: TwoWayGateway;

  beforeAll(async () => {
    clear = await PostfixServer.start();
    encrypted = await PostfixServer.start({ certificate: authority.issue(["IP:127.0.0.1"]) });
    gateway = await TwoWayGateway.start(authority, { clear: clear.port, encrypted: encrypted.port });
  });

  afterAll(async () => {
    await gateway?.stop();
    await clear?.stop();
    await encrypted?.stop();
    authority.remove();
  });

  /** Hands the message to a server that relays everything. */
  async function submit(server: MailServer, direction: Door["direction"], text: string): Promise<void> {
    const nodemailer = smtpClients.find(({ name }) => name === "nodemailer");
    const outcome = await nodemailer?.send({ port: server.port, ...envelopes[direction], text });
    expect(outcome).toMatchObject({ sent: true });
  }

  describe.each(mailServers)("$name", ({ requirement, start }) => {
    describe.skipIf(!requirement.met).each(doors)("$direction, $security", (door) => {
      let server: MailServer;

      beforeEach(async () => {
        server = await start({ relay: { port: gateway.port(door), tls: door.security } });
      });
      afterEach(() => server?.stop());

      test(`sends a message ${ways[door.security]}, and it arrives byte for byte`, async () => {
        const mail = cleanMail();
        await submit(server, door.direction, mail.text);
        const { inbox } = door.security === "none" ? clear : encrypted;
        expect(belowTrace(await inbox.delivered(mail.id), mail.text)).toBe(mail.text);
        await gateway.expectRelayed(mail.id, door);
      });
    });
  });
});
