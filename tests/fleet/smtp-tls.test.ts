import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
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
import { runProgram } from "./clients/run-program.ts";

const server = requires([...postfixPrograms, "openssl"], { root: true });
const script = fileURLToPath(new URL("./clients/smtp_tls_send.py", import.meta.url));
const [sender, recipient] = ["sender@sender.test", "user@inside.test"];

type Place = { startTlsPort: number; implicitPort: number; authorityFile: string; mailFile: string };
type Client = { name: string; program: string; args(place: Place): string[]; input?: boolean };

const swaks = (place: Place) => [
  "--server",
  "127.0.0.1",
  "--from",
  sender,
  "--to",
  recipient,
  "--data",
  `@${place.mailFile}`,
];
const curl = (place: Place) => {
  const envelope = ["--mail-from", sender, "--mail-rcpt", recipient, "--upload-file", place.mailFile];
  return ["-sS", "--max-time", "20", "--cacert", place.authorityFile, ...envelope];
};
const python = (place: Place, port: number, mode: string) => [
  script,
  "127.0.0.1",
  String(port),
  sender,
  recipient,
  place.authorityFile,
  mode,
];

const clients: readonly Client[] = [
  { name: "swaks --tls", program: "swaks", args: (p) => [...swaks(p), "--port", String(p.startTlsPort), "--tls"] },
  {
    name: "swaks --tls-on-connect",
    program: "swaks",
    args: (p) => [...swaks(p), "--port", String(p.implicitPort), "--tls-on-connect"],
  },
  {
    name: "curl --ssl-reqd",
    program: "curl",
    args: (p) => [...curl(p), "--ssl-reqd", `smtp://127.0.0.1:${p.startTlsPort}`],
  },
  { name: "curl smtps", program: "curl", args: (p) => [...curl(p), `smtps://127.0.0.1:${p.implicitPort}`] },
  { name: "smtplib starttls", program: "python3", args: (p) => python(p, p.startTlsPort, "starttls"), input: true },
  { name: "smtplib SMTP_SSL", program: "python3", args: (p) => python(p, p.implicitPort, "implicit"), input: true },
];

describe.skipIf(!server.met)("SMTP inside TLS with real clients in front of a Postfix that takes nothing else", () => {
  const authority = new TestAuthority();
  let postfix: PostfixServer;
  let worker: WorkerProcess;
  let receiver: ReportReceiver;
  let place: Place;

  beforeAll(async () => {
    const certificate = () => authority.issue(["DNS:localhost", "IP:127.0.0.1"]);
    const [startTlsPort, implicitPort] = [await freePort(), await freePort()];
    postfix = await PostfixServer.start(certificate());
    receiver = await ReportReceiver.start();
    const { cert, key } = certificate();
    worker = await WorkerProcess.start({
      policy: policyFixture("client-fleet-tls.yaml", { 2525: startTlsPort, 2465: implicitPort, 2600: postfix.port }),
      consoleUrl: receiver.url,
      files: { "mx.pem": cert, "mx.key": key, "authority.pem": authority.cert },
      configuration: {
        certificates: [{ name: "mx", certFile: "mx.pem", keyFile: "mx.key" }],
        trustedAuthoritiesFile: "authority.pem",
      },
    });
    const at = (name: string) => join(worker.folder, name);
    place = { startTlsPort, implicitPort, authorityFile: at("authority.pem"), mailFile: at("mail.eml") };
  }, 60_000);

  afterAll(async () => {
    await worker?.remove();
    await receiver?.close();
    await postfix?.stop();
    authority.remove();
  }, 60_000);

  describe.each(clients)("$name", ({ program, args, input = false }) => {
    test.skipIf(!requires([program]).met)("delivers, encrypted on both legs", async () => {
      const mail = cleanMail();
      writeFileSync(place.mailFile, mail.text);
      const result = await runProgram(program, args(place), input ? mail.text : "");
      expect(result).toMatchObject({ code: 0 });
      const delivered = await postfix.delivered(mail.id);
      expect(delivered).toMatch(/by postern\.invalid with ESMTPS/);
      expect(delivered).toMatch(/using TLSv1\.3 with cipher/);
      const event = await waitUntil("the event", () =>
        receiver.events.find((one) => one.kind === "message" && one.messageIdHeader === mail.id),
      );
      const agreed = expect.stringMatching(/^TLSv1\.[23] TLS_/);
      expect(event).toMatchObject({ outcome: "relayed", tls: { client: agreed, upstream: agreed } });
    });
  });

  test.skipIf(!requires(["swaks"]).met)("a client in the clear hears 530 5.7.0", async () => {
    const result = await runProgram("swaks", [...swaks(place), "--port", String(place.startTlsPort)]);
    expect(result.output).toMatch(/530 5\.7\.0 Must issue a STARTTLS/);
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
    await waitUntil(
      "the new certificate",
      async () => (await shownBy(place.implicitPort)) === "DNS:renewed.test",
      15_000,
    );
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
