import { afterAll, describe, expect, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import { AccessTokens } from "#worker/credentials/access-tokens.ts";
import { CredentialLogin } from "#worker/credentials/credential-login.ts";
import { loginPauseMs } from "#worker/credentials/login-pauses.ts";
import { ClientTls } from "#worker/tls/client-tls.ts";
import { type AuthServer, authOptions } from "../../support/auth-server.ts";
import type { FakeSmtpOptions } from "../../support/fake-smtp-server.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { oauthCredential, tokenServer } from "../../support/token-server.ts";
import { fakeServer, lease, reach, send, smtpRoute, testPool } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const certificate = authority.issue(["DNS:mx.test", "IP:127.0.0.1"]);
afterAll(() => authority.remove());

const right: Credential = { kind: "password", name: "smart host", user: "gate", password: "password-canary" };
const inTls = { mode: "required", verify: "ca" };
const byChoiceInTheClear = { mode: "none" };

async function setup(auth: Partial<AuthServer>, more: FakeSmtpOptions = {}, credential: Credential | null = right) {
  let passedMs = 0;
  const held = { credential };
  const { options, logins } = authOptions(
    { user: "gate", password: "password-canary", mechanisms: ["PLAIN"], ...auth },
    more,
  );
  const server = await fakeServer(options);
  const now = () => Date.now() + passedMs;
  const tokens = new AccessTokens({ now, renewed: () => undefined });
  const store = { get: () => held.credential };
  const pool = testPool({
    now,
    elapsed: now,
    clientTls: new ClientTls(authority.cert),
    login: (name, allowsClearText) => new CredentialLogin({ credential: name, allowsClearText, store, tokens }),
  });
  const route = (tls?: Record<string, unknown>) =>
    smtpRoute([server], { credential: "smart host", ...(tls === undefined ? {} : { tls }) });
  const change = (next: Credential) => {
    held.credential = next;
    pool.credentialChanged("smart host");
  };
  return { server, pool, route, logins, change, pass: (ms: number) => (passedMs += ms) };
}

const everything = ["LOGIN", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"];

describe("a route with a credential", () => {
  test.each([
    [everything, "SCRAM-SHA-512"],
    [everything.slice(0, 5), "SCRAM-SHA-256"],
    [everything.slice(0, 4), "SCRAM-SHA-1"],
    [everything.slice(0, 3), "CRAM-MD5"],
    [["LOGIN", "PLAIN", "GSSAPI", "XOAUTH2"], "PLAIN"],
    [["LOGIN"], "LOGIN"],
  ])("logs in where %j is offered by %s, and sends mail then", async (mechanisms, chosen) => {
    const { server, pool, route, logins } = await setup({ mechanisms });
    expect(await send(pool, route(byChoiceInTheClear), "b@inside.test")).toMatchObject({
      recipients: [{ status: "delivered" }],
    });
    expect(logins).toEqual([`${chosen} right`]);
    expect(server.lines.findIndex((line) => line.startsWith("AUTH"))).toBeLessThan(
      server.lines.findIndex((line) => line.startsWith("MAIL")),
    );
    await send(pool, route(byChoiceInTheClear), "b@inside.test");
    expect(logins).toHaveLength(1);
  });
  test.each([
    ["that says nothing of TLS", undefined],
    ["that prefers TLS where the server has none", { mode: "preferred" }],
  ])("%s does not show its secret in the clear, and its mail is kept", async (_what, tls) => {
    const { server, pool, route } = await setup({ mechanisms: ["LOGIN", "PLAIN"] });
    const { recipients } = await send(pool, route(tls), "b@inside.test");
    expect(recipients).toMatchObject([{ status: "deferred", reply: expect.stringMatching(/would show the secret/) }]);
    expect(server.received.join("")).not.toMatch(/AUTH|MAIL/);
    expect(pool.targetStates(route(tls))).toMatchObject([{ state: "down" }]);
  });
  test("may use in the clear what does not show it", async () => {
    const { pool, route, logins } = await setup({ mechanisms: ["PLAIN", "SCRAM-SHA-256"] });
    expect(await send(pool, route(), "b@inside.test")).toMatchObject({ recipients: [{ status: "delivered" }] });
    expect(logins).toEqual(["SCRAM-SHA-256 right"]);
  });
  test("logs in inside TLS by what is offered there, not by what was offered before", async () => {
    const { server, pool, route, logins } = await setup(
      { mechanisms: ["PLAIN"] },
      { tls: certificate, keywords: ["STARTTLS"] },
    );
    expect(await send(pool, route(inTls), "b@inside.test")).toMatchObject({ recipients: [{ status: "delivered" }] });
    expect(logins).toEqual(["PLAIN right"]);
    expect(server.lines.slice(0, 4)).toEqual([
      "EHLO gate.test",
      "STARTTLS",
      "EHLO gate.test",
      expect.stringMatching(/^AUTH PLAIN /),
    ]);
  });
  test.each<[string, Partial<AuthServer>, FakeSmtpOptions, RegExp]>([
    [
      "offers no AUTH",
      {},
      { answer: (line) => (line.startsWith("EHLO") ? "250 fake.test" : undefined) },
      /offers no AUTH/,
    ],
    [
      "offers only what we do not speak",
      { mechanisms: ["GSSAPI", "NTLM"] },
      {},
      /offers GSSAPI, NTLM; this credential can use/,
    ],
    [
      "speaks HELO only",
      {},
      { answer: (line) => (line.startsWith("EHLO") ? "502 what" : undefined) },
      /offers no AUTH/,
    ],
    ["says 535", { password: "another" }, {}, /login by PLAIN was refused: 535 5\.7\.8 no/],
    [
      "says back what it was told",
      { answer: (line) => `500 5.5.2 unknown command "${line}" (${line.slice(0, 30)}...)` },
      {},
      /refused: 500 5\.5\.2 unknown command "AUTH PLAIN \*=*" \(AUTH PLAIN \*\.\.\.\)/,
    ],
    ["says 454", { answer: () => "454 4.7.0 later" }, {}, /refused: 454 4\.7\.0 later/],
    ["asks on after PLAIN", { answer: () => "334 bW9yZQ==" }, {}, /login by PLAIN failed: an unexpected challenge/],
    [
      "asks in something else than base64",
      { mechanisms: ["CRAM-MD5"], answer: () => "334 <no base64>" },
      {},
      /not base64/,
    ],
    ["says yes to LOGIN at once", { mechanisms: ["LOGIN"], answer: () => "235 come in" }, {}, /before it had asked/],
    ["pretends to know the password", { mechanisms: ["SCRAM-SHA-256"], impostor: true }, {}, /signature is wrong/],
    [
      "says yes before it has proved itself",
      { mechanisms: ["SCRAM-SHA-256"], answer: () => "235 come in" },
      {},
      /did not prove/,
    ],
  ])("sends nothing to a server that %s: mail is kept, and the reason told", async (_what, auth, more, reason) => {
    const { server, pool, route } = await setup(auth, more);
    const { recipients } = await send(pool, route(byChoiceInTheClear), "b@inside.test");
    expect(recipients).toMatchObject([{ status: "deferred", reply: expect.stringMatching(reason) }]);
    expect(recipients[0]?.reply).not.toMatch(/canary/);
    expect(recipients[0]?.reply).not.toContain(Buffer.from("\0gate\0").toString("base64").slice(0, 8));
    expect(server.lines.filter((line) => /^(?:MAIL|RCPT|DATA)/.test(line))).toEqual([]);
    const { error } = await lease(pool, route(byChoiceInTheClear));
    expect(error).toMatchObject({ kind: "auth", publicReply: { code: 451 } });
  });
  test("goes on to the next mechanism when the server does not know the first after all", async () => {
    const { pool, route, logins } = await setup({
      mechanisms: ["SCRAM-SHA-256", "PLAIN"],
      answer: (line) => (line.startsWith("AUTH SCRAM") ? "504 5.5.4 not today" : undefined),
    });
    expect(await send(pool, route(byChoiceInTheClear), "b@inside.test")).toMatchObject({
      recipients: [{ status: "delivered" }],
    });
    expect(logins).toEqual(["PLAIN right"]);
  });
  test("that this worker has not got sends nothing", async () => {
    const { server, pool, route } = await setup({}, {}, null);
    expect(await reach(pool, route(byChoiceInTheClear))).toMatch(/no credential "smart host"/);
    expect(server.received.join("")).not.toMatch(/AUTH|MAIL/);
  });
});

describe("a password that is wrong", () => {
  test("is told once by however many wait, and then after growing waits only", async () => {
    const { pool, route, logins, pass } = await setup({ password: "another" });
    const reasons = await Promise.all(Array.from({ length: 20 }, () => reach(pool, route(byChoiceInTheClear))));
    expect(new Set(reasons)).toEqual(new Set([expect.stringMatching(/535/)]));
    expect(logins).toHaveLength(1);
    for (const waitMs of [loginPauseMs.first, loginPauseMs.first * 2, loginPauseMs.first * 4]) {
      pass(waitMs - 1000);
      await reach(pool, route(byChoiceInTheClear));
      const before = logins.length;
      pass(1001);
      await reach(pool, route(byChoiceInTheClear));
      expect(logins).toHaveLength(before + 1);
    }
    expect(logins).toHaveLength(4);
  });
  test("from one day on is one refusal, however many logins were under way", async () => {
    let isRevoked = false;
    const { pool, route, logins, pass } = await setup({ answer: () => (isRevoked ? "535 5.7.8 revoked" : undefined) });
    const held = await lease(pool, route(byChoiceInTheClear));
    isRevoked = true;
    const reasons = await Promise.all(Array.from({ length: 5 }, () => reach(pool, route(byChoiceInTheClear))));
    expect(new Set(reasons)).toEqual(new Set([expect.stringMatching(/535 5\.7\.8 revoked/)]));
    isRevoked = false;
    pass(loginPauseMs.first + 1);
    await reach(pool, route(byChoiceInTheClear));
    expect(logins).toEqual(["PLAIN right", "PLAIN right"]);
    if (held.connection !== null) pool.release(held.connection);
  });
  test("that is put right is tried at once", async () => {
    const { pool, route, logins, change } = await setup({ password: "another" });
    await reach(pool, route(byChoiceInTheClear));
    change({ ...right, password: "another" });
    expect(await send(pool, route(byChoiceInTheClear), "b@inside.test")).toMatchObject({
      recipients: [{ status: "delivered" }],
    });
    expect(logins).toEqual(["PLAIN wrong", "PLAIN right"]);
  });
});

test("a credential that changes ends the connections that logged in with the one before, after what they are doing", async () => {
  const { server, pool, route, logins, change } = await setup({});
  const busy = await lease(pool, route(byChoiceInTheClear));
  await reach(pool, route(byChoiceInTheClear));
  change(right);
  await waitUntil("the warm one ends", () => server.openConnections === 1);
  if (busy.connection === null) throw new Error("no connection");
  pool.release(busy.connection);
  await waitUntil("the busy one ends", () => server.openConnections === 0);
  await reach(pool, route(byChoiceInTheClear));
  expect(logins).toHaveLength(3);
});

test("a health check does not log in", async () => {
  const { server, pool, route } = await setup({});
  const [target] = route().targets;
  if (target === undefined) throw new Error("no target");
  await new Promise<void>((done) => pool.check(route(), target, 0, done));
  expect(server.lines).not.toContainEqual(expect.stringMatching(/^AUTH/));
});

test("a health check does not call a route up whose login is refused", async () => {
  const { pool, route, logins } = await setup({ password: "another" });
  const [target] = route(byChoiceInTheClear).targets;
  if (target === undefined) throw new Error("no target");
  const reached: string[] = [];
  pool.onRouteReached = (name) => reached.push(name);
  await reach(pool, route(byChoiceInTheClear));
  await new Promise<void>((done) => pool.check(route(byChoiceInTheClear), target, 0, done));
  expect(pool.routeState("inside")).toMatchObject({ state: "down", lastError: expect.stringContaining("535") });
  expect(pool.targetStates(route(byChoiceInTheClear))).toMatchObject([{ state: "down" }]);
  expect([reached, logins]).toEqual([[], ["PLAIN wrong"]]);
});

describe("a credential by OAuth", () => {
  async function cloud(mechanisms: string[], token = "access-token") {
    const { forms, url } = await tokenServer(() => ({
      body: { access_token: forms.length > 1 ? `${token}-2` : token, token_type: "Bearer" },
    }));
    const credential = oauthCredential(url, { name: "smart host", user: "gate" });
    return { forms, ...(await setup({ mechanisms, password: "access-token" }, {}, credential)) };
  }

  test.each([
    [["XOAUTH2", "PLAIN"], "XOAUTH2"],
    [["XOAUTH2", "OAUTHBEARER"], "OAUTHBEARER"],
  ])("logs in where %j is offered by %s with a fetched token, fetched once", async (mechanisms, chosen) => {
    const { pool, route, logins, forms } = await cloud(mechanisms);
    await Promise.all([reach(pool, route(byChoiceInTheClear)), reach(pool, route(byChoiceInTheClear))]);
    expect(new Set(logins)).toEqual(new Set([`${chosen} right`]));
    expect(forms).toHaveLength(1);
  });
  test("tells the server's reason when the token is refused, and fetches another for the next login", async () => {
    const { pool, route, logins, forms, pass } = await cloud(["XOAUTH2"], "stale");
    expect(await reach(pool, route(byChoiceInTheClear))).toMatch(/refused: 535 5\.7\.8 no \(\{"status":"401"\}\)/);
    pass(loginPauseMs.first);
    await reach(pool, route(byChoiceInTheClear));
    expect(forms).toHaveLength(2);
    expect(logins).toEqual(["XOAUTH2 wrong", "XOAUTH2 wrong"]);
  });
  test("sends a token that does not fit into a command line as an answer (RFC 4954 §4)", async () => {
    const long = "t".repeat(2000);
    const { url } = await tokenServer(() => ({ body: { access_token: long, token_type: "Bearer" } }));
    const { server, pool, route, logins } = await setup(
      { mechanisms: ["XOAUTH2"], password: long },
      {},
      oauthCredential(url, { user: "gate" }),
    );
    await reach(pool, route(byChoiceInTheClear));
    expect(logins).toEqual(["XOAUTH2 right"]);
    expect(server.lines).toContain("AUTH XOAUTH2");
  });
  test("without a token says why, and sends nothing", async () => {
    const { url } = await tokenServer(() => ({ status: 400, body: { error: "invalid_grant" } }));
    const { server, pool, route } = await setup({ mechanisms: ["XOAUTH2"] }, {}, oauthCredential(url));
    expect(await reach(pool, route(byChoiceInTheClear))).toMatch(/no access token from .*invalid_grant/);
    expect(server.received.join("")).not.toMatch(/AUTH|MAIL/);
  });
});
