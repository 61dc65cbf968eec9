import { X509Certificate } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { ClientTls } from "#worker/tls/client-tls.ts";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { capabilitiesOf, contact, pop3Route, pop3Server, pop3Servers } from "../../support/pop3-rig.ts";
import { TestAuthority } from "../../support/test-authority.ts";

const authority = new TestAuthority();
const good = authority.issue(["DNS:mail.test", "IP:127.0.0.1"]);
afterAll(() => authority.remove());

const clientTls = new ClientTls(authority.cert);

const tls11 = {
  ...good,
  options: { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
} as const;

/** Connects by a route with these TLS settings. */
async function secure(mode: string, options: FakePop3Options = {}, more: Record<string, unknown> = {}) {
  const server = await pop3Server({ tls: good, ...options });
  const servers = pop3Servers({ clientTls });
  const route = pop3Route([server], { tls: { mode, ...more } });
  return { server, servers, route, ...(await contact(servers, route)) };
}

describe("a route that requires TLS", () => {
  test("speaks STLS before anything else, and asks CAPA inside TLS", async () => {
    const { server, contact: found } = await secure("required", { capabilitiesInTls: ["USER", "SASL PLAIN"] });
    expect(found).toMatchObject({ tls: expect.stringMatching(/^TLSv1\.3 /), banner: expect.stringContaining("Fake") });
    expect(await capabilitiesOf(found)).toEqual(["USER", "SASL PLAIN"]);
    expect(server.commands).toEqual(["STLS", "CAPA"]);
  });
  test("speaks TLS from the first byte where the mode is implicit", async () => {
    const { server, contact: found } = await secure("implicit", { tls: { ...good, implicit: true } });
    expect(found?.tls).toMatch(/^TLSv1\.3 /);
    expect(await capabilitiesOf(found)).toContain("TOP");
    expect(server.commands).toEqual(["CAPA"]);
  });
  test("finds the name of serverName in the certificate in place of the target's", async () => {
    const tls = authority.issue(["DNS:pop.test"]);
    expect((await secure("required", { tls }, { serverName: "pop.test" })).contact?.tls).toMatch(/^TLS/);
    expect((await secure("required", { tls }, { serverName: "other.test" })).reasons).toEqual([
      expect.stringMatching(/is not for other\.test/),
    ]);
  });
  test("takes exactly the certificate of its fingerprint, whoever issued it", async () => {
    const stranger = new TestAuthority();
    const tls = stranger.issue(["DNS:other.test"]);
    stranger.remove();
    const fingerprints = [new X509Certificate(tls.cert).fingerprint256];
    const verify = { verify: "fingerprint", fingerprints };
    expect((await secure("required", { tls }, verify)).contact?.tls).toMatch(/^TLS/);
    expect((await secure("required", {}, verify)).reasons).toEqual([expect.stringMatching(/another fingerprint/)]);
  });
  test.each<[string, string, FakePop3Options, RegExp]>([
    [
      "that answers STLS with -ERR",
      "required",
      { onCommand: (line, socket) => line === "STLS" && socket.write("-ERR no\r\n") },
      /refuses STLS, and the route requires TLS: -ERR no/,
    ],
    [
      "whose certificate is for another name",
      "required",
      { tls: authority.issue(["DNS:other.test"]) },
      /is not for 127\.0\.0\.1/,
    ],
    ["whose certificate has expired", "required", { tls: authority.issue(["IP:127.0.0.1"], -1) }, /has expired/],
    ["that speaks only TLS 1.1", "required", { tls: tls11 }, /handshake failed/],
    ["that speaks no TLS where the mode is implicit", "implicit", {}, /handshake failed/],
    [
      "whose handshake never ends",
      "required",
      { onCommand: (line, socket) => line === "STLS" && socket.write("+OK go\r\n") },
      /no end of the TLS handshake within 1000 ms/,
    ],
    [
      "that is silent after STLS",
      "required",
      { onCommand: (line) => line === "STLS" },
      /no answer to STLS within 1000 ms/,
    ],
  ])("does not use a server %s", async (_what, mode, options, reason) => {
    const { server, reasons, contact: found, servers } = await secure(mode, options);
    expect(found).toBeNull();
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(servers.routeState("mailbox")).toMatchObject({ state: "down", lastError: expect.stringMatching(reason) });
    expect(server.commands.filter((line) => /^[\x20-\x7e]+$/.test(line) && line !== "STLS")).toEqual([]);
  });
  test("does not use a server whose authority is not trusted", async () => {
    const server = await pop3Server({ tls: good });
    const { reasons } = await contact(pop3Servers(), pop3Route([server], { tls: { mode: "required" } }));
    expect(reasons).toEqual([expect.stringMatching(/authority that is not trusted/)]);
  });
});

describe("a route that prefers TLS", () => {
  test.each<[string, FakePop3Options, boolean, string[]]>([
    [
      "encrypts with whoever offers it, unverified",
      { tls: authority.issue(["DNS:other.test"], -1) },
      true,
      ["CAPA", "STLS"],
    ],
    ["goes in clear text where it is not offered", { capabilities: ["USER"] }, false, ["CAPA"]],
    ["goes in clear text where the server has no CAPA", { capabilities: null }, false, ["CAPA"]],
    [
      "goes in clear text where STLS is answered with -ERR",
      { onCommand: (line, socket) => line === "STLS" && socket.write("-ERR no\r\n") },
      false,
      ["CAPA", "STLS"],
    ],
    [
      "goes in clear text, on a new connection, where the handshake never ends",
      { onCommand: (line, socket) => line === "STLS" && socket.write("+OK go\r\n") },
      false,
      ["CAPA", "STLS"],
    ],
  ])("%s", async (_what, options, encrypts, commands) => {
    const { server, contact: found } = await secure("preferred", options);
    expect(found).not.toBeNull();
    expect(found?.tls !== null).toBe(encrypts);
    expect(server.commands.filter((line) => /^[A-Z]+$/.test(line))).toEqual(commands);
  });
});

describe("what a server or somebody before it says in the clear (RFC 2595 §4)", () => {
  const injections: [string, string][] = [
    ["an answer", "+OK logged in\r\n"],
    ["a refusal", "-ERR [AUTH] wrong password\r\n"],
    ["capabilities", "+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n"],
    ["half an answer", "+OK lo"],
    ["no POP3", "\0\0\0"],
  ];
  test.each(injections)("behind the answer to STLS ends the connection: %s", async (_what, injected) => {
    const { server, reasons, contact: found } = await secure("required", { tls: { ...good, injected } });
    expect(found).toBeNull();
    expect(reasons).toEqual([expect.stringMatching(/more than one response|handshake failed/)]);
    expect(server.commands.filter((line) => /^[\x20-\x7e]+$/.test(line))).toEqual(["STLS"]);
  });
  test.each(injections)("before it is asked ends the connection: %s", async (_what, unasked) => {
    const { server, reasons, contact: found } = await secure("required", { banner: `+OK ready\r\n${unasked}` });
    expect(found).toBeNull();
    expect(reasons).toEqual([expect.stringMatching(/more than one response|data that nobody asked for|handshake/)]);
    expect(server.commands.join("")).not.toMatch(/CAPA|USER/);
  });
});
