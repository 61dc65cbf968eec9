import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { controlPaths } from "#core/contract/control-api.ts";
import { signBundle } from "../support/control-key.ts";
import { DovecotAuth } from "../support/dovecot-auth.ts";
import { dovecotPrograms } from "../support/dovecot-server.ts";
import { freePort } from "../support/free-port.ts";
import { cleanMail } from "../support/mail-samples.ts";
import { smtpDocument } from "../support/policy-documents.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { requires } from "../support/requires.ts";
import { SmtpClient } from "../support/smtp-client.ts";
import { TestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { askControl, putBundle, readQueue, readStatus } from "../support/worker-control.ts";
import { WorkerProcess } from "../support/worker-process.ts";

const requirement = requires([...postfixPrograms, ...dovecotPrograms, "openssl"], { root: true });
const account = { user: "gate", password: "sésame, öffne dich" };

describe.skipIf(!requirement.met)("a Postfix with Dovecot's SASL as the smart host", () => {
  const authority = new TestAuthority();
  let worker: WorkerProcess;
  let revision = 0;
  const target = () => ({ controlUrl: worker.controlUrl, token: worker.token });

  beforeAll(async () => {
    const files = { "authority.pem": authority.cert };
    worker = await WorkerProcess.start({ files, configuration: { trustedAuthoritiesFile: "authority.pem" } });
  });
  afterAll(async () => {
    await worker?.remove();
    authority.remove();
  });

  const give = (password: string) =>
    askControl(target(), "PUT", controlPaths.credentials, {
      credentials: [{ kind: "password", name: "hub", ...account, password }],
    });

  /** Publishes a route with the credential to the server; gives the port that clients use. */
  async function publish(upstreamPort: number, tls: Record<string, unknown>): Promise<number> {
    const port = await freePort();
    const document = smtpDocument({ ports: [port], upstreamPort });
    const routes = document.routes.map((route) => ({ ...route, credential: "hub", tls }));
    const bundle = signBundle(worker.key, {
      workerId: worker.workerId,
      revision: ++revision,
      document: { ...document, routes },
    });
    expect((await putBundle(target(), bundle)).status).toBe(200);
    return port;
  }

  async function sendThrough(port: number): Promise<{ id: string; said: string }> {
    const { id, text } = cleanMail();
    const client = await SmtpClient.connect(port);
    const said = await client.mail(text);
    client.close();
    return { id, said };
  }

  describe.each(["plain", "login", "cram-md5", "scram-sha-1", "scram-sha-256"])("that knows %s only", (mechanism) => {
    let auth: DovecotAuth;
    let server: PostfixServer;
    beforeAll(async () => {
      auth = await DovecotAuth.start(account, [mechanism]);
      server = await PostfixServer.start({ loginSocket: auth.socket, certificate: authority.issue(["IP:127.0.0.1"]) });
    });
    afterAll(async () => {
      await server?.stop();
      await auth?.stop();
    });

    test("takes mail from us inside TLS, and no mail before the credential is right", async () => {
      await give("wrong");
      const port = await publish(server.port, { mode: "required", verify: "ca" });
      const waiting = await sendThrough(port);
      expect(waiting.said).toMatch(/^250 .*Accepted for delivery/);
      await waitUntil("the refused login", async () => (await readQueue(target()))[0]?.lastReply?.includes("535"));
      const [route] = (await readStatus(target())).routes;
      expect(route).toMatchObject({
        state: "down",
        targets: [{ state: "down", lastError: expect.stringContaining("535") }],
      });
      expect(server.inbox.stored()).toEqual([]);
      await give(account.password);
      expect(await server.inbox.delivered(waiting.id, 30_000)).toContain("(Authenticated sender: gate)");
      const { id, said } = await sendThrough(port);
      expect(said).toMatch(/^250 2\.0\.0 Ok: queued/);
      expect(await server.inbox.delivered(id)).toContain("(Authenticated sender: gate)");
      expect(worker.stderr).not.toContain(account.password);
    });
  });
});
