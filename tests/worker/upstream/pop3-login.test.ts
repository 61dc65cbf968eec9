import { afterAll, describe, expect, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import { AccessTokens } from "#worker/credentials/access-tokens.ts";
import { CredentialLogin } from "#worker/credentials/credential-login.ts";
import { ClientTls } from "#worker/tls/client-tls.ts";
import { loginWithCredential, loginWithPassword, type PasswordLogin } from "#worker/upstream/pop3-login.ts";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { contact, pop3Route, pop3Server, pop3Servers } from "../../support/pop3-rig.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { oauthCredential, tokenServer } from "../../support/token-server.ts";

const authority = new TestAuthority();
const good = authority.issue(["IP:127.0.0.1"]);
afterAll(() => authority.remove());

type Outcome = { failure: string | null; said: StatusLine | null };

async function reached(options: FakePop3Options, tls?: Record<string, unknown>) {
  const server = await pop3Server(options);
  const servers = pop3Servers({ clientTls: new ClientTls(authority.cert) });
  const { contact: found, reasons } = await contact(servers, pop3Route([server], tls === undefined ? {} : { tls }));
  if (found === null) throw new Error(reasons.join("; "));
  return { server, found };
}

/** Logs in with joe's password, where nothing else is said. */
async function byPassword(options: FakePop3Options, login: Partial<PasswordLogin> = {}, tls?: Record<string, unknown>) {
  const { server, found } = await reached(options, tls);
  const outcome = await new Promise<Outcome>((resolve) => {
    found.connection.onLost = (failure) => resolve({ failure, said: null });
    const whole = { user: "joe", password: "secret", clearText: true, ...login };
    loginWithPassword(found, whole, (failure, said) => resolve({ failure, said }));
  });
  return { server, ...outcome };
}

async function byCredential(
  options: FakePop3Options,
  credential: Credential,
  { tls = { mode: "none" }, allowsClearText = true }: { tls?: Record<string, unknown>; allowsClearText?: boolean } = {},
) {
  const { server, found } = await reached(options, tls);
  const tokens = new AccessTokens({ now: Date.now, renewed: () => undefined });
  const store = { get: () => credential };
  const login = new CredentialLogin({ credential: credential.name, allowsClearText, store, tokens });
  const outcome = await new Promise<Outcome>((resolve) => {
    found.connection.onLost = (failure) => resolve({ failure, said: null });
    loginWithCredential(found, login, (failure, said) => resolve({ failure, said }));
  });
  return { server, ...outcome };
}

const isIn = { failure: null, said: null };

describe("a login with what a client said", () => {
  test.each<[string, FakePop3Options, string[]]>([
    ["by USER and PASS where the server lists USER", {}, ["CAPA", "USER joe", "PASS secret"]],
    [
      "by USER and PASS where the server lists SASL PLAIN too",
      { sasl: { mechanisms: ["PLAIN"] } },
      ["CAPA", "USER joe", "PASS secret"],
    ],
    ["by USER and PASS where the server knows no CAPA", { capabilities: null }, ["CAPA", "USER joe", "PASS secret"]],
    [
      "by SASL PLAIN where the server lists only that, with the response in the command (RFC 5034 §4)",
      { capabilities: ["SASL CRAM-MD5 PLAIN"], sasl: { mechanisms: ["PLAIN"] } },
      ["CAPA", "AUTH PLAIN AGpvZQBzZWNyZXQ="],
    ],
  ])("is made %s", async (_what, options, commands) => {
    const { server, ...outcome } = await byPassword(options);
    expect(outcome).toEqual(isIn);
    expect(server.commands).toEqual(commands);
  });
  test("keeps a response that would make the command longer than 255 octets for the challenge", async () => {
    const password = "x".repeat(200);
    const options = { password, capabilities: ["SASL PLAIN"], sasl: { mechanisms: ["PLAIN"] } };
    const { server, ...outcome } = await byPassword(options, { password });
    expect(outcome).toEqual(isIn);
    expect(server.commands[1]).toBe("AUTH PLAIN");
    expect(server.logins).toEqual(["PLAIN right"]);
  });
  test("passes the bytes on as they came, in either way", async () => {
    const password = "m\xfcnchen";
    expect(await byPassword({ password }, { password })).toMatchObject(isIn);
    const plain = { password, capabilities: ["SASL PLAIN"], sasl: { mechanisms: ["PLAIN"] } };
    expect(await byPassword(plain, { password })).toMatchObject(isIn);
  });
  test.each<[string, FakePop3Options]>([
    ["by PASS", {}],
    ["by SASL PLAIN", { capabilities: ["SASL PLAIN"], sasl: { mechanisms: ["PLAIN"] } }],
  ])("that the server refuses %s fails with its answer", async (_what, options) => {
    const { failure, said } = await byPassword({ ...options, password: "another" });
    expect(failure).toMatch(/was refused: -ERR \[AUTH\] wrong/);
    expect(said).toEqual({ ok: false, text: "[AUTH] wrong" });
  });
  test("fails where the server takes a password in no way that we know, and nothing is said", async () => {
    const { server, failure } = await byPassword({ capabilities: ["SASL CRAM-MD5 GSSAPI", "UIDL"] });
    expect(failure).toMatch(/neither by USER and PASS nor by SASL PLAIN/);
    expect(server.commands).toEqual(["CAPA"]);
  });
  test("is not made in clear text where the secret must not be shown, and made inside TLS", async () => {
    const { server, failure } = await byPassword({}, { clearText: false });
    expect(failure).toMatch(/would show the secret/);
    expect(server.commands).toEqual([]);
    expect(await byPassword({ tls: good }, { clearText: false }, { mode: "required" })).toMatchObject(isIn);
  });
  test.each<[string, Partial<PasswordLogin>]>([
    ["name", { user: "joe\r\nDELE 1" }],
    ["password", { password: "x\r\nQUIT" }],
    ["password with a NUL", { password: "x\0y" }],
  ])("cannot carry a command in a %s", async (_what, login) => {
    const { server, failure, said } = await byPassword({}, login);
    expect(failure).toMatch(/cannot be said/);
    expect(said).toBeNull();
    expect(server.commands.join("\n")).not.toMatch(/DELE|QUIT|PASS/);
  });
  test("does not tell what the server says back of the password", async () => {
    const { failure, said } = await byPassword({
      onCommand: (line, socket) => line.startsWith("PASS") && socket.write(`-ERR no such ${line}\r\n`),
    });
    expect(`${failure} ${said?.text}`).not.toContain("secret");
  });
});

const password: Credential = { kind: "password", name: "box", user: "joe", password: "secret-canary" };
const mailbox = (mechanisms: string[], more: FakePop3Options = {}): FakePop3Options => {
  return { password: "secret-canary", capabilities: [`SASL ${mechanisms.join(" ")}`], sasl: { mechanisms }, ...more };
};
const everything = ["LOGIN", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"];

describe("a login with a credential that has a password", () => {
  test.each([
    [everything, "SCRAM-SHA-512"],
    [everything.slice(0, 5), "SCRAM-SHA-256"],
    [everything.slice(0, 4), "SCRAM-SHA-1"],
    [everything.slice(0, 3), "CRAM-MD5"],
    [["LOGIN", "PLAIN", "GSSAPI", "XOAUTH2"], "PLAIN"],
    [["LOGIN"], "LOGIN"],
  ])("is made where %j is offered by %s", async (mechanisms, chosen) => {
    const { server, ...outcome } = await byCredential(mailbox(mechanisms), password);
    expect(outcome).toEqual(isIn);
    expect(server.logins).toEqual([`${chosen} right`]);
  });
  test("is made by USER and PASS where the server has nothing better", async () => {
    for (const capabilities of [["USER", "UIDL"], null]) {
      const { server, ...outcome } = await byCredential({ password: "secret-canary", capabilities }, password);
      expect(outcome).toEqual(isIn);
      expect(server.commands).toEqual(["CAPA", "USER joe", "PASS secret-canary"]);
    }
  });
  test.each([
    ["USER", { capabilities: ["USER"] }],
    ["PLAIN and LOGIN", mailbox(["PLAIN", "LOGIN"])],
  ])("does not show its secret in the clear by %s", async (_what, options) => {
    const { server, failure, said } = await byCredential(options, password, { allowsClearText: false });
    expect(failure).toMatch(/would show the secret/);
    expect(said).toBeNull();
    expect(server.commands).toEqual(["CAPA"]);
  });
  test("may use in the clear what does not show it, and PLAIN inside TLS", async () => {
    const scram = await byCredential(mailbox(["PLAIN", "SCRAM-SHA-256"]), password, { allowsClearText: false });
    expect(scram.server.logins).toEqual(["SCRAM-SHA-256 right"]);
    const inTls = { tls: { mode: "required" }, allowsClearText: false };
    const plain = await byCredential(mailbox(["PLAIN"], { tls: good }), password, inTls);
    expect(plain.server.logins).toEqual(["PLAIN right"]);
    expect(plain.server.commands.slice(0, 2)).toEqual(["STLS", "CAPA"]);
  });
  test("does not believe a server that does not know the password and says yes", async () => {
    const options = mailbox(["SCRAM-SHA-256"], { sasl: { mechanisms: ["SCRAM-SHA-256"], impostor: true } });
    const { server, failure } = await byCredential(options, password);
    expect(failure).toMatch(/it does not know the password/);
    expect(server.commands.at(-1)).toBe("*");
  });
  test.each([
    ["that is not base64", "+ !!!\r\n", /neither a challenge nor a status/],
    ["without its padding", "+ YQ\r\n", /not base64/],
    ["longer than we take", `+ ${"A".repeat(70_000)}\r\n`, /too-long/],
    ["with another answer behind it", "+ YQ==\r\n+OK in\r\n", /more than one response/],
  ])("ends at a challenge %s", async (_what, challenge, reason) => {
    const options = mailbox(["CRAM-MD5"], {
      onCommand: (line, socket) => line === "AUTH CRAM-MD5" && socket.write(challenge),
    });
    const { server, failure } = await byCredential(options, password);
    expect(failure).toMatch(reason);
    expect(server.commands.join()).not.toContain("canary");
  });
});

describe("a login with a credential that has a refresh token", () => {
  async function byToken(mechanism: string, right: boolean) {
    const tokens = await tokenServer(() => ({ body: { access_token: "access-canary", token_type: "Bearer" } }));
    const options = {
      ...mailbox([mechanism]),
      user: "joe@example.test",
      password: right ? "access-canary" : "another",
    };
    const credential = oauthCredential(tokens.url, { user: "joe@example.test" });
    return { forms: tokens.forms, ...(await byCredential(options, credential)) };
  }

  test.each(["XOAUTH2", "OAUTHBEARER"])("is made by %s with an access token", async (mechanism) => {
    const { server, forms, failure } = await byToken(mechanism, true);
    expect(failure).toBeNull();
    expect(server.logins).toEqual([`${mechanism} right`]);
    expect(forms).toHaveLength(1);
  });
  test.each([
    ["XOAUTH2", "", /401/],
    ["OAUTHBEARER", "AQ==", /invalid_token/],
  ])("by %s answers the server's error as it wants, and tells it without a secret", async (mechanism, answer, hint) => {
    const { server, failure, said } = await byToken(mechanism, false);
    expect(server.commands.at(-1)).toBe(answer);
    expect(server.logins).toEqual([`${mechanism} wrong`]);
    expect(failure).toMatch(hint);
    expect(said).toMatchObject({ ok: false });
    expect(failure).not.toMatch(/canary/);
  });
  test("fails in words where the token server says no, and nothing is said", async () => {
    const { url } = await tokenServer(() => ({ status: 400, body: { error: "invalid_grant" } }));
    const { server, failure } = await byCredential(mailbox(["XOAUTH2"]), oauthCredential(url));
    expect(failure).toMatch(/invalid_grant/);
    expect(server.commands).toEqual(["CAPA"]);
  });
});
