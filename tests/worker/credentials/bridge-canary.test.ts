import { expect, test } from "vitest";
import { controlPaths } from "#core/contract/control-api.ts";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { signBundle } from "../../support/control-key.ts";
import { freePort } from "../../support/free-port.ts";
import { Pop3Client } from "../../support/pop3-gateway.ts";
import { pop3Server } from "../../support/pop3-rig.ts";
import { oauthCredential, tokenServer } from "../../support/token-server.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { expectNoSecret, startWholeWorker } from "../../support/whole-worker.ts";
import { askControl, putBundle, readStatus } from "../../support/worker-control.ts";

/** A POP3 policy whose route bridges these credentials. */
function document(listenPort: number, serverPort: number, credentials: string[]) {
  const targets = [{ host: "127.0.0.1", port: serverPort }];
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "Trusted", zone: "trusted" }],
    routes: [{ name: "mailbox", protocol: "pop3", targets, tls: { mode: "none" }, bridge: { credentials } }],
    proxyActions: [{ name: "Fetch", protocol: "pop3", direction: "outgoing", limits: { loginFailureDelayMs: 1 } }],
    policies: [
      {
        name: "Fetch",
        protocol: "pop3",
        from: { interface: "Trusted" },
        to: { interface: "Trusted", route: "mailbox" },
        listen: [{ address: "127.0.0.1", port: listenPort }],
        proxyAction: "Fetch",
      },
    ],
  });
}

const access = "access-token-canary";
const clientPassword = "client-password-canary";

test("a bridged mailbox is read with the client's password here and the credential there, and no secret is told anywhere", async () => {
  const tokens = await tokenServer(() => ({ body: { access_token: access, token_type: "Bearer" } }));
  const byToken = { password: access, capabilities: ["SASL XOAUTH2"], sasl: { mechanisms: ["XOAUTH2"] } };
  const mailbox = { user: "gate@example.test", messages: ["Subject: x\r\n\r\ntext\r\n"] };
  const right = await pop3Server({ ...mailbox, ...byToken });
  const refusing = await pop3Server({ ...mailbox, ...byToken, password: "another" });
  const echoing = await pop3Server({
    capabilities: null,
    onCommand: (line, socket) => line.startsWith("PASS") && socket.write(`-ERR [AUTH] not ${line.slice(5)}\r\n`),
  });
  const worker = await startWholeWorker();
  const { target, receiver } = worker;
  const seen: string[] = [];
  const credentials = [
    oauthCredential(tokens.url, { name: "cloud", clientPassword }),
    { kind: "password", name: "box", user: "old@example.test", password: "box-password-canary", clientPassword },
  ];
  seen.push(await (await askControl(target, "PUT", controlPaths.credentials, { credentials })).text());

  /** Logs in through a policy of its own; what the client hears. */
  const logIn = async (revision: number, serverPort: number, name: string, user: string, password = clientPassword) => {
    const listenPort = await freePort();
    const bundle = signBundle(worker.key, {
      workerId: "local",
      revision,
      document: document(listenPort, serverPort, [name]),
    });
    const answer = await (await putBundle(target, bundle)).text();
    seen.push(JSON.stringify(bundle), answer);
    const client = new Pop3Client(listenPort);
    await client.line();
    await client.ask(`USER ${user}`);
    const said = await client.ask(`PASS ${password}`);
    const mail = said.startsWith("+OK") ? await client.answer("RETR 1") : "";
    client.say("QUIT\r\n");
    seen.push(said, mail, await client.whenClosed(), JSON.stringify(await readStatus(target)));
    return { said, mail };
  };

  expect(await logIn(1, right.port, "cloud", "Gate@Example.test")).toMatchObject({
    said: expect.stringMatching(/^\+OK/),
    mail: expect.stringContaining("Subject: x"),
  });
  expect(right.logins).toEqual(["XOAUTH2 right"]);
  expect(JSON.stringify(right.commands)).not.toContain(clientPassword);
  expect((await readStatus(target)).routes).toMatchObject([
    { route: "mailbox", state: "relaying", queued: 0, targets: [{ target: `127.0.0.1:${right.port}`, state: "up" }] },
  ]);
  expect((await logIn(2, right.port, "cloud", "gate@example.test", "a-guess")).said).toMatch(/^-ERR \[AUTH\]/);
  expect((await logIn(3, refusing.port, "cloud", "gate@example.test")).said).toMatch(/^-ERR \[SYS\/TEMP\]/);
  expect((await logIn(4, echoing.port, "box", "old@example.test")).said).toMatch(/^-ERR \[SYS\/TEMP\]/);
  expect(echoing.commands.slice(0, 3)).toEqual(["CAPA", "USER old@example.test", "PASS box-password-canary"]);
  const records = () => receiver.events.filter(({ kind }) => kind === "connection");
  await waitUntil("the records of all sessions", () => records().length === 4);
  seen.push(...worker.written());
  expectNoSecret(seen, ["refresh-token-canary", "client-secret-canary", "box-password-canary", clientPassword, access]);
});
