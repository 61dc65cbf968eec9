import { afterAll, describe, expect, it } from "vitest";
import type { ListenTls } from "#core/contract/tls.ts";
import { bytesOf, randomCut, textOf } from "../../support/chunk-invariance.ts";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import type { GatewayOptions } from "../../support/pop3-gateway.ts";
import { startPop3 } from "../../support/pop3-setup.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { serverTls } from "../../support/server-tls.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const certificate = authority.issue(["DNS:pop.test"]);
afterAll(() => authority.remove());

const tls = (mode: ListenTls["mode"]) => serverTls(mode, { pop: certificate }, "intermediate", "pop3");
const startTls = (mode: ListenTls["mode"], server: FakePop3Options = {}, gateway: Partial<GatewayOptions> = {}) =>
  startPop3(server, { tls: tls(mode), ...gateway });

describe("a listener that allows STLS", () => {
  it("offers it, though the server does not know it, and never inside TLS", async () => {
    const { client, upstream } = await startTls("allowed");
    await client.line();
    expect(await client.answer("CAPA")).toBe("+OK\r\nTOP\r\nUIDL\r\nPIPELINING\r\nSTLS\r\n.\r\n");
    expect(await client.ask("STLS")).toBe("+OK Begin TLS\r\n");
    await client.startTls();
    expect(await client.answer("CAPA")).toBe("+OK\r\nTOP\r\nUIDL\r\nUSER\r\nPIPELINING\r\n.\r\n");
    expect(await client.ask("STLS")).toBe("-ERR STLS is not offered here\r\n");
    await client.ask("USER joe");
    expect(await client.ask("PASS secret")).toMatch(/^\+OK/);
    expect(await client.answer("CAPA")).not.toContain("STLS");
    expect(await client.ask("STLS")).toBe("-ERR Command not valid in this state\r\n");
    expect(upstream.commands).not.toContain("STLS");
  });

  it("is found by a client of a server without CAPA, to which CAPA is unknown once there is TLS", async () => {
    const { client } = await startTls("allowed", { capabilities: null });
    await client.line();
    expect(await client.answer("CAPA")).toBe("+OK\r\nSTLS\r\n.\r\n");
    await client.ask("STLS");
    await client.startTls();
    expect(await client.ask("CAPA")).toBe("-ERR unknown\r\n");
  });

  it("does not ask for a password before it", async () => {
    const { client, upstream } = await startTls("allowed");
    await client.line();
    expect(await client.ask("USER joe")).toBe("-ERR This login is not offered here\r\n");
    expect(await client.ask("PASS secret")).toMatch(/^-ERR/);
    expect(upstream.commands).toEqual([]);
  });

  it("forgets the user that was named in the clear", async () => {
    const { client } = await startTls("allowed", {}, { settings: { auth: { clearText: "always" } } });
    await client.line();
    expect(await client.ask("USER joe")).toBe("+OK\r\n");
    expect(await client.ask("STLS")).toMatch(/^\+OK/);
    await client.startTls();
    expect(await client.ask("PASS secret")).toBe("-ERR Command not valid in this state\r\n");
  });

  it("refuses STLS after UTF8", async () => {
    const { client } = await startTls("allowed", {
      onCommand: (line, socket) => line === "UTF8" && (socket.write("+OK\r\n"), true),
    });
    await client.line();
    await client.ask("UTF8");
    expect(await client.ask("STLS")).toBe("-ERR STLS comes before UTF8\r\n");
  });

  it.each([
    ["a command", "NOOP\r\nCAPA\r\n"],
    ["a login", "USER mallory\r\nPASS secret\r\nDELE 1\r\n"],
    ["half a line", "USER mall"],
    ["another STLS", "STLS\r\n"],
  ])("never answers inside TLS what was sent along in the clear: %s", async (_what, injected) => {
    const settings = { auth: { clearText: "always" } };
    const { client, upstream } = await startTls("allowed", {}, { settings });
    await client.line();
    client.say(`STLS\r\n${injected}`);
    expect(await client.line()).toBe("+OK Begin TLS\r\n");
    await client.startTls();
    expect(await client.ask("PASS secret")).toBe("-ERR Command not valid in this state\r\n");
    expect(await client.ask("USER joe")).toBe("+OK\r\n");
    expect(await client.ask("PASS secret")).toBe("+OK logged in\r\n");
    expect(client.heard).toBe("");
    expect(upstream.commands).toEqual(["USER joe", "PASS secret"]);
  });

  it("tells of a handshake that fails, and not of a client that only leaves", async () => {
    const { client, gate } = await startTls("allowed");
    await client.line();
    await client.ask("STLS");
    client.say("USER joe\r\nPASS secret\r\n");
    await client.whenClosed();
    expect(gate.events).toMatchObject([
      { kind: "session", reply: null, cause: expect.stringMatching(/TLS handshake failed/) },
    ]);
  });

  it("does not tell of a client that leaves before the handshake", async () => {
    const { client, gate } = await startTls("allowed");
    await client.line();
    await client.ask("STLS");
    client.socket.destroy();
    await waitUntil("the session is over", () => gate.ended === 1);
    expect(gate.events).toEqual([]);
  });

  it("takes a client that speaks another protocol inside TLS for one that was led here", async () => {
    const { client } = await startTls("allowed");
    await client.line();
    await client.ask("STLS");
    await expect(client.startTls({ ALPNProtocols: ["http/1.1"] })).rejects.toThrow(/no_application_protocol|alert/i);
  });

  it("agrees on pop3 with a client that asks for it", async () => {
    const { client } = await startTls("allowed");
    await client.line();
    await client.ask("STLS");
    expect((await client.startTls({ ALPNProtocols: ["pop3"] })).alpnProtocol).toBe("pop3");
  });
});

