import type { Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const good = authority.issue(["IP:127.0.0.1"]);
afterAll(() => authority.remove());

const clean = "Subject: clean\r\n\r\nhello\r\n";

describe("a hostile or broken server", () => {
  const cases: [string, string, (heard: string) => void][] = [
    ["goes away before it answers", "", (heard) => expect(heard).toMatch(/^-ERR \[SYS\/TEMP\]/)],
    ["cuts a message", "+OK\r\nhalf a mess", (heard) => expect(heard).not.toContain("\r\n.\r\n")],
    ["cuts a message at a dot", "+OK\r\nhalf\r\n.", (heard) => expect(heard).not.toContain("\r\n.\r\n")],
    ["answers twice", "+OK\r\na\r\n.\r\n+OK\r\n", (heard) => expect(heard).not.toContain("\r\n.\r\n")],
    ["answers with no POP3", "250 OK\r\n", (heard) => expect(heard).toMatch(/^-ERR \[SYS\/TEMP\]/)],
    [
      "sends a line without end",
      `+OK ${"x".repeat(5000)}\r\n`,
      (heard) => expect(heard).toMatch(/^-ERR \[SYS\/TEMP\]/),
    ],
  ];
  it.each(cases)("that %s ends the session without a lie", async (_, bytes, check) => {
    for (const rulesets of [{}, noExe]) {
      const { client, gate } = await startPop3(
        {
          messages: [clean],
          onCommand: (line, socket) => {
            if (line !== "RETR 1") return false;
            socket.end(bytes, "latin1");
            return true;
          },
        },
        { rulesets },
      );
      await client.login();
      client.say("RETR 1\r\n");
      check(await client.whenClosed());
      expect(gate.events).toMatchObject([{ kind: "message", outcome: "aborted" }]);
    }
  });

  it("that is silent is left after the reply timeout", async () => {
    const { client } = await startPop3({ onCommand: (line) => line === "STAT" }, { route: { replyTimeoutMs: 1000 } });
    await client.login();
    client.say("STAT\r\n");
    expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\]/);
  });

  it("gives its control bytes neither to the client nor to the events", async () => {
    const { client } = await startPop3({
      onCommand: (line, socket) => line === "NOOP" && socket.write("+OK \x1b[2J\x07 bad\x7f\r\n"),
    });
    await client.login();
    expect(await client.ask("NOOP")).toBe("+OK [2J  bad\r\n");
  });

  it("that lists something else than messages ends the session", async () => {
    const { client } = await startPop3({
      onCommand: (line, socket) => line === "LIST" && socket.write("+OK\r\n1 10\r\n<script>\r\n.\r\n"),
    });
    await client.login();
    client.say("LIST\r\n");
    expect(await client.whenClosed()).not.toContain("script");
  });

  it("that closes between commands closes the client's side too", async () => {
    const { client, upstream } = await startPop3();
    await client.login();
    for (const socket of upstream.sockets) socket.end();
    expect(await client.whenClosed()).toBe("");
  });
});

const commands = [
  "STAT",
  "LIST",
  "LIST 1",
  "UIDL",
  "UIDL 1",
  "RETR 1",
  "TOP 1 0",
  "DELE 1",
  "NOOP",
  "RSET",
  "CAPA",
  "QUIT",
];

/** What the client hears to the command from a server that answers like this, once the session and the server's connection have ended. */
async function heardOf(command: string, misbehave: (socket: Socket) => void): Promise<string> {
  const { client, gate, upstream } = await startPop3(
    {
      messages: [clean],
      onCommand: (line, socket) => {
        if (line !== command) return false;
        misbehave(socket);
        return true;
      },
    },
    { route: { replyTimeoutMs: 1000 } },
  );
  await client.login();
  client.say(`${command}\r\n`);
  const heard = await client.whenClosed();
  await waitUntil("the session and the server's connection end", () => gate.ended === 1 && upstream.sockets.size === 0);
  expect(upstream.deleted).toEqual([]);
  return heard;
}

