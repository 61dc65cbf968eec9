import { afterAll, describe, expect, it } from "vitest";
import type { ListenTls } from "#core/contract/tls.ts";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { type GatewayOptions, governingPolicy, type Pop3Client } from "../../support/pop3-gateway.ts";
import { startPop3 } from "../../support/pop3-setup.ts";
import { serverTls } from "../../support/server-tls.ts";
import { TestAuthority } from "../../support/test-authority.ts";

const authority = new TestAuthority();
const pop = authority.issue(["DNS:pop.test"]);
afterAll(() => authority.remove());

const server: FakePop3Options = { capabilities: ["USER", "UIDL", "SASL PLAIN CRAM-MD5 XOAUTH2", "STLS"] };
const whole = "USER UIDL SASL PLAIN CRAM-MD5 XOAUTH2";
const veiled = "UIDL SASL CRAM-MD5";

async function capa(client: Pop3Client): Promise<string> {
  return (await client.answer("CAPA")).split("\r\n").slice(1, -2).join(" ");
}

/** TLS of the listener, the setting `clearText`, what CAPA says before TLS, inside it, and after a login; null: there is none. */
const matrix: [ListenTls["mode"], string, string | null, string | null, string][] = [
  ["none", "where-no-tls", whole, null, whole],
  ["none", "never", veiled, null, veiled],
  ["none", "always", whole, null, whole],
  ["allowed", "where-no-tls", `${veiled} STLS`, whole, whole],
  ["allowed", "never", `${veiled} STLS`, whole, whole],
  ["allowed", "always", `${whole} STLS`, whole, whole],
  ["required", "where-no-tls", "UIDL STLS", whole, whole],
  ["required", "always", "UIDL STLS", whole, whole],
  ["implicit", "where-no-tls", null, whole, whole],
  ["implicit", "never", null, whole, whole],
];

describe("CAPA", () => {
  it.each(matrix)(
    "at a listener with TLS %s and clear text %s tells what may be used at the moment",
    async (mode, clearText, before, inside, after) => {
      const tls = mode === "none" ? {} : { tls: serverTls(mode, { pop }, "intermediate", "pop3") };
      const { client } = await startPop3(
        { ...server, sasl: { mechanisms: ["CRAM-MD5"] } },
        { ...tls, settings: { auth: { clearText } } },
      );
      if (mode === "implicit") await client.startTls();
      await client.line();
      if (before !== null) expect(await capa(client)).toBe(before);
      if (mode === "allowed" || mode === "required") {
        await client.ask("STLS");
        await client.startTls();
      }
      if (inside !== null) expect(await capa(client)).toBe(inside);
      await client.ask(`APOP joe ${"a".repeat(32)}`);
      if (inside === null && clearText === "never") return;
      await client.ask("USER joe");
      expect(await client.ask("PASS secret")).toMatch(/^\+OK/);
      expect(await capa(client)).toBe(after);
    },
  );

  it.each([
    ["USER and PASS off", { auth: { userPass: false } }, "UIDL SASL PLAIN CRAM-MD5 XOAUTH2"],
    ["one mechanism", { auth: { mechanisms: ["XOAUTH2"] } }, "USER UIDL SASL XOAUTH2"],
    ["no mechanism", { auth: { mechanisms: [] } }, "USER UIDL"],
    ["a mechanism that the server has not", { auth: { mechanisms: ["SCRAM-SHA-256"] } }, "USER UIDL"],
  ])("with %s names nothing else", async (_what, settings, said) => {
    const { client } = await startPop3(server, { settings });
    await client.line();
    expect(await capa(client)).toBe(said);
  });

  it.each([
    ["AUTH", "USER UIDL"],
    ["USER", "UIDL SASL PLAIN CRAM-MD5 XOAUTH2"],
    ["UIDL", "USER SASL PLAIN CRAM-MD5 XOAUTH2"],
  ])("leaves out what a rule about %s denies", async (verb, said) => {
    const rules = [{ name: "no", when: { command: { is: verb } }, action: "deny" }];
    const { client } = await startPop3(server, { rulesets: { command: { rules } } });
    await client.line();
    expect(await capa(client)).toBe(said);
  });

  it("goes by the policy that is in force when it is asked", async () => {
    const { client, gate, options } = await startPop3(server);
    await client.line();
    expect(await capa(client)).toBe(whole);
    const stricter: GatewayOptions = { ...options, settings: { auth: { mechanisms: [] } } };
    gate.governing = governingPolicy(stricter, 2);
    expect(await capa(client)).toBe("USER UIDL");
    expect(await client.ask("AUTH PLAIN")).toBe("-ERR This login is not offered here\r\n");
  });
});

describe("a worker that drains", () => {
  it("ends a session within an exchange of AUTH at once", async () => {
    const { client, gate } = await startPop3({ sasl: { mechanisms: ["CRAM-MD5"] } });
    await client.line();
    await client.ask("AUTH CRAM-MD5");
    gate.sessions[0]?.drain();
    expect(await client.whenClosed()).toBe("");
  });

  it("lets a handshake come to its end, and ends the session then", async () => {
    const { client, gate } = await startPop3({}, { tls: serverTls("allowed", { pop }, "intermediate", "pop3") });
    await client.line();
    await client.ask("STLS");
    gate.sessions[0]?.drain();
    await client.startTls();
    expect(await client.whenClosed()).toBe("");
  });
});
