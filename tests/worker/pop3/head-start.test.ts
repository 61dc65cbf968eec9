import type { Socket } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { messageEventSchema } from "#core/contract/event.ts";
import { HeadStart } from "#worker/pop3/head-start.ts";
import { type FakePop3Options, stuffed } from "../../support/fake-pop3-server.ts";
import { FakeScanner } from "../../support/fake-scanner.ts";
import type { GatewayOptions, Pop3Client } from "../../support/pop3-gateway.ts";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";
import { testScanner } from "../../support/scanned.ts";
import { waitUntil } from "../../support/wait-until.ts";

const settings = { headStartMs: 1_000 };
const head = "From: Ann <ann@sender.test>\r\nSubject: s\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n";
const clean = `${head}\r\nhello\r\n.dot\r\n`;
const infected = `${head}Content-Disposition: attachment; filename="x.exe"\r\n\r\nMZ\r\n`;
const mixed = `${head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: a/b; name=x.exe\r\n\r\nMZ\r\n--b--\r\n`;
const strip = { attachment: { rules: [{ name: "s", when: { fileName: { like: "*.exe" } }, action: "strip" }] } };

/** A server that gives the first bytes of a message, and the rest when it is told to. */
async function slowServer(
  message: string,
  first: number,
  gateway: Partial<GatewayOptions>,
  server: FakePop3Options = {},
) {
  const sockets: Socket[] = [];
  const wire = `${stuffed(message)}.\r\n`;
  const started = await startPop3(
    {
      messages: [message],
      onCommand: (line, socket) => {
        if (line !== "RETR 1") return false;
        sockets.push(socket);
        socket.write(`+OK ${message.length} octets\r\n${wire.slice(0, first)}`, "latin1");
        return true;
      },
      ...server,
    },
    { settings, ...gateway },
  );
  await started.client.login();
  const goOn = async () => {
    const socket = await waitUntil("the server is asked", () => sockets[0]);
    socket.write(wire.slice(first), "latin1");
  };
  const cut = () => sockets[0]?.destroy();
  return { ...started, goOn, cut };
}

/** The client has heard that many bytes of an answer without an end. */
const hears = (client: Pop3Client, bytes: number) =>
  waitUntil("the client is kept waiting with a bit of an answer", () => client.heard.length >= bytes);

describe("a client that waits for a verdict", () => {
  it("gets bits of the first line while the server is slow, then the message octet for octet", async () => {
    const { client, goOn, gate } = await slowServer(clean, 60, { rulesets: noExe });
    client.say("RETR 1\r\nNOOP\r\n");
    await hears(client, 5);
    expect("+OK The message").toContain(client.heard);
    await goOn();
    expect(await client.line()).toMatch(/^\+OK(?: [A-Za-z ]*)?\r\n$/);
    expect(await client.until("\r\n.\r\n")).toBe(`${stuffed(clean)}.\r\n`);
    expect(await client.line()).toBe("+OK\r\n");
    expect(gate.events).toMatchObject([{ outcome: "retrieved", bytes: clean.length }]);
  });

  it.each([
    ["a refused message", infected, noExe],
    ["a changed message", mixed, strip],
  ])("gets nothing of %s before its verdict, and what RETR always gives after it", async (_, message, rulesets) => {
    const { client, goOn } = await slowServer(message, message.length - 5, { rulesets });
    // What it gives without a head start.
    const plain = await startPop3({ messages: [message] }, { rulesets });
    await plain.client.login();
    const expected = (await plain.client.answer("RETR 1")).split("\r\n").slice(1).join("\r\n");
    client.say("RETR 1\r\n");
    if (message === mixed) await hears(client, 3);
    await goOn();
    const answer = await client.until("\r\n.\r\n");
    expect(answer).toMatch(/^\+OK/);
    const body = answer.split("\r\n").slice(1).join("\r\n");
    expect(body.replaceAll(/ID\d+/g, "ID")).toBe(expected.replaceAll(/ID\d+/g, "ID"));
    expect(answer).not.toContain("MZ");
    expect(body.match(/^From:/gm)).toHaveLength(1);
  });

  it.each(["RETR 1", "TOP 1 10"])("gets bits of the first line of %s while a scanner is slow", async (command) => {
    const waiting: Socket[] = [];
    const clamd = await FakeScanner.start((heard, _, socket) => {
      if (heard.includes("zVERSION\0")) return "ClamAV 1.0/1/Mon Jan  1 00:00:00 2024\0";
      if (heard.endsWith("\0\0\0\0")) waiting.push(socket);
      return null;
    });
    const av = { kind: "clamd", name: "av", at: clamd.at } as const;
    const scanner = testScanner(av);
    const scanning = {
      document: { scanners: [av] },
      content: { scanners: ["av"] },
      parts: { scanners: { get: () => scanner } },
    };
    for (const [found, shown] of [
      ["OK", "hello"],
      ["Eicar FOUND", "X-Postern-Id"],
    ] as const) {
      const rules = [{ name: "av", when: { virus: { like: "*" } }, action: "replace" }];
      const message = clean.replace("hello", `hello ${found}`);
      const { client } = await startPop3(
        { messages: [message] },
        { settings, rulesets: { message: { rules } }, ...scanning },
      );
      await client.login();
      client.say(`${command}\r\n`);
      await hears(client, 3);
      expect("+OK The message").toContain(client.heard);
      waiting.pop()?.write(`1: stream: ${found}\0`);
      const answer = await client.until("\r\n.\r\n");
      expect(answer).toContain(shown);
      if (found !== "OK") expect(answer).not.toContain("hello");
    }
  });

  it("sees the connection break when the server goes away after that: no end mark, and no -ERR", async () => {
    const { client, cut, gate } = await slowServer(clean, 60, { rulesets: noExe });
    client.say("RETR 1\r\n");
    await hears(client, 3);
    cut();
    const heard = await client.whenClosed();
    expect("+OK The message").toContain(heard);
    expect(gate.events.find(({ kind }) => kind === "message")).toMatchObject({ outcome: "aborted", reply: null });
  });

  it("hears nothing before the server has the message", async () => {
    const { client } = await slowServer(
      clean,
      0,
      { rulesets: noExe },
      {
        onCommand: (line, socket) => {
          if (line !== "RETR 1") return false;
          // A head start would have begun by then.
          setTimeout(() => socket.write("-ERR no such message\r\n"), 1_200);
          return true;
        },
      },
    );
    expect(await client.ask("RETR 1")).toBe("-ERR no such message\r\n");
  });

  it("is not told more than a first line may hold, however long it takes", () => {
    vi.useFakeTimers();
    try {
      let heard = "";
      const send = (text: string) => {
        heard += text;
        return true;
      };
      const headStart = new HeadStart({ send }, 1_000);
      headStart.begin();
      vi.advanceTimersByTime(10_000_000);
      expect(vi.getTimerCount()).toBe(0);
      headStart.answer("+OK");
      expect(heard).toMatch(/^\+OK [\x20-\x7e]*\r\n$/);
      expect(heard.length).toBeLessThanOrEqual(512);
    } finally {
      vi.useRealTimers();
    }
  });

  it("gets its answer as ever where the verdict is there at once", async () => {
    const { client, gate } = await startPop3({ messages: [clean] }, { settings, rulesets: noExe });
    await client.login();
    expect(await client.answer("RETR 1")).toBe(`+OK ${clean.length} octets\r\n${stuffed(clean)}.\r\n`);
    expect(messageEventSchema.parse(gate.events[0])).toMatchObject({ reply: `+OK ${clean.length} octets` });
  });
});