describe("whatever the command, a server that", () => {
  const cases: [string, (socket: Socket) => void][] = [
    ["is silent", () => undefined],
    ["closes its side and waits", (socket) => socket.end()],
    ["closes its side in the middle of a line", (socket) => socket.end("+O")],
    ["goes on in one line without end", (socket) => void socket.write("x".repeat(100_000))],
    ["puts a bare line feed into its answer", (socket) => void socket.write("+OK 1 10\n-ERR split\r\n")],
    ["puts a bare carriage return into its answer", (socket) => void socket.write("+OK 1 10\r-ERR split\r\n")],
    ["puts a NUL into its answer", (socket) => void socket.write("+OK 1 10\0split\r\n")],
    ["speaks another protocol", (socket) => void socket.write("* OK split\r\n")],
    ["begins a challenge that nobody asked for", (socket) => void socket.write("+ c3BsaXQ=\r\n")],
  ];
  it.each(cases)("%s is left in its time, and the client hears at most that it went away", async (_what, misbehave) => {
    const heard = await Promise.all(commands.map((command) => heardOf(command, misbehave)));
    for (const text of heard) expect(text).toMatch(/^(?:-ERR \[SYS\/TEMP\] [ -~]+\r\n)?$/);
  });
  it("answers twice is left, and the client hears nothing of the second answer", async () => {
    const twice = (socket: Socket): void => void socket.write("-ERR no\r\n+OK split\r\n");
    const heard = await Promise.all(commands.map((command) => heardOf(command, twice)));
    for (const text of heard) expect(text).not.toMatch(/split/);
  });
  it("answers what was not asked yet is left before the next command is asked", async () => {
    const { client, upstream } = await startPop3({
      onCommand: (line, socket) => {
        if (line !== "NOOP") return false;
        socket.write("+OK\r\n");
        setImmediate(() => socket.write("+OK 9 9\r\n"));
        return true;
      },
    });
    await client.login();
    await client.ask("NOOP");
    expect(await client.whenClosed()).toBe("");
    expect(upstream.commands.at(-1)).toBe("NOOP");
  });
});

describe("a server that is none", () => {
  const banners = [
    "220 mail.test ESMTP\r\n",
    "* OK IMAP4rev1\r\n",
    "HTTP/1.1 400 Bad\r\n\r\n",
    "-ERR go away\r\n",
    "+OKAY\r\n",
  ];
  it.each(banners)("and greets with %j never hears a name or a password", async (banner) => {
    const { client, upstream } = await startPop3({ banner });
    client.say("USER joe\r\nPASS secret\r\n");
    expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\] [ -~]+\r\n$/);
    await waitUntil("it is left", () => upstream.sockets.size === 0);
    expect(upstream.commands).toEqual([]);
  });
});

describe("a server whose TLS the route requires", () => {
  const cases: [string, FakePop3Options][] = [
    ["puts an answer to the login behind its yes to STLS", { tls: { ...good, injected: "+OK logged in\r\n" } }],
    ["puts capabilities behind it", { tls: { ...good, injected: "+OK\r\nSASL PLAIN\r\n.\r\n" } }],
    ["never ends the handshake", { onCommand: (line, socket) => line === "STLS" && socket.write("+OK go\r\n") }],
    ["refuses STLS", { onCommand: (line, socket) => line === "STLS" && socket.write("-ERR no\r\n") }],
    ["has a certificate of somebody else", { tls: authority.issue(["DNS:other.test"]) }],
  ];
  it.each(cases)("and %s never hears a name or a password, nor does the client hear it", async (_what, server) => {
    const { client, upstream, gate } = await startPop3(server, {
      route: { connectTimeoutMs: 500, tls: { mode: "required" } },
      trustedAuthority: authority.cert,
    });
    client.say("USER joe\r\nPASS secret\r\n");
    expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\] [ -~]+\r\n$/);
    await waitUntil("it is left", () => upstream.sockets.size === 0 && gate.ended === 1);
    expect(upstream.commands.filter((line) => /^[ -~]+$/.test(line))).toEqual(["STLS"]);
  });
});
