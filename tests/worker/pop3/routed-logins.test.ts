import { describe, expect, it, onTestFinished } from "vitest";
import { type FakePop3Options, FakePop3Server } from "../../support/fake-pop3-server.ts";
import { authenticate, clientExchanges } from "../../support/pop3-auth.ts";
import type { GatewayOptions } from "../../support/pop3-gateway.ts";
import { Pop3Client } from "../../support/pop3-gateway.ts";
import { startGateway } from "../../support/pop3-setup.ts";
import { waitUntil } from "../../support/wait-until.ts";

const sasl = { mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"] };
const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64");

async function serve(options: FakePop3Options): Promise<{ server: FakePop3Server; port: number }> {
  const server = new FakePop3Server(options);
  const port = await server.listen();
  onTestFinished(() => server.close());
  return { server, port };
}

const routeTo = (name: string, port: number, more: object = {}) => ({
  name,
  protocol: "pop3",
  targets: [{ host: "127.0.0.1", port }],
  ...more,
});

/** Two mailbox servers: users of b.test have theirs at the second one, everybody else at the first. */
async function twoServers(
  first: FakePop3Options = {},
  second: FakePop3Options = {},
  gateway: Partial<GatewayOptions> = {},
) {
  const a = await serve({ sasl, ...first });
  const b = await serve({ sasl, user: "ann@b.test", ...second });
  const to = { userRoutes: [{ domain: { is: "b.test" }, route: "b" }] };
  const rig = await startGateway({ targets: [a.port], routes: [routeTo("b", b.port)], to, ...gateway });
  return { ...rig, a: a.server, b: b.server };
}

/** One server that clients may choose by the name pop.b.test, beside the usual one. */
async function choice(second: FakePop3Options = {}) {
  const a = await serve({ sasl });
  const b = await serve({ sasl, ...second });
  const to = { serverChoice: { servers: [{ server: "pop.b.test", route: "b" }] } };
  return {
    ...(await startGateway({ targets: [a.port], routes: [routeTo("b", b.port)], to })),
    a: a.server,
    b: b.server,
  };
}

async function login(client: Pop3Client, user: string, password: string): Promise<string> {
  expect(await client.ask(`USER ${user}`)).toBe("+OK\r\n");
  return client.ask(`PASS ${password}`);
}

describe("where the server hangs on the user", () => {
  it("it is connected once the user is known, and hears the login as it was said", async () => {
    const { client, a, b } = await twoServers();
    expect(await client.line()).toBe("+OK POP3 server ready\r\n");
    expect(await client.ask("USER ann@b.test")).toBe("+OK\r\n");
    expect([a.connections, b.connections]).toEqual([0, 0]);
    expect(await client.ask("PASS secret")).toBe("+OK Logged in\r\n");
    expect(await client.ask("STAT")).toBe("+OK 0 0\r\n");
    expect([a.connections, b.connections]).toEqual([0, 1]);
    expect(b.commands).toEqual(["CAPA", "USER ann@b.test", "PASS secret", "STAT"]);
  });

  it("users that no rule takes go to the usual route", async () => {
    const { client, a, b } = await twoServers();
    await client.line();
    expect(await login(client, "joe", "secret")).toBe("+OK Logged in\r\n");
    expect([a.connections, b.connections]).toEqual([1, 0]);
  });

  it("APOP and mechanisms that answer a server's challenge are neither offered nor taken", async () => {
    const { client, a, b } = await twoServers();
    await client.line();
    expect(await client.ask(`APOP joe ${"a".repeat(32)}`)).toBe("-ERR This login is not offered here\r\n");
    expect(await client.ask("AUTH CRAM-MD5")).toBe("-ERR This login is not offered here\r\n");
    expect([a.connections, b.connections]).toEqual([0, 0]);
  });

  it.each(["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"])(
    "%s leads there too, with and without an initial response",
    async (mechanism) => {
      for (const waits of [false, true]) {
        const { client, b } = await twoServers();
        await client.line();
        const exchange = clientExchanges[mechanism]?.("ann@b.test", "secret");
        if (exchange === undefined) throw new Error(mechanism);
        expect(await authenticate(client, exchange, waits)).toBe("+OK Logged in\r\n");
        expect(await client.ask("STAT")).toBe("+OK 0 0\r\n");
        expect(b.connections).toBe(1);
      }
    },
  );

  it.each(["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"])(
    "a wrong secret by %s is a failed login, and another may follow",
    async (mechanism) => {
      const { client, gate } = await twoServers();
      await client.line();
      const exchange = clientExchanges[mechanism]?.("ann@b.test", "wr0ng");
      if (exchange === undefined) throw new Error(mechanism);
      expect(await authenticate(client, exchange)).toBe("-ERR [AUTH] Login failed\r\n");
      expect(JSON.stringify(gate.events)).not.toContain("wr0ng");
      expect(gate.events).toMatchObject([
        { kind: "session", user: "ann@b.test", cause: expect.stringContaining("refused") },
      ]);
      expect(await login(client, "joe", "secret")).toBe("+OK Logged in\r\n");
    },
  );

  it("a login for another user than its own is as one with a wrong password, and no server hears of it", async () => {
    const { client, a, b } = await twoServers();
    await client.line();
    expect(await client.ask(`AUTH PLAIN ${base64("boss\0joe\0secret")}`)).toBe("-ERR [AUTH] Login failed\r\n");
    expect(await client.ask(`AUTH PLAIN ${base64("joe\0joe\0secret")}`)).toBe("+OK Logged in\r\n");
    expect([a.connections, b.connections]).toEqual([1, 0]);
  });

  it.each(["no base64!", "=", base64("joe"), base64("\0joe\0"), base64("\0\0x"), base64("\0joe\0a\r\nDELE 1")])(
    "a PLAIN message that is none, as %j, reaches no server",
    async (message) => {
      const { client, a, b } = await twoServers();
      await client.line();
      client.say(`AUTH PLAIN\r\n${message}\r\n`);
      expect(await client.line()).toBe("+ \r\n");
      expect(await client.line()).toMatch(/^-ERR/);
      expect([a.connections, b.connections]).toEqual([0, 0]);
    },
  );

  it("a server that is down is -ERR [SYS/TEMP] at the login, and the session goes on", async () => {
    const { client, b, gate } = await twoServers();
    await b.close();
    await client.line();
    expect(await login(client, "ann@b.test", "secret")).toMatch(/^-ERR \[SYS\/TEMP\]/);
    expect(gate.events).toMatchObject([{ kind: "session", cause: expect.stringContaining("ECONNREFUSED") }]);
    expect(await login(client, "joe", "secret")).toBe("+OK Logged in\r\n");
  });

  it.each(["IN-USE", "LOGIN-DELAY", "SYS/TEMP", "SYS/PERM"])(
    "a server that says [%s] is passed on as that, and no password is counted as wrong",
    async (code) => {
      const onCommand: FakePop3Options["onCommand"] = (line, socket) =>
        line.startsWith("PASS") && (socket.write(`-ERR [${code}] private words\r\n`), true);
      const { client } = await twoServers({ onCommand }, {}, { limits: { loginFailuresMax: 1 } });
      await client.line();
      const answer = await login(client, "joe", "secret");
      expect(answer.startsWith(`-ERR [${code}] `)).toBe(true);
      expect(answer).not.toContain("private");
      expect(await client.ask("NOOP")).toMatch(/^-ERR/);
    },
  );

  it("a server that goes away at the login is -ERR [SYS/TEMP]", async () => {
    const onCommand: FakePop3Options["onCommand"] = (line, socket) =>
      line.startsWith("PASS") && (socket.destroy(), true);
    const { client } = await twoServers({ onCommand });
    await client.line();
    expect(await login(client, "joe", "secret")).toMatch(/^-ERR \[SYS\/TEMP\]/);
  });

  it("a server that goes away within an exchange is -ERR [SYS/TEMP], and what the client says next is a command again", async () => {
    let leave = (): void => undefined;
    const onCommand: FakePop3Options["onCommand"] = (line, socket) => {
      leave = () => socket.destroy();
      return line.startsWith("AUTH") && (socket.write("+ e30=\r\n"), true);
    };
    const { client } = await twoServers({ onCommand });
    await client.line();
    const exchange = clientExchanges["XOAUTH2"]?.("joe", "wrong");
    expect(await client.ask(`AUTH XOAUTH2 ${Buffer.from(exchange?.initial ?? []).toString("base64")}`)).toBe(
      "+ e30=\r\n",
    );
    leave();
    expect(await client.line()).toMatch(/^-ERR \[SYS\/TEMP\]/);
    expect(await client.ask("")).toBe("-ERR Unknown command\r\n");
    expect(await client.ask("USER ann@b.test")).toBe("+OK\r\n");
    expect(await client.ask("PASS secret")).toBe("+OK Logged in\r\n");
  });

  it("a client that goes away while the server is asked leaves no connection behind", async () => {
    const onCommand: FakePop3Options["onCommand"] = (line) => line.startsWith("PASS");
    const { client, a, gate } = await twoServers({ onCommand });
    await client.line();
    client.say("USER joe\r\nPASS secret\r\n");
    await waitUntil("the server is asked", () => a.commands.includes("PASS secret"));
    client.socket.destroy();
    await waitUntil("it is left", () => a.sockets.size === 0 && gate.ended === 1);
  });

  it("a client may leave before any login", async () => {
    const { client, a } = await twoServers();
    await client.line();
    expect(await client.ask("QUIT")).toMatch(/^\+OK/);
    await client.whenClosed();
    expect(a.connections).toBe(0);
  });

  it("pipelined commands behind the login wait for it", async () => {
    const { client } = await twoServers();
    client.say("USER joe\r\nPASS secret\r\nSTAT\r\nQUIT\r\n");
    expect(await client.whenClosed()).toBe("+OK POP3 server ready\r\n+OK\r\n+OK Logged in\r\n+OK 0 0\r\n+OK\r\n");
  });

  it("a user whom the policy denies never reaches a server, however the name is told", async () => {
    const rules = [{ name: "no joe", when: { user: { is: "joe" } }, action: "deny" }];
    const { client, a } = await twoServers({}, {}, { rulesets: { command: { rules } } });
    await client.line();
    expect(await client.ask("USER joe")).toBe("-ERR Command not allowed\r\n");
    for (const mechanism of ["PLAIN", "LOGIN", "XOAUTH2"]) {
      const exchange = clientExchanges[mechanism]?.("joe", "secret");
      if (exchange === undefined) throw new Error(mechanism);
      expect(await authenticate(client, exchange)).toBe("-ERR Command not allowed\r\n");
    }
    expect(a.connections).toBe(0);
  });

  it("UTF8 that was said before is said to the server before the login", async () => {
    const capabilities = ["USER", "UTF8"];
    const onCommand: FakePop3Options["onCommand"] = (line, socket) =>
      line === "UTF8" && (socket.write("+OK\r\n"), true);
    const { client, a } = await twoServers({ capabilities, onCommand });
    await client.line();
    expect(await client.ask("UTF8")).toBe("+OK\r\n");
    await login(client, "joe", "secret");
    expect(a.commands.indexOf("UTF8")).toBeLessThan(a.commands.indexOf("USER joe"));
  });
});

describe("a server that the client names behind the user", () => {
  it("is the one it is led to, and does not hear its own name", async () => {
    const { client, a, b } = await choice();
    await client.line();
    expect(await login(client, "joe%POP.b.test", "secret")).toBe("+OK Logged in\r\n");
    expect(b.commands).toContain("USER joe");
    expect(a.connections).toBe(0);
  });

  it("is taken out of a token too", async () => {
    const { client, b } = await choice();
    await client.line();
    const exchange = clientExchanges["XOAUTH2"]?.("joe%pop.b.test", "secret");
    if (exchange === undefined) throw new Error("no exchange");
    expect(await authenticate(client, exchange)).toBe("+OK Logged in\r\n");
    expect(b.logins).toEqual(["XOAUTH2 right"]);
  });

  it("that is not permitted is as a wrong password: same words, same time, and no server hears of it", async () => {
    const { client, a, b, gate } = await choice();
    await client.line();
    expect(await login(client, "joe%evil.test", "secret")).toBe("-ERR [AUTH] Login failed\r\n");
    expect(await login(client, "joe", "wrong")).toBe("-ERR [AUTH] Login failed\r\n");
    expect(gate.events).toMatchObject([
      { cause: "the client named a server that it may not choose", user: "joe%evil.test" },
      { user: "joe" },
    ]);
    expect([a.connections, b.connections]).toEqual([1, 0]);
  });
});

describe("a bridge", () => {
  const credential = {
    kind: "password" as const,
    name: "ann's mailbox",
    user: "ann@b.test",
    password: "at the server",
    clientPassword: "at home",
  };
  async function bridged(others: "pass" | "refuse", server: FakePop3Options = {}) {
    const a = await serve({ user: "ann@b.test", password: "at the server", ...server });
    const bridge = { credentials: ["ann's mailbox"], others };
    const rig = await startGateway({
      targets: [a.port],
      route: { bridge, tls: { mode: "none" } },
      credentials: [credential],
    });
    await rig.client.line();
    return { ...rig, a: a.server };
  }

  it("logs a user in at the server with the credential, case of the name ignored", async () => {
    const { client, a, gate } = await bridged("pass");
    expect(await login(client, "Ann@B.test", "at home")).toBe("+OK Logged in\r\n");
    expect(a.commands).toContain("PASS at the server");
    expect(JSON.stringify(gate.events)).not.toMatch(/at home|at the server/);
  });

  it("takes a wrong password, and the credential's own, for a wrong password; the server hears none", async () => {
    const { client, a } = await bridged("pass");
    expect(await login(client, "ann@b.test", "at the server")).toBe("-ERR [AUTH] Login failed\r\n");
    expect(await login(client, "ann@b.test", "x")).toBe("-ERR [AUTH] Login failed\r\n");
    expect(a.connections).toBe(0);
  });

  it("lets others log in as they are, or refuses them as with a wrong password", async () => {
    const passing = await bridged("pass", { user: "joe", password: "secret" });
    expect(await login(passing.client, "joe", "secret")).toBe("+OK Logged in\r\n");
    const refusing = await bridged("refuse", { user: "joe", password: "secret" });
    expect(await login(refusing.client, "joe", "secret")).toBe("-ERR [AUTH] Login failed\r\n");
    expect(refusing.a.connections).toBe(0);
  });

  it("whose credential the server refuses is -ERR [SYS/TEMP]: the client's password was right", async () => {
    const { client, gate } = await bridged("pass", { password: "another" });
    expect(await login(client, "ann@b.test", "at home")).toMatch(/^-ERR \[SYS\/TEMP\]/);
    expect(gate.events).toMatchObject([{ kind: "session", user: "ann@b.test" }]);
  });
});

describe("CAPA before the server is known", () => {
  it("counts a server that was not asked yet as knowing USER alone", async () => {
    const { client } = await twoServers();
    await client.line();
    expect(await client.answer("CAPA")).toBe("+OK\r\nUSER\r\n.\r\n");
  });

  it("is what all servers have in common, mechanisms that name the user only, and the server's own after the login", async () => {
    const { client, port } = await twoServers(
      { capabilities: ["USER", "TOP", "UIDL", "SASL PLAIN CRAM-MD5 LOGIN", "EXPIRE 30", "IMPLEMENTATION A"] },
      { capabilities: ["UIDL", "USER", "SASL LOGIN CRAM-MD5 PLAIN", "EXPIRE NEVER", "STLS"] },
    );
    for (const user of ["joe", "ann@b.test"]) {
      const one = user === "joe" ? client : new Pop3Client(port);
      await one.line();
      await login(one, user, "secret");
      if (user === "joe") expect(await one.answer("CAPA")).toContain("TOP\r\nUIDL\r\n");
      await one.ask("QUIT");
      await one.whenClosed();
    }
    const next = new Pop3Client(port);
    onTestFinished(() => void next.socket.destroy());
    await next.line();
    expect(await next.answer("CAPA")).toBe("+OK\r\nUSER\r\nUIDL\r\nSASL PLAIN LOGIN\r\n.\r\n");
  });
});
