import { createHash } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { apopTimestamp } from "../../support/fake-pop3-server.ts";
import { authenticate, clientExchanges } from "../../support/pop3-auth.ts";
import type { GatewayOptions, Pop3Client } from "../../support/pop3-gateway.ts";
import { startPop3 } from "../../support/pop3-setup.ts";
import { serverTls } from "../../support/server-tls.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const pop = authority.issue(["DNS:pop.test"]);
afterAll(() => authority.remove());

const secret = "s3cret/that+nobody=writes";
const digest = createHash("md5").update(`${apopTimestamp}${secret}`).digest("hex");
const sasl = { mechanisms: Object.keys(clientExchanges) };

type Way = (client: Pop3Client, word: string) => Promise<string>;
const ways: Record<string, Way> = {
  USER: async (client, word) => {
    await client.ask("USER joe");
    return client.ask(`PASS ${word}`);
  },
  APOP: (client, word) => client.ask(`APOP joe ${word === secret ? digest : "a".repeat(32)}`),
  ...Object.fromEntries(
    Object.entries(clientExchanges).map(([name, make]): [string, Way] => [
      name,
      (client, word) => authenticate(client, make("joe", word)),
    ]),
  ),
};

/** A secret in any form in which it goes over the wire. */
function forms(word: string): string[] {
  const messages = [word, `\0joe\0${word}`, `user=joe\x01auth=Bearer ${word}\x01\x01`];
  return [word, ...messages.map((text) => Buffer.from(text).toString("base64")), JSON.stringify(word).slice(1, -1)];
}

const choice: Partial<GatewayOptions> = { to: { serverChoice: { servers: [{ server: "b.test", route: "mailbox" }] } } };

describe.each([
  ["with one server", {}, Object.keys(ways)],
  ["where the server hangs on the user", choice, ["USER", "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"]],
] as const)("%s", (_what, gateway, names) => {
  it.each([...names])(
    "a login by %s is recorded with its user, its mechanism and TLS, and without its secret",
    async (name) => {
      const way = ways[name];
      if (way === undefined) throw new Error(name);
      const tls = serverTls("implicit", { pop }, "intermediate", "pop3");
      const { client, gate } = await startPop3({ password: secret, sasl }, { ...gateway, tls });
      await client.startTls();
      await client.line();
      expect(await way(client, "wr0ng-s3cret")).toBe("-ERR [AUTH] Login failed\r\n");
      expect(await way(client, secret)).toMatch(/^\+OK/);
      client.say("QUIT\r\n");
      await client.whenClosed();
      await waitUntil("the record is written", () => gate.connections.length === 1);
      expect(gate.connections[0]).toMatchObject({
        user: "joe",
        authMechanism: name,
        tls: { client: expect.stringMatching(/^TLSv1\.3 /), upstream: null },
        upstream: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        end: "quit",
      });
      const written = JSON.stringify([gate.events, gate.connections]);
      for (const form of [...forms(secret), ...forms("wr0ng-s3cret"), digest]) expect(written).not.toContain(form);
    },
  );
});

describe("a server that says back what it was told", () => {
  const token = Buffer.from(`\0joe\0${secret}`).toString("base64");
  it.each([
    ["PASS", "", `PASS ${secret}`],
    ["PASS", "[SYS/TEMP] ", `PASS ${secret}`],
    ["AUTH", "", `AUTH PLAIN ${token}`],
    ["AUTH", "[SYS/TEMP] ", `AUTH PLAIN ${token}`],
  ])("of %s behind -ERR %s is not written down", async (verb, code, login) => {
    const { client, gate } = await startPop3({
      onCommand: (line, socket) => line.startsWith(verb) && socket.write(`-ERR ${code}not with "${line}"\r\n`),
    });
    await client.line();
    await client.ask("USER joe");
    const answer = await client.ask(login);
    client.socket.destroy();
    await waitUntil("the record is written", () => gate.connections.length === 1);
    const written = JSON.stringify([gate.events, gate.connections, answer]);
    expect(written).toContain("*");
    for (const form of forms(secret)) expect(written).not.toContain(form);
  });
});
