import { describe, expect, it } from "vitest";
import { bytesOf, randomCut } from "../../support/chunk-invariance.ts";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { authenticate, clientExchanges } from "../../support/pop3-auth.ts";
import { startPop3 } from "../../support/pop3-setup.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { waitUntil } from "../../support/wait-until.ts";

const mechanisms = Object.keys(clientExchanges);
const server = { sasl: { mechanisms } };
const exchangeOf = (mechanism: string, user: string, secret: string) => {
  const make = clientExchanges[mechanism];
  if (make === undefined) throw new Error(mechanism);
  return make(user, secret);
};
const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64");

describe("AUTH", () => {
  it.each(mechanisms)("%s logs in at the server, with and without an initial response", async (mechanism) => {
    for (const waits of [false, true]) {
      const { client, upstream } = await startPop3(server);
      await client.line();
      expect(await authenticate(client, exchangeOf(mechanism, "joe", "secret"), waits)).toBe("+OK logged in\r\n");
      expect(await client.ask("STAT")).toBe("+OK 0 0\r\n");
      expect(upstream.logins).toEqual([`${mechanism} right`]);
    }
  });

  it.each(mechanisms)(
    "%s with a wrong secret is a failed login of that user, whose secret no event has",
    async (mechanism) => {
      const { client, gate } = await startPop3(server);
      await client.line();
      expect(await authenticate(client, exchangeOf(mechanism, "joe", "wr0ng"))).toBe("-ERR [AUTH] Login failed\r\n");
      expect(gate.events).toMatchObject([
        { kind: "session", user: "joe", cause: "login failed: the server says -ERR [AUTH] wrong" },
      ]);
      expect(JSON.stringify(gate.events)).not.toContain("wr0ng");
      expect(await client.ask("STAT")).toBe("-ERR Command not valid in this state\r\n");
      expect(await authenticate(client, exchangeOf(mechanism, "joe", "secret"))).toBe("+OK logged in\r\n");
    },
  );

  it("alone is refused: CAPA tells the mechanisms", async () => {
    const { client, upstream } = await startPop3(server);
    await client.line();
    expect(await client.ask("AUTH")).toBe("-ERR Wrong arguments\r\n");
    expect(await client.answer("CAPA")).toContain(`SASL ${mechanisms.join(" ")}\r\n`);
    expect(upstream.commands).toEqual(["CAPA"]);
  });

  it("by a mechanism that the settings leave out is refused, and the server does not hear of it", async () => {
    const { client, upstream } = await startPop3(server, { settings: { auth: { mechanisms: ["CRAM-MD5"] } } });
    await client.line();
    expect(await client.ask("AUTH PLAIN")).toBe("-ERR This login is not offered here\r\n");
    expect(await client.answer("CAPA")).toContain("SASL CRAM-MD5\r\n");
    expect(upstream.commands).toEqual(["CAPA"]);
  });

  it("given up with * ends at the server too, and the next login may come", async () => {
    const { client, upstream } = await startPop3(server);
    await client.line();
    await client.ask("AUTH CRAM-MD5");
    expect(await client.ask("*")).toBe("-ERR Login given up\r\n");
    expect(upstream.logins).toEqual(["CRAM-MD5 cancelled"]);
    await client.ask("USER joe");
    expect(await client.ask("PASS secret")).toBe("+OK logged in\r\n");
  });

  it.each(["NOOP 1", "STLS!", "a b", "AAA", "AAAA=", "\x01AAA", "A".repeat(20_000), "AA\rAA", "AA\0A"])(
    "with the line %j, which is not base64 or too long, is given up",
    async (line) => {
      const { client, upstream } = await startPop3(server);
      await client.line();
      await client.ask("AUTH CRAM-MD5");
      expect(await client.ask(line)).toBe("-ERR Not base64\r\n");
      expect(upstream.commands).toEqual(["AUTH CRAM-MD5", "*"]);
    },
  );

  it("is not counted as a guess when it is given up, but as an error", async () => {
    const { client, gate } = await startPop3(server, { limits: { errorsMax: 2 } });
    await client.line();
    for (let n = 0; n < 3; n++) {
      await client.ask("AUTH CRAM-MD5");
      client.say("*\r\n");
    }
    expect(await client.whenClosed()).toMatch(/-ERR Too many errors\r\n$/);
    expect(gate.events).toHaveLength(1);
  });

  it("of a user whom the policy denies is refused before the server sees a secret, whenever the name is told", async () => {
    const rules = [{ name: "no joe", when: { user: { is: "joe" }, command: { is: "AUTH" } }, action: "deny" }];
    const { client, gate, upstream } = await startPop3(server, { rulesets: { command: { rules } } });
    await client.line();
    expect(await authenticate(client, exchangeOf("PLAIN", "joe", "secret"))).toMatch(/^-ERR Command not allowed/);
    expect(await authenticate(client, exchangeOf("PLAIN", "joe", "secret"), true)).toMatch(/^-ERR Command not allowed/);
    expect(await authenticate(client, exchangeOf("LOGIN", "joe", "secret"))).toMatch(/^-ERR Command not allowed/);
    expect(await client.ask("STAT")).toBe("-ERR Command not valid in this state\r\n");
    expect(gate.hits).toEqual(["enforced no joe", "enforced no joe", "enforced no joe"]);
    expect(upstream.commands).toEqual(["AUTH PLAIN", "*", "AUTH LOGIN", "*"]);
  });

  it("is told to rules as the mechanism, USER and APOP too", async () => {
    const rules = ["PLAIN", "APOP", "USER"].map((name) => ({
      name,
      when: { authMechanism: { is: name } },
      action: "deny",
    }));
    const { client, gate } = await startPop3(server, { rulesets: { command: { rules } } });
    await client.line();
    await client.ask("AUTH PLAIN");
    await client.ask(`APOP joe ${"a".repeat(32)}`);
    await client.ask("USER joe");
    expect(gate.hits).toEqual(["enforced PLAIN", "enforced APOP", "enforced USER"]);
    expect(await authenticate(client, exchangeOf("CRAM-MD5", "joe", "secret"))).toMatch(/^\+OK/);
  });

  it("for another user than its own is as one with a wrong password, and the server does not hear it", async () => {
    const { client, gate, upstream } = await startPop3(server);
    await client.line();
    expect(await client.ask(`AUTH PLAIN ${base64("boss\0joe\0secret")}`)).toBe("-ERR [AUTH] Login failed\r\n");
    await client.ask("AUTH SCRAM-SHA-256");
    expect(await client.ask(base64("n,a=boss,n=joe,r=x"))).toBe("-ERR [AUTH] Login failed\r\n");
    expect(gate.events).toMatchObject([
      { user: "joe", cause: "a login for another user than its own" },
      { cause: "a login for another user than its own" },
    ]);
    expect(upstream.commands).toEqual(["AUTH SCRAM-SHA-256", "*"]);
  });

  it("that does not say whose it is, by a mechanism that does, is as one with a wrong password", async () => {
    const { client, upstream } = await startPop3(server);
    await client.line();
    for (const [mechanism, message] of [
      ["PLAIN", "="],
      ["PLAIN", base64("joe")],
      ["XOAUTH2", base64("auth=Bearer secret\x01\x01")],
      ["PLAIN", base64("\0joe\xff\0secret")],
    ]) {
      expect(await client.ask(`AUTH ${mechanism} ${message}`)).toBe("-ERR [AUTH] Login failed\r\n");
    }
    expect(upstream.commands).toEqual([]);
  });

  it("is of the user of its last message: a name that came first does not hide another from the policy", async () => {
    const rules = [{ name: "no joe", when: { user: { is: "joe" } }, action: "deny" }];
    // A server that does not look at what came along with the command.
    const onCommand: FakePop3Options["onCommand"] = (line, socket) =>
      line.startsWith("AUTH ") && (socket.write("+ \r\n"), true);
    const { client, upstream } = await startPop3({ onCommand }, { rulesets: { command: { rules } } });
    await client.line();
    expect(await client.ask(`AUTH PLAIN ${base64("\0ann\0x")}`)).toBe("+ \r\n");
    client.say(`${base64("\0joe\0secret")}\r\n`);
    await waitUntil("it is given up", () => upstream.commands.length === 2);
    expect(upstream.commands[1]).toBe("*");
  });

  it.each([
    ["a mechanism", "AUTH NTLM"],
    ["a mechanism with a name", `AUTH PLAIN ${base64("\0ann\0x")}`],
    ["APOP", `APOP ann ${"a".repeat(32)}`],
  ])("%s that is not offered does not change whose login the next PASS is", async (_what, line) => {
    const rules = [{ name: "joe reads", when: { user: { is: "joe" }, command: { is: "DELE" } }, action: "deny" }];
    const settings = { auth: { apop: false, mechanisms: ["CRAM-MD5"] } };
    const { client, gate } = await startPop3(
      { ...server, messages: ["a: b\r\n\r\n"] },
      { settings, rulesets: { command: { rules } } },
    );
    await client.line();
    await client.ask("USER joe");
    expect(await client.ask(line)).toBe("-ERR This login is not offered here\r\n");
    expect(await client.ask("PASS secret")).toMatch(/^\+OK/);
    expect(await client.ask("DELE 1")).toBe("-ERR Command not allowed\r\n");
    client.say("QUIT\r\n");
    await client.whenClosed();
    await waitUntil("the record is written", () => gate.connections.length === 1);
    expect(gate.connections[0]).toMatchObject({ user: "joe", authMechanism: "USER" });
  });

  it("by LOGIN with the user along is put to the server as questions and answers", async () => {
    const { client, upstream } = await startPop3(server);
    await client.line();
    expect(await client.ask(`AUTH LOGIN ${base64("joe")}`)).toBe(`+ ${base64("Password:")}\r\n`);
    expect(await client.ask(base64("secret"))).toBe("+OK logged in\r\n");
    expect(upstream.commands).toEqual(["AUTH LOGIN", base64("joe"), base64("secret")]);
  });

  it("by CRAM-MD5 takes no answer before the question", async () => {
    const { client, upstream } = await startPop3(server);
    await client.line();
    const message = base64(`joe ${"a".repeat(32)}`);
    expect(await client.ask(`AUTH CRAM-MD5 ${message}`)).toBe("-ERR [AUTH] Login failed\r\n");
    expect(upstream.commands).toEqual([]);
  });

  it("takes lines as long as tokens are, also in the command, though commands are short", async () => {
    const secret = "t".repeat(6_000);
    const { client } = await startPop3({ ...server, password: secret });
    await client.line();
    expect(await client.ask(`USER ${"x".repeat(300)}`)).toBe("-ERR Command line too long\r\n");
    expect(await authenticate(client, exchangeOf("XOAUTH2", "joe", secret))).toBe("+OK logged in\r\n");
  });

  it("with a token that is too long for a command is put to the server in an exchange (RFC 5034 §4)", async () => {
    const secret = "t".repeat(300);
    const { client, upstream } = await startPop3({ ...server, password: secret });
    await client.line();
    expect(await authenticate(client, exchangeOf("XOAUTH2", "joe", secret))).toBe("+OK logged in\r\n");
    expect(upstream.commands[0]).toBe("AUTH XOAUTH2");
  });

  it("is not given up by a pipelined command: what follows the command is a line of the exchange", async () => {
    const { client, upstream } = await startPop3(server);
    await client.line();
    client.say(`AUTH PLAIN\r\n${base64("\0joe\0secret")}\r\nSTAT\r\nQUIT\r\n`);
    expect(await client.whenClosed()).toBe("+ \r\n+OK logged in\r\n+OK 0 0\r\n+OK\r\n");
    expect(upstream.commands).toEqual(["AUTH PLAIN", base64("\0joe\0secret"), "STAT", "QUIT"]);
  });

  it.each([
    ["goes on after it was given up", "+ \r\n"],
    ["calls a login that was given up done", "+OK in\r\n"],
  ])("ends the session when the server %s", async (_what, answer) => {
    const { client } = await startPop3({
      onCommand: (line, socket) => {
        if (line.startsWith("AUTH")) socket.write("+ QUJD\r\n");
        if (line === "*") socket.write(answer);
        return line === "*" || line.startsWith("AUTH");
      },
    });
    await client.line();
    await client.ask("AUTH CRAM-MD5");
    client.say("*\r\n");
    expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\]/);
  });

  it.each(["+ not base64!\r\n", "+ AAAA\r\n+OK\r\n", `+ ${"A".repeat(20_000)}\r\n`, "334 AAAA\r\n"])(
    "ends the session when the server's challenge is %j",
    async (challenge) => {
      const { client } = await startPop3({
        onCommand: (line, socket) => line.startsWith("AUTH") && (socket.write(challenge), true),
      });
      await client.line();
      client.say("AUTH CRAM-MD5\r\n");
      expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\]/);
    },
  );
});

