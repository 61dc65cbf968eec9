import { createHash } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { apopTimestamp, FakePop3Server, stuffed } from "../../support/fake-pop3-server.ts";
import { Pop3Client } from "../../support/pop3-gateway.ts";
import { startGateway, startPop3 } from "../../support/pop3-setup.ts";
import { waitUntil } from "../../support/wait-until.ts";

const clean = "From: a@b.test\r\nSubject: clean\r\nMessage-ID: <1@b.test>\r\n\r\nhello\r\n.dot\r\n..two\r\nlast\r\n";
describe("the greeting", () => {
  it("is ours and keeps the server's APOP timestamp", async () => {
    const { client } = await startPop3();
    expect(await client.line()).toBe(`+OK POP3 server ready ${apopTimestamp}\r\n`);
  });

  it("is -ERR [SYS/TEMP] when no server can be reached, and a session event says why", async () => {
    const { upstream, client, gate } = await startWithoutServer();
    expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\] .+\r\n$/);
    expect(gate.events).toMatchObject([{ kind: "session", cause: expect.stringContaining("ECONNREFUSED") }]);
    expect(upstream.connections).toBe(0);
  });

  it("comes from the next target by priority when the first is down", async () => {
    const backup = new FakePop3Server();
    const backupPort = await backup.listen();
    onTestFinished(() => backup.close());
    const { client } = await startWithoutServer([backupPort]);
    expect(await client.line()).toMatch(/^\+OK/);
  });

  it.each([
    "220 smtp.test ESMTP\r\n",
    "* OK IMAP4\r\n",
    "-ERR go away\r\n",
    "HTTP/1.1 400\r\n\r\n",
    `+OK ${"x".repeat(600)}\r\n`,
  ])("of a server that says %j is never followed by a password", async (banner) => {
    const { upstream, client } = await startPop3({ banner });
    client.say("USER joe\r\nPASS secret\r\n");
    expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\]/);
    expect(upstream.commands).toEqual([]);
  });

  it("that does not come in time is -ERR [SYS/TEMP]", async () => {
    const { client } = await startPop3({ banner: "" }, { route: { connectTimeoutMs: 100 } });
    expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\]/);
  });
});

async function startWithoutServer(more: number[] = []) {
  const dead = new FakePop3Server();
  const deadPort = await dead.listen();
  await dead.close();
  return { upstream: dead, ...(await startGateway({ targets: [deadPort, ...more] })) };
}