describe("a listener that requires STLS", () => {
  it("takes CAPA, STLS and QUIT before it, and nothing else", async () => {
    const { client, upstream } = await startTls("required", {}, { settings: { auth: { clearText: "always" } } });
    await client.line();
    const others = ["USER joe", "PASS x", `APOP joe ${"a".repeat(32)}`, "AUTH PLAIN", "UTF8", "LANG", "STAT", "NOOP"];
    for (const command of others)
      expect(`${command}: ${await client.ask(command)}`).toBe(`${command}: -ERR Say STLS first\r\n`);
    expect(await client.answer("CAPA")).toBe("+OK\r\nTOP\r\nUIDL\r\nPIPELINING\r\nSTLS\r\n.\r\n");
    expect(upstream.commands).toEqual(["CAPA"]);
    await client.ask("STLS");
    await client.startTls();
    expect(await client.ask("USER joe")).toBe("+OK\r\n");
    expect(await client.ask("PASS secret")).toMatch(/^\+OK/);
  });

  it("lets a client leave", async () => {
    const { client } = await startTls("required");
    await client.line();
    expect(await client.ask("QUIT")).toMatch(/^\+OK/);
    await client.whenClosed();
  });
});

describe("a listener with implicit TLS", () => {
  it("greets inside TLS, and STLS is not spoken", async () => {
    const { client } = await startTls("implicit");
    await client.startTls();
    expect(await client.line()).toMatch(/^\+OK POP3 server ready/);
    expect(await client.answer("CAPA")).toBe("+OK\r\nTOP\r\nUIDL\r\nUSER\r\nPIPELINING\r\n.\r\n");
    expect(await client.ask("STLS")).toBe("-ERR STLS is not offered here\r\n");
    await client.ask("USER joe");
    expect(await client.ask("PASS secret")).toMatch(/^\+OK/);
  });

  it("says nothing in the clear, and connects to no server before TLS is spoken", async () => {
    const { client, upstream, gate } = await startTls("implicit");
    client.say("USER joe\r\nPASS secret\r\n");
    // All that comes is a TLS alert.
    expect(await client.whenClosed()).not.toMatch(/OK|ERR/);
    await waitUntil("the session is over", () => gate.ended === 1);
    expect(upstream.connections).toBe(0);
    expect(gate.events).toMatchObject([{ kind: "session", cause: expect.stringMatching(/TLS handshake failed/) }]);
  });
});

it("what is said before and after STLS is answered the same however it is cut", async () => {
  const random = seededRandom(11);
  const before = "CAPA\r\nNOOP\r\nUTF9\r\nSTLS\r\n";
  const after = "CAPA\r\nUSER joe\r\nPASS secret\r\nLIST\r\nAUTH PLAIN\r\nQUIT\r\n";
  const hear = async (cut: (text: string) => Uint8Array[]): Promise<string> => {
    const { client } = await startTls("allowed");
    for (const chunk of cut(before)) client.say(textOf(chunk));
    const clear = await client.until("+OK Begin TLS\r\n");
    await client.startTls();
    for (const chunk of cut(after)) client.say(textOf(chunk));
    return clear + (await client.whenClosed());
  };
  const whole = await hear((text) => [bytesOf(text)]);
  expect(whole).toMatch(/Begin TLS[^]*logged in/);
  for (let n = 0; n < 6; n++) expect(await hear((text) => randomCut(bytesOf(text), random))).toBe(whole);
  expect(await hear((text) => Array.from(text, (one) => bytesOf(one)))).toBe(whole);
});

it("rules see the version of TLS", async () => {
  const rules = [{ name: "in the clear", when: { tls: { is: "" }, command: { is: "UTF8" } }, action: "deny" }];
  const { client, gate } = await startTls("allowed", {}, { rulesets: { command: { rules } } });
  await client.line();
  expect(await client.ask("UTF8")).toMatch(/^-ERR/);
  await client.ask("STLS");
  await client.startTls();
  await client.ask("UTF8");
  expect(gate.hits).toEqual(["enforced in the clear"]);
});

it("a large answer flows through TLS to a client that reads late", async () => {
  const message = `Subject: large\r\n\r\n${"line\r\n".repeat(400_000)}`;
  const { client } = await startTls("implicit", { messages: [message] });
  await client.startTls();
  await client.login();
  client.socket.pause();
  client.say("RETR 1\r\n");
  setImmediate(() => client.socket.resume());
  expect((await client.until("\r\n.\r\n")).length).toBeGreaterThan(message.length);
});

it("the socket is left open for no one who never begins the handshake", async () => {
  const { client, gate } = await startTls("allowed");
  await client.line();
  await client.ask("STLS");
  gate.sessions[0]?.destroy();
  await client.whenClosed();
});
