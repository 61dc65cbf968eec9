import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DovecotAuth } from "../support/dovecot-auth.ts";
import { dovecotPrograms } from "../support/dovecot-server.ts";
import { freePort } from "../support/free-port.ts";
import { cleanMail } from "../support/mail-samples.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { requires } from "../support/requires.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { smtpClients } from "./clients/smtp-clients.ts";

const account = { user: "gate", password: "open-sesame" };
const msmtp = smtpClients.find(({ name }) => name === "msmtp");
const requirement = requires([...postfixPrograms, ...dovecotPrograms, "msmtp"], { root: true });

describe.skipIf(!requirement.met)("msmtp logs in through us at a Postfix with Dovecot's SASL", () => {
  let auth: DovecotAuth;
  let server: PostfixServer;
  let worker: WorkerProcess;
  let port: number;

  beforeAll(async () => {
    auth = await DovecotAuth.start(account, ["scram-sha-1", "scram-sha-256"]);
    server = await PostfixServer.start({ loginSocket: auth.socket });
    port = await freePort();
    const ports = { 2525: port, 2526: await freePort(), 2600: server.port };
    const policy = policyFixture("logins.yaml", ports).replace("CRAM-MD5]", "CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-256]");
    const files = { "smart-host.password": account.password };
    const credentials = [{ name: "smart host", user: account.user, passwordFile: "smart-host.password" }];
    worker = await WorkerProcess.start({ policy, files, configuration: { credentials } });
  });

  afterAll(async () => {
    await worker?.remove();
    await server?.stop();
    await auth?.stop();
  });

  const send = (text: string, login: { user: string; password: string }, mechanism: "SCRAM-SHA-1" | "SCRAM-SHA-256") =>
    msmtp?.send({
      port,
      sender: "gate@inside.test",
      recipient: "friend@outside.test",
      text,
      login: { ...login, mechanism },
    });

  test.each(["SCRAM-SHA-1", "SCRAM-SHA-256"] as const)(
    "with %s, each side proving that it knows the password",
    async (mechanism) => {
      const { id, text } = cleanMail();
      expect(await send(text, account, mechanism)).toMatchObject({ sent: true });
      expect(await server.inbox.delivered(id)).toContain("(Authenticated sender: gate)");
    },
  );

  test("and hears 535 for a wrong password", async () => {
    const outcome = await send(cleanMail().text, { ...account, password: "wrong" }, "SCRAM-SHA-256");
    expect(outcome?.sent).toBe(false);
    expect(outcome?.heard).toMatch(/\b535\b/);
  });
});
