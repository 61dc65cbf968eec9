import { describe, expect, it } from "vitest";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";

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