describe("a session", () => {
  it("logs in by USER and PASS, lists, fetches, deletes and quits", async () => {
    const { client, upstream } = await startPop3({ messages: [clean, clean] });
    await client.login();
    expect(await client.ask("STAT")).toBe(`+OK 2 ${clean.length * 2}\r\n`);
    expect(await client.answer("LIST")).toBe(`+OK\r\n1 ${clean.length}\r\n2 ${clean.length}\r\n.\r\n`);
    expect(await client.ask("LIST 2")).toBe(`+OK 2 ${clean.length}\r\n`);
    expect(await client.answer("UIDL")).toBe("+OK\r\n1 uid-1\r\n2 uid-2\r\n.\r\n");
    expect(await client.answer("RETR 1")).toBe(`+OK ${clean.length} octets\r\n${stuffed(clean)}.\r\n`);
    expect(await client.answer("TOP 1 1")).toContain("hello\r\n.\r\n");
    expect(await client.ask("DELE 1")).toMatch(/^\+OK/);
    expect(await client.ask("NOOP")).toMatch(/^\+OK/);
    expect(await client.ask("RSET")).toMatch(/^\+OK/);
    expect(await client.ask("DELE 2")).toMatch(/^\+OK/);
    expect(await client.ask("QUIT")).toMatch(/^\+OK/);
    await client.whenClosed();
    expect(upstream.deleted).toEqual([2]);
  });

  it("logs in by APOP", async () => {
    const { client } = await startPop3();
    await client.line();
    const digest = createHash("md5").update(`${apopTimestamp}secret`).digest("hex");
    expect(await client.ask(`APOP joe ${digest}`)).toMatch(/^\+OK/);
  });

  it("answers pipelined commands in order", async () => {
    const { client } = await startPop3({ messages: [clean] });
    client.say("USER joe\r\nPASS secret\r\nSTAT\r\nRETR 1\r\nXYZ\r\nUIDL\r\nQUIT\r\n");
    const all = await client.whenClosed();
    expect(all.match(/^(\+OK|-ERR)/gm)).toEqual(["+OK", "+OK", "+OK", "+OK", "+OK", "-ERR", "+OK", "+OK"]);
    expect(all).toContain(`${stuffed(clean)}.\r\n-ERR Unknown command\r\n+OK\r\n1 uid-1\r\n.\r\n+OK\r\n`);
  });

  it("survives any number of commands in one packet without reading them all at once", async () => {
    const { client, upstream } = await startPop3();
    await client.login();
    client.say("NOOP\r\n".repeat(20_000));
    await waitUntil("all are answered", () => client.heard.length === "+OK\r\n".length * 20_000);
    expect(upstream.commands.filter((line) => line === "NOOP")).toHaveLength(20_000);
  });

  it("that talks on and on without a login ends after the idle time, and one that is logged in does not", async () => {
    const { client, port } = await startPop3({}, { limits: { idleTimeoutMs: 1000 } });
    await client.login();
    const other = new Pop3Client(port);
    onTestFinished(() => void other.socket.destroy());
    await other.line();
    other.say("CAPA\r\n");
    await waitUntil("the one without a login is closed", () => {
      if (!other.closed && other.heard.endsWith(".\r\n")) {
        other.heard = "";
        other.say("CAPA\r\n");
        client.say("NOOP\r\n");
      }
      return other.closed;
    });
    expect(await client.ask("STAT")).toMatch(/^\+OK/);
  });

  it("takes commands byte by byte", async () => {
    const { client } = await startPop3();
    await client.line();
    for (const byte of "USER joe\r\n") client.say(byte);
    expect(await client.line()).toBe("+OK\r\n");
  });

  it("tells a failed login, closes after five, and gives no password to the events", async () => {
    const { client, gate } = await startPop3();
    await client.line();
    for (let n = 0; n < 5; n++) {
      await client.ask("USER joe");
      expect(await client.ask("PASS wr0ng-pass")).toBe("-ERR [AUTH] Login failed\r\n");
    }
    await client.whenClosed();
    expect(gate.events).toHaveLength(5);
    expect(gate.events[0]).toMatchObject({
      kind: "session",
      user: "joe",
      cause: "login failed: the server says -ERR [AUTH] wrong",
      protocol: "pop3",
    });
    expect(JSON.stringify(gate.events)).not.toContain("wr0ng");
  });
});

