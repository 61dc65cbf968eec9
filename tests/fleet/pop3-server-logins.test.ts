import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import type { Pop3Route } from "#core/contract/policy-document.ts";
import { AccessTokens } from "#worker/credentials/access-tokens.ts";
import { CredentialLogin } from "#worker/credentials/credential-login.ts";
import { ClientTls } from "#worker/tls/client-tls.ts";
import type { Pop3Contact } from "#worker/upstream/pop3-contact.ts";
import { loginWithCredential, loginWithPassword } from "#worker/upstream/pop3-login.ts";
import type { ServerLogin } from "#worker/upstream/sasl/server-login.ts";
import { DovecotServer, dovecotPrograms } from "../support/dovecot-server.ts";
import { type MailboxServer, mailboxPassword } from "../support/mailboxes.ts";
import { capabilitiesOf, contact, pop3Route, pop3Servers } from "../support/pop3-rig.ts";
import { requires } from "../support/requires.ts";
import { TestAuthority } from "../support/test-authority.ts";
import { oauthCredential, tokenInfoServer, tokenServer } from "../support/token-server.ts";
import { mailboxServers } from "./mailbox-gateway.ts";

const modes = ["none", "preferred", "required", "implicit"] as const;

/** The credential's login where the server seems to offer nothing else than the mechanism. */
function only(mechanism: string, credential: Credential): ServerLogin {
  const tokens = new AccessTokens({ now: Date.now, renewed: () => undefined });
  const login = new CredentialLogin({
    credential: credential.name,
    allowsClearText: true,
    store: { get: () => credential },
    tokens,
  });
  const seen = (offered: readonly string[]): string[] => offered.filter((name) => name === mechanism);
  return {
    begin: (offer, done) => login.begin({ ...offer, mechanisms: seen(offer.mechanisms) }, done),
    refused: () => login.refused(),
  };
}

function outcome(login: (done: (failure: string | null) => void) => void, found: Pop3Contact): Promise<string> {
  return new Promise((resolve) => {
    found.connection.onLost = resolve;
    login((failure) => resolve(failure ?? "in"));
  });
}

describe.each(mailboxServers)("our login at $name", (kind) => {
  describe.skipIf(!kind.requirement.met)("as a client", () => {
    const authority = new TestAuthority();
    const servers = () => pop3Servers({ clientTls: new ClientTls(authority.cert) });
    let server: MailboxServer;
    let user: string;
    beforeAll(async () => {
      server = await kind.start({ certificate: authority.issue(["IP:127.0.0.1"]) });
      user = server.mailboxes.add(["Subject: x\r\n\r\ntext\r\n"]);
    }, 60_000);
    afterAll(async () => {
      await server?.stop();
      authority.remove();
    }, 60_000);

    const route = (mode: (typeof modes)[number]): Pop3Route =>
      pop3Route([{ port: mode === "implicit" ? server.tlsPort : server.port }], {
        tls: { mode },
        connectTimeoutMs: 10_000,
        replyTimeoutMs: 10_000,
      });
    async function reached(mode: (typeof modes)[number]): Promise<Pop3Contact> {
      const { contact: found, reasons } = await contact(servers(), route(mode));
      if (found === null) throw new Error(reasons.join("; "));
      return found;
    }

    test.each(modes)("has the TLS of the mode %s, and a password is taken by USER and PASS", async (mode) => {
      const found = await reached(mode);
      expect(found.tls !== null).toBe(mode !== "none");
      const login = { user, password: mailboxPassword, clearText: true };
      expect(await outcome((done) => loginWithPassword(found, login, done), found)).toBe("in");
    });
    test("is made by every mechanism that we know and the server offers inside TLS", async () => {
      const capabilities = await capabilitiesOf(await reached("required"));
      const sasl = (Array.isArray(capabilities) ? capabilities : []).find((line) => line.startsWith("SASL ")) ?? "";
      const known = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"];
      const offered = known.filter((name) => sasl.split(" ").includes(name));
      expect(offered).toEqual(expect.arrayContaining(["CRAM-MD5", "PLAIN", "LOGIN"]));
      for (const mechanism of [...offered, "USER"]) {
        const found = await reached("required");
        const end = await outcome(
          (done) =>
            loginWithCredential(
              found,
              only(mechanism, { kind: "password", name: "box", user, password: mailboxPassword }),
              done,
            ),
          found,
        );
        expect(`${mechanism}: ${end}`).toBe(`${mechanism}: in`);
        found.connection.destroy();
      }
    });
    test("with another password is refused with the server's words", async () => {
      const found = await reached("required");
      const login = { user, password: "a-guess", clearText: true };
      expect(await outcome((done) => loginWithPassword(found, login, done), found)).toMatch(
        /^the login by USER and PASS was refused: -ERR /,
      );
    });
    test("is not needed for a health check", async () => {
      for (const mode of modes) {
        const watching = servers();
        const [target] = route(mode).targets;
        if (target === undefined) throw new Error("no target");
        await new Promise<void>((done) => watching.check(route(mode), target, 0, done));
        expect(watching.targetStates(route(mode))).toMatchObject([{ state: "up", connections: 0 }]);
        expect(watching.lastCapabilities(route(mode))).toContain("UIDL");
      }
    });
  });
});

describe.skipIf(!requires([...dovecotPrograms, "openssl"], { root: true }).met)(
  "our login at Dovecot with a token",
  () => {
    test.each(["XOAUTH2", "OAUTHBEARER"])("is made by %s, and its refusal is answered and told", async (mechanism) => {
      let access = "a-good-token";
      const tokens = await tokenServer(() => ({ body: { access_token: access, token_type: "Bearer" } }));
      const server = await DovecotServer.start({ tokenInfoUrl: await tokenInfoServer({ [access]: "user1" }) });
      onTestFinished(() => server.stop());
      const user = server.mailboxes.add(["Subject: x\r\n\r\ntext\r\n"]);
      const credential = oauthCredential(tokens.url, { user });
      const route = pop3Route([server], { connectTimeoutMs: 10_000, replyTimeoutMs: 10_000 });
      const logIn = async (): Promise<string> => {
        const { contact: found } = await contact(pop3Servers(), route);
        if (found === null) throw new Error("no contact");
        return outcome((done) => loginWithCredential(found, only(mechanism, credential), done), found);
      };
      expect(await logIn()).toBe("in");
      access = "a-token-of-nobody";
      const refused = await logIn();
      expect(refused).toMatch(
        new RegExp(`^the login by ${mechanism} was refused: -ERR .*\\(.*(?:status|invalid_token)`),
      );
      expect(refused).not.toContain(access);
    });
  },
);
