import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { controlPaths } from "#core/contract/control-api.ts";
import { pinKey } from "#worker/policy/verify-bundle.ts";
import { Worker } from "#worker/worker.ts";
import { authOptions } from "../../support/auth-server.ts";
import { makeControlKey, signBundle } from "../../support/control-key.ts";
import { freePort } from "../../support/free-port.ts";
import { smtpDocument } from "../../support/policy-documents.ts";
import { ReportReceiver } from "../../support/report-receiver.ts";
import { SmtpClient } from "../../support/smtp-client.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { oauthCredential, tokenServer } from "../../support/token-server.ts";
import { fakeServer } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { askControl, putBundle, readStatus } from "../../support/worker-control.ts";

const token = "the-token-of-this-worker-0123456789";
const key = makeControlKey();

/** Everything that the worker wrote under the folder, by file. */
function filesUnder(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => [path, readFileSync(path, "latin1")]);
}

/** A secret as it could be written: as it is, in base64 at each offset, in hex. */
function spellings(secret: string): string[] {
  const base64 = [0, 1, 2].map((pad) => {
    const text = Buffer.from(`${" ".repeat(pad)}${secret}`)
      .toString("base64")
      .replaceAll("=", "");
    return text.slice(pad === 0 ? 0 : pad + 1, -2);
  });
  return [secret, ...base64, Buffer.from(secret).toString("hex")];
}

/** A whole worker with a console that it reports to; `log`: what it wrote. */
async function startWorker() {
  const stateDir = temporaryFolder();
  const log: string[] = [];
  const receiver = await ReportReceiver.start();
  const port = await freePort();
  const worker = await Worker.start(
    {
      workerId: "local",
      stateDir,
      policyFile: null,
      control: { address: "127.0.0.1", port, token, pinned: pinKey(key.publicKeyPem) },
      console: { url: receiver.url, token },
      certificates: [],
      credentials: [],
      nameServers: [],
      quarantine: { bytesMax: 1024 ** 3 },
      trustedAuthorities: null,
    },
    {
      log: pino({ level: "trace" }, { write: (line: string) => void log.push(line) }),
      hostName: "gate.test",
      now: Date.now,
      random: Math.random,
    },
  );
  onTestFinished(async () => {
    await worker.stop(0);
    await receiver.close();
  });
  return { stateDir, log, receiver, target: { controlUrl: `http://127.0.0.1:${port}`, token } };
}

test("secrets are in no log, report, event, status, control answer, bundle or file, whatever goes wrong", async () => {
  const access = "access-token-canary";
  const tokens = await tokenServer(({ size }) =>
    tokens.forms.length === 1
      ? {
          status: 400,
          body: { error: "invalid_grant", error_description: `no: refresh-token-canary client-secret-canary ${size}` },
        }
      : { body: { access_token: access, token_type: "Bearer", refresh_token: "rotated-token-canary" } },
  );
  const wrong = authOptions({ user: "gate", password: "another", mechanisms: ["PLAIN", "LOGIN"] });
  const byPassword = authOptions({ user: "gate", password: "password-canary", mechanisms: ["LOGIN"] });
  const byToken = authOptions({ user: "gate@example.test", password: access, mechanisms: ["XOAUTH2"] });
  const servers = [
    await fakeServer(wrong.options),
    await fakeServer(byPassword.options),
    await fakeServer(byToken.options),
  ];
  const { stateDir, log, receiver, target } = await startWorker();
  const password = { kind: "password", user: "gate", password: "password-canary" };
  const credentials = [
    { ...password, name: "c0" },
    { ...password, name: "c1" },
    oauthCredential(tokens.url, { name: "c2" }),
  ];
  const seen: string[] = [];
  const push = await askControl(target, "PUT", controlPaths.credentials, { credentials });
  seen.push(await push.text());

  for (const [index, server] of servers.entries()) {
    const listenPort = await freePort();
    const document = smtpDocument({ ports: [listenPort], upstreamPort: server.port });
    const [route] = document.routes;
    if (route?.protocol !== "smtp") throw new Error("no SMTP route");
    Object.assign(route, { credential: `c${index}`, tls: { mode: "none", verify: "ca", fingerprints: [] } });
    const bundle = signBundle(key, { workerId: "local", revision: index + 1, document });
    seen.push(JSON.stringify(bundle), await (await putBundle(target, bundle)).text());
    const client = await SmtpClient.connect(listenPort);
    seen.push(await client.mail("Subject: x\r\n\r\ntext\r\n"));
    client.close();
    seen.push(JSON.stringify(await readStatus(target)));
  }
  expect(wrong.logins).toEqual(["PLAIN wrong"]);
  expect(byPassword.logins).toContain("LOGIN right");
  expect(tokens.forms.length).toBeGreaterThan(0);
  await waitUntil(
    "its reports",
    () => receiver.events.filter(({ kind }) => kind === "message").length === servers.length,
  );
  seen.push(JSON.stringify(receiver.reports), ...log);
  seen.push(...filesUnder(stateDir).flat());

  const secrets = [
    ...credentials.flatMap((one) => ("password" in one ? [one.password] : [one.refreshToken, one.clientSecret])),
  ];
  for (const secret of [...secrets, access, "rotated-token-canary"]) {
    for (const spelling of spellings(secret)) {
      expect(seen.filter((text) => text.includes(spelling))).toEqual([]);
    }
  }
});