describe("a command", () => {
  it.each(["AUTH", "AUTH KERBEROS_V4", "STLS", "XTND", "XSENDER 1", "RPOP joe", "LAST"])(
    "%s is refused by us and not forwarded",
    async (command) => {
      const { client, upstream } = await startPop3();
      await client.line();
      expect(await client.ask(command)).toMatch(/^-ERR/);
      expect(upstream.commands).toEqual([]);
    },
  );

  it("passes names and texts in UTF-8 byte for byte, also those that end with a byte that is a blank elsewhere", async () => {
    const name = "voil\xc3\xa0";
    const { client, upstream } = await startPop3({
      user: name,
      onCommand: (line, socket) => line === "LANG" && socket.write(`+OK ${name}\r\nfr ${name}\r\n.\r\n`, "latin1"),
    });
    await client.line();
    expect(await client.answer("LANG")).toBe(`+OK ${name}\r\nfr ${name}\r\n.\r\n`);
    await client.ask(`USER ${name}`);
    expect(await client.ask("PASS secret")).toBe("+OK logged in\r\n");
    expect(upstream.commands).toEqual(["LANG", `USER ${name}`, "PASS secret"]);
  });

  it.each(["UTF8", "LANG", "LANG de"])("%s is not spoken where the settings say so", async (command) => {
    const { client, upstream } = await startPop3({}, { settings: { capabilities: { utf8: false, lang: false } } });
    await client.line();
    expect(await client.ask(command)).toMatch(/^-ERR \w+ is not offered here/);
    expect(upstream.commands).toEqual([]);
  });

  it("of HTTP ends the session: its client was led here", async () => {
    const { client, upstream } = await startPop3();
    await client.line();
    client.say("POST / HTTP/1.1\r\nUSER: joe\r\n\r\nUSER joe\r\nPASS secret\r\n");
    expect(await client.whenClosed()).toBe("-ERR This is POP3\r\n");
    expect(upstream.commands).toEqual([]);
  });

  it("with an argument longer than the limit is refused", async () => {
    const { client, upstream } = await startPop3({}, { limits: { argumentBytesMax: 40 } });
    await client.line();
    expect(await client.ask(`USER ${"x".repeat(41)}`)).toBe("-ERR Argument too long\r\n");
    expect(await client.ask(`USER ${"x".repeat(40)}`)).toBe("+OK\r\n");
    expect(upstream.commands).toEqual([`USER ${"x".repeat(40)}`]);
  });

  it("that the state does not know is refused and not forwarded", async () => {
    const { client, upstream } = await startPop3();
    await client.line();
    for (const command of ["PASS secret", "STAT", "RETR 1", "DELE 1"])
      expect(await client.ask(command)).toMatch(/^-ERR/);
    expect(upstream.commands).toEqual([]);
  });

  it("with a stray CR, LF or NUL is refused and carries no second command", async () => {
    const { client, upstream } = await startPop3({ messages: [clean] });
    await client.login();
    for (const text of ["NOOP\rDELE 1\r\n", "RETR 1\0DELE 1\r\n", "NOOP\nDELE 1\r\r\n"]) client.say(text);
    client.say("QUIT\r\n");
    await client.whenClosed();
    expect(upstream.commands).toEqual(["USER joe", "PASS secret", "QUIT"]);
  });

  it("longer than the limit is refused once, however long", async () => {
    const { client, upstream } = await startPop3();
    await client.line();
    client.say(`USER ${"x".repeat(100_000)}\r\n`);
    expect(await client.line()).toBe("-ERR Command line too long\r\n");
    expect(await client.ask("USER joe")).toBe("+OK\r\n");
    expect(upstream.commands).toEqual(["USER joe"]);
  });

  it("that fails too often ends the session", async () => {
    const { client, gate } = await startPop3({}, { limits: { errorsMax: 3 } });
    await client.line();
    client.say("X\r\n".repeat(10));
    expect(await client.whenClosed()).toMatch(/-ERR Too many errors\r\n$/);
    expect(gate.events).toMatchObject([{ kind: "session", reply: "-ERR Too many errors" }]);
  });

  it("that the policy denies is refused, counted, and told when its rule logs", async () => {
    const rules = [
      {
        name: "read only",
        when: { command: { is: "dele" }, user: { is: "joe" } },
        action: { deny: { text: "Read only" } },
        log: true,
      },
    ];
    const { client, gate, upstream } = await startPop3({ messages: [clean] }, { rulesets: { command: { rules } } });
    await client.login();
    expect(await client.ask("DELE 1")).toBe("-ERR Read only\r\n");
    expect(gate.hits).toEqual(["enforced read only"]);
    expect(gate.events).toMatchObject([{ kind: "session", decision: { verdict: "deny", ruleName: "read only" } }]);
    expect(upstream.commands).not.toContain("DELE 1");
  });

  it("denied by an observing rule passes and is counted", async () => {
    const rules = [{ name: "o", state: "observe", when: { command: { is: "DELE" } }, action: "deny" }];
    const { client, gate } = await startPop3({ messages: [clean] }, { rulesets: { command: { rules } } });
    await client.login();
    expect(await client.ask("DELE 1")).toMatch(/^\+OK/);
    expect(gate.hits).toEqual(["observed o"]);
  });
});

