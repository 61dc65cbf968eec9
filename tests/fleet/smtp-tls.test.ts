import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { cleanMail } from "../support/mail-samples.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { ReportReceiver } from "../support/report-receiver.ts";
import { requires } from "../support/requires.ts";
import { TestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { smtpClients } from "./clients/smtp-clients.ts";

const server = requires([...postfixPrograms, "openssl"], { root: true });
const [sender, recipient] = ["sender@sender.test", "user@inside.test"];

describe.skipIf(!server.met)("SMTP inside TLS with real clients in front of a Postfix that takes nothing else", () => {
  const authority = new TestAuthority();
  let postfix: PostfixServer;
  let worker: WorkerProcess;
  let receiver: ReportReceiver;
  let ports: { starttls: number; implicit: number };
  let authorityFile: string;

  beforeAll(async () => {
    const certificate = () => authority.issue(["DNS:localhost", "IP:127.0.0.1"]);
    ports = { starttls: await freePort(), implicit: await freePort() };
    postfix = await PostfixServer.start({ certificate: certificate() });
    receiver = await ReportReceiver.start();
    const { cert, key } = certificate();
    worker = await WorkerProcess.start({
      policy: policyFixture("client-fleet-tls.yaml", {
        2525: ports.starttls,
        2465: ports.implicit,
        2600: postfix.port,
      }),
      consoleUrl: receiver.url,
      files: { "mx.pem": cert, "mx.key": key, "authority.pem": authority.cert },
      configuration: {
        certificates: [{ name: "mx", certFile: "mx.pem", keyFile: "mx.key" }],
        trustedAuthoritiesFile: "authority.pem",
      },
    });
    authorityFile = join(worker.folder, "authority.pem");
  }, 60_000);

  afterAll(async () => {
    await worker?.remove();
    await receiver?.close();
    await postfix?.stop();
    authority.remove();
  }, 60_000);

  const kinds = [
    { mode: "starttls", how: "STARTTLS" },
    { mode: "implicit", how: "TLS from the first byte" },
  ] as const;
  const pairs = smtpClients.flatMap((client) => kinds.map((kind) => ({ ...kind, client, name: client.name })));

  describe.each(pairs)("$name by $how", ({ client, mode }) => {
    test.skipIf(!requires(client.programs).met)("delivers, encrypted on both legs", async () => {
      const mail = cleanMail();
      const tls = { mode, authorityFile };
      const outcome = await client.send({ port: ports[mode], sender, recipient, text: mail.text, tls });
      expect(outcome).toMatchObject({ sent: true });
      const delivered = await postfix.inbox.delivered(mail.id);
      expect(delivered).toMatch(/by postern\.invalid with ESMTPS/);
      expect(delivered).toMatch(/using TLSv1\.3 with cipher/);
      const event = await waitUntil("the event", () =>
        receiver.events.find((one) => one.kind === "message" && one.messageIdHeader === mail.id),
      );
      const agreed = expect.stringMatching(/^TLSv1\.[23] TLS_/);
      expect(event).toMatchObject({ outcome: "relayed", tls: { client: agreed, upstream: agreed } });
    });
  });

  describe.each(smtpClients)("$name", (client) => {
    test.skipIf(!requires(client.programs).met)("in the clear hears 530 5.7.0", async () => {
      const outcome = await client.send({ port: ports.starttls, sender, recipient, text: cleanMail().text });
      expect(outcome.sent).toBe(false);
      expect(outcome.heard).toMatch(/530[ -]5\.7\.0 Must issue a STARTTLS/);
    });
  });

  test("a new certificate is shown without a restart", async () => {
    const { cert, key } = authority.issue(["DNS:renewed.test"]);
    for (const [name, text] of [
      ["mx.pem", cert],
      ["mx.key", key],
    ] as const) {
      writeFileSync(join(worker.folder, `${name}.new`), text, { mode: 0o600 });
      renameSync(join(worker.folder, `${name}.new`), join(worker.folder, name));
    }
    await waitUntil("the new certificate", async () => (await shownBy(ports.implicit)) === "DNS:renewed.test", 15_000);
  });

  test("the worker logged no error", () => {
    expect(receiver.faults).toEqual([]);
    expect(worker.stderr.split("\n").filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  });
});

function shownBy(port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subjectaltname);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}
