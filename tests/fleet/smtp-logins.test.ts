import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EximServer } from "../support/exim-server.ts";
import { freePort } from "../support/free-port.ts";
import { cleanMail } from "../support/mail-samples.ts";
import { belowTrace } from "../support/mail-server.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { ReportReceiver } from "../support/report-receiver.ts";
import { requires, requiresUnpacked } from "../support/requires.ts";
import { waitUntil } from "../support/wait-until.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { smtpClients } from "./clients/smtp-clients.ts";

const account = { user: "user@inside.test", password: "open-sesame" };
const envelope = { sender: "user@inside.test", recipient: "friend@outside.test" };
const mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5"] as const;

describe.skipIf(!requiresUnpacked("exim4").met)("logins with an Exim that takes no mail without one", () => {
  let exim: EximServer;
  let worker: WorkerProcess;
  let receiver: ReportReceiver;
  let ports: { users: number; devices: number };

  beforeAll(async () => {
    ports = { users: await freePort(), devices: await freePort() };
    exim = await EximServer.start({ account });
    receiver = await ReportReceiver.start();
    worker = await WorkerProcess.start({
      policy: policyFixture("logins.yaml", { 2525: ports.users, 2526: ports.devices, 2600: exim.port }),
      consoleUrl: receiver.url,
      files: { "smart-host.password": account.password },
      configuration: { credentials: [{ name: "smart host", user: account.user, passwordFile: "smart-host.password" }] },
    });
  });

  afterAll(async () => {
    await worker?.remove();
    await receiver?.close();
    await exim?.stop();
  });

  const eventOf = (messageId: string) =>
    waitUntil(`an event about ${messageId}`, () =>
      receiver.events.find((event) => event.kind === "message" && event.messageIdHeader === messageId),
    );

  describe.each(smtpClients)("$name", ({ programs, send }) => {
    describe.skipIf(!requires(programs).met)("through us", () => {
      test.each(mechanisms)("logs in with %s and delivers", async (mechanism) => {
        const mail = cleanMail();
        const login = { ...account, mechanism };
        const outcome = await send({ port: ports.users, ...envelope, text: mail.text, login });
        expect(outcome).toMatchObject({ sent: true });
        expect(belowTrace(await exim.inbox.delivered(mail.id), mail.text)).toBe(mail.text);
        expect(await eventOf(mail.id)).toMatchObject({ outcome: "relayed", auth: { mechanism } });
      });

      test("hears the server's 535 for a wrong password", async () => {
        const login = { ...account, password: "wrong", mechanism: "PLAIN" } as const;
        const outcome = await send({ port: ports.users, ...envelope, text: cleanMail().text, login });
        expect(outcome.sent).toBe(false);
        expect(outcome.heard).toMatch(/\b535\b/);
      });

      test("hears 530 without a login", async () => {
        const outcome = await send({ port: ports.users, ...envelope, text: cleanMail().text });
        expect(outcome.sent).toBe(false);
        expect(outcome.heard).toMatch(/530[ -]5\.7\.0/);
      });

      test("sends without one where the route logs in for it", async () => {
        const mail = cleanMail();
        const outcome = await send({ port: ports.devices, ...envelope, text: mail.text });
        expect(outcome).toMatchObject({ sent: true });
        expect(belowTrace(await exim.inbox.delivered(mail.id), mail.text)).toBe(mail.text);
        expect(await eventOf(mail.id)).toMatchObject({ outcome: "relayed" });
      });
    });
  });

  test("no password is in a report or in the log", () => {
    const told = JSON.stringify(receiver.reports) + worker.stderr;
    const forms = [account.password, Buffer.from(account.password).toString("base64")];
    expect(forms.filter((form) => told.includes(form))).toEqual([]);
    expect(receiver.faults).toEqual([]);
  });
});