it("a session says the same however its bytes are cut", async () => {
  const words = `CAPA\r\nAUTH LOGIN\r\n*\r\nAUTH LOGIN\r\n${base64("joe")}\r\n${base64("secret")}\r\nUIDL\r\nNOOP\r\nQUIT\r\n`;
  const hear = async (chunks: readonly Uint8Array[]): Promise<string> => {
    const { client } = await startPop3(server);
    for (const chunk of chunks) client.say(Buffer.from(chunk).toString("latin1"));
    return client.whenClosed();
  };
  const whole = await hear([bytesOf(words)]);
  expect(whole).toContain("+OK logged in");
  const random = seededRandom(5);
  for (let n = 0; n < 8; n++) expect(await hear(randomCut(bytesOf(words), random))).toBe(whole);
});

it.each(["PLAIN", "LOGIN"])(
  "a rule about AUTH counts once in a login whose user is told later: %s",
  async (mechanism) => {
    const rule = (when: object) => ({ name: JSON.stringify(when), when, action: "allow" });
    for (const gateway of [{}, { to: { serverChoice: { servers: [{ server: "b.test", route: "mailbox" }] } } }]) {
      const observed = { ...rule({ user: { is: "joe" } }), state: "observe" };
      const command = { rules: [observed, rule({ command: { is: "AUTH" } })] };
      const { client, gate } = await startPop3(server, { ...gateway, rulesets: { command } });
      await client.line();
      expect(await authenticate(client, exchangeOf(mechanism, "joe", "secret"), true)).toMatch(/^\+OK/);
      expect(gate.hits.map((hit) => hit.split(" ")[0])).toEqual(["enforced", "observed"]);
    }
  },
);
