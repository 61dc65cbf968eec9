import { expect, test } from "vitest";
import { controlPaths } from "#core/contract/control-api.ts";
import { authOptions } from "../../support/auth-server.ts";
import { signBundle } from "../../support/control-key.ts";
import { freePort } from "../../support/free-port.ts";
import { smtpDocument } from "../../support/policy-documents.ts";
import { SmtpClient } from "../../support/smtp-client.ts";
import { oauthCredential, tokenServer } from "../../support/token-server.ts";
import { fakeServer } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { expectNoSecret, startWholeWorker } from "../../support/whole-worker.ts";
import { askControl, putBundle, readStatus } from "../../support/worker-control.ts";

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
  const worker = await startWholeWorker();
  const { receiver, target } = worker;
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
    const bundle = signBundle(worker.key, { workerId: "local", revision: index + 1, document });
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
  seen.push(...worker.written());

  const secrets = credentials.flatMap((one) =>
    "password" in one ? [one.password] : [one.refreshToken, one.clientSecret],
  );
  expectNoSecret(seen, [...secrets, access, "rotated-token-canary"]);
});