describe("CAPA", () => {
  it("is the server's, without what does not hold through us or the policy", async () => {
    const rules = [{ name: "no top", when: { command: { is: "TOP" } }, action: "deny" }];
    const capabilities = ["TOP", "UIDL", "SASL PLAIN", "STLS", "IMPLEMENTATION x", "USER"];
    const { client, gate } = await startPop3({ capabilities }, { rulesets: { command: { rules } } });
    await client.line();
    expect(await client.answer("CAPA")).toBe("+OK\r\nUIDL\r\nSASL PLAIN\r\nIMPLEMENTATION x\r\nUSER\r\n.\r\n");
    expect(gate.hits).toEqual([]);
  });

  it("of a server without it is -ERR: nothing is invented", async () => {
    const { client } = await startPop3({ capabilities: null });
    await client.line();
    expect(await client.ask("CAPA")).toBe("-ERR unknown\r\n");
  });
});

it("a client that says QUIT and leaves at once has its deletions done", async () => {
  const { client, upstream } = await startPop3({ messages: [clean] });
  await client.login();
  client.say("DELE 1\r\nQUIT\r\n");
  await client.until("+OK marked\r\n");
  client.socket.destroy();
  await waitUntil("the server is left", () => upstream.sockets.size === 0);
  expect(upstream.deleted).toEqual([1]);
});

describe("nothing is deleted that the client did not finish", () => {
  it.each(["end", "destroy", "resetAndDestroy"] as const)("when the client leaves by %s after DELE", async (way) => {
    const { client, upstream } = await startPop3({ messages: [clean] });
    await client.login();
    await client.ask("DELE 1");
    client.socket[way]();
    await waitUntil("the server is left", () => upstream.sockets.size === 0);
    expect(upstream.commands).not.toContain("QUIT");
    expect(upstream.deleted).toEqual([]);
  });

  it("when the client is idle too long", async () => {
    const { client, upstream } = await startPop3({ messages: [clean] }, { limits: { idleTimeoutMs: 1000 } });
    await client.login();
    await client.ask("DELE 1");
    expect(await client.whenClosed()).toBe("");
    expect(upstream.commands).not.toContain("QUIT");
  });

  it("when the worker drains, which ends an idle session at once", async () => {
    const { client, upstream, gate } = await startPop3({ messages: [clean] });
    await client.login();
    await client.ask("DELE 1");
    gate.sessions[0]?.drain();
    expect(await client.whenClosed()).toBe("");
    expect(upstream.deleted).toEqual([]);
  });
});

it("a session that drains finishes the answer under way", async () => {
  let release = (): void => undefined;
  const { client, gate } = await startPop3({
    messages: [clean],
    onCommand: (line, socket) => {
      if (line !== "RETR 1") return false;
      socket.write("+OK\r\nhalf\r\n");
      release = () => socket.write("rest\r\n.\r\n");
      return true;
    },
  });
  await client.login();
  client.say("RETR 1\r\n");
  await client.until("half\r\n");
  gate.sessions[0]?.drain();
  release();
  expect(await client.whenClosed()).toBe("rest\r\n.\r\n");
});

it("without a policy in force a command is -ERR [SYS/TEMP] and the session ends", async () => {
  const { client, gate } = await startPop3();
  await client.line();
  gate.governing = null;
  client.say("USER joe\r\n");
  expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\]/);
});

it("a list of 100,000 messages passes", async () => {
  const listing = Array.from({ length: 100_000 }, (_, n) => `${n + 1} 1000\r\n`).join("");
  const { client } = await startPop3({
    onCommand: (line, socket) => line === "LIST" && (socket.write(`+OK\r\n${listing}.\r\n`), true),
  });
  await client.login();
  expect(await client.answer("LIST")).toBe(`+OK\r\n${listing}.\r\n`);
});
