import { describe, expect, it, onTestFinished } from "vitest";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { type GatewayOptions, governingPolicy, Pop3Client } from "../../support/pop3-gateway.ts";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";

const clean = "From: a@b.test\r\nSubject: clean\r\n\r\nhello\r\n";
const infected = `From: a@b.test\r\nSubject: bad\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nContent-Disposition: attachment; filename="x.exe"\r\n\r\n${"MZ\r\n".repeat(1000)}`;
const messages = [clean, infected, clean, infected];

async function start(server: FakePop3Options = { messages }, gateway: Partial<GatewayOptions> = { rulesets: noExe }) {
  const started = await startPop3(server, gateway);
  await started.client.login();
  return started;
}

async function another({ gate }: Awaited<ReturnType<typeof start>>): Promise<Pop3Client> {
  const client = new Pop3Client(gate.port);
  onTestFinished(() => void client.socket.destroy());
  await client.login();
  return client;
}

/** Octets of a message in an answer, without the dots of the wire. */
function octetsIn(answer: string): number {
  return answer.slice(answer.indexOf("\r\n") + 2, -3).replaceAll("\r\n..", "\r\n.").length;
}

const sum = (sizes: number[]) => sizes.reduce((all, size) => all + size, 0);

describe("the size of a message", () => {
  it("is the server's until it is known what the client gets, then that, in LIST, LIST n and STAT", async () => {
    const started = await start();
    const { client, upstream } = started;
    const [c, i] = [clean.length, infected.length];
    expect(await client.answer("LIST")).toBe(`+OK\r\n1 ${c}\r\n2 ${i}\r\n3 ${c}\r\n4 ${i}\r\n.\r\n`);
    expect(await client.ask("STAT")).toBe(`+OK 4 ${2 * c + 2 * i}\r\n`);
    const n = octetsIn(await client.answer("RETR 2"));
    expect(n).not.toBe(i);
    for (const one of [client, await another(started), await another(started)]) {
      upstream.commands.length = 0;
      expect(await one.ask("STAT")).toBe(`+OK 4 ${2 * c + n + i}\r\n`);
      expect(await one.ask("LIST 2")).toBe(`+OK 2 ${n}\r\n`);
      expect(await one.ask("LIST 4")).toBe(`+OK 4 ${i}\r\n`);
      expect(await one.answer("LIST")).toBe(`+OK\r\n1 ${c}\r\n2 ${n}\r\n3 ${c}\r\n4 ${i}\r\n.\r\n`);
      expect(await one.answer("UIDL")).toBe("+OK\r\n1 uid-1\r\n2 uid-2\r\n3 uid-3\r\n4 uid-4\r\n.\r\n");
      expect(upstream.commands.filter((line) => line === "UIDL").length).toBeLessThan(3);
    }
  });

  it("that is known is what RETR gives, of a changed message too", async () => {
    const strip = { attachment: { rules: [{ name: "s", when: { fileName: { like: "*.exe" } }, action: "strip" }] } };
    const mixed = `Subject: m\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n.text\r\n--b\r\nContent-Type: a/b; name=x.exe\r\n\r\nMZ\r\n--b--\r\n`;
    const started = await start({ messages: [mixed] }, { rulesets: strip });
    const octets = octetsIn(await started.client.answer("RETR 1"));
    expect(await (await another(started)).ask("LIST 1")).toBe(`+OK 1 ${octets}\r\n`);
  });

  it("is told where the server says more of its messages than their sizes (RFC 1939 §5)", async () => {
    const started = await start({
      messages: [infected],
      onCommand: (line, socket) =>
        line === "LIST" && socket.write(`+OK\r\n1 ${infected.length} seen, 3 parts\r\n.\r\n`),
    });
    const octets = octetsIn(await started.client.answer("RETR 1"));
    for (const client of [started.client, await another(started)]) {
      expect(await client.answer("LIST")).toBe(`+OK\r\n1 ${octets} seen, 3 parts\r\n.\r\n`);
      expect(await client.ask("STAT")).toBe(`+OK 1 ${octets}\r\n`);
    }
  });

  it("counts no message in STAT that is marked as deleted", async () => {
    const { client } = await start();
    await client.answer("RETR 2");
    await client.ask("DELE 2");
    expect(await client.ask("STAT")).toBe(`+OK 3 ${sum([clean.length, clean.length, infected.length])}\r\n`);
    await client.ask("RSET");
    expect(await client.ask("STAT")).not.toContain("+OK 3");
  });

  it("is corrected in its own session where verdicts are not remembered", async () => {
    const { client } = await start({ messages }, { rulesets: noExe, settings: { verdictHours: 0 } });
    const octets = octetsIn(await client.answer("RETR 2"));
    expect(await client.ask("LIST 2")).toBe(`+OK 2 ${octets}\r\n`);
    expect(await client.ask("STAT")).toBe(`+OK 4 ${2 * clean.length + infected.length + octets}\r\n`);
  });

  it("is the server's again under another revision", async () => {
    const started = await start();
    await started.client.answer("RETR 2");
    started.gate.governing = governingPolicy({ ...started.options, rulesets: {} }, 2);
    expect(await started.client.ask("LIST 2")).toBe(`+OK 2 ${infected.length}\r\n`);
  });

  it("asks nothing more of the server where nothing was changed, or no rule reads messages", async () => {
    const judged = await start({ messages: [clean] });
    await judged.client.answer("RETR 1");
    const again = await another(judged);
    judged.upstream.commands.length = 0;
    await again.ask("STAT");
    await again.answer("LIST");
    expect(judged.upstream.commands).toEqual(["STAT", "LIST"]);
    const plain = await start({ messages: [clean] }, {});
    await plain.client.ask("STAT");
    await plain.client.answer("RETR 1");
    await plain.client.answer("TOP 1 0");
    expect(plain.upstream.commands.slice(2)).toEqual(["STAT", "RETR 1", "TOP 1 0"]);
  });

  it("costs a session UIDL and LIST once, or nothing where the client asked for them", async () => {
    const lazy = await start();
    for (const n of [1, 2, 3]) await lazy.client.answer(`RETR ${n}`);
    expect(lazy.upstream.commands.slice(2)).toEqual(["UIDL", "LIST", "RETR 1", "RETR 2", "RETR 3"]);
    const usual = await start();
    usual.client.say("STAT\r\nUIDL\r\nLIST\r\nRETR 1\r\nRETR 2\r\n");
    await usual.client.until("X-Postern-Id");
    expect(usual.upstream.commands.slice(2)).toEqual(["STAT", "UIDL", "LIST", "RETR 1", "RETR 2"]);
  });

  it("does not turn round the order of pipelined answers", async () => {
    const { client } = await start();
    client.say("RETR 2\r\nSTAT\r\nLIST 2\r\nUIDL 2\r\nTOP 2 0\r\nLIST\r\nNOOP\r\n");
    const heard = await client.until("+OK\r\n1 ");
    const order = ["X-Postern-Id", "+OK 4 ", "+OK 2 ", "+OK 2 uid-2", "X-Postern-Id"];
    let at = 0;
    for (const mark of order) {
      expect(heard.indexOf(mark, at)).toBeGreaterThanOrEqual(at);
      at = heard.indexOf(mark, at) + mark.length;
    }
  });
});

describe("a mailbox of 100,000 messages", () => {
  it("is listed, counted and corrected within time", async () => {
    const many = Array.from({ length: 100_000 }, () => "");
    many[99_998] = infected;
    const started = await start({ messages: many });
    const octets = octetsIn(await started.client.answer("RETR 99999"));
    const client = await another(started);
    const began = performance.now();
    expect(await client.ask("STAT")).toBe(`+OK 100000 ${octets}\r\n`);
    const list = await client.answer("LIST");
    expect(list.endsWith(`\r\n99999 ${octets}\r\n100000 0\r\n.\r\n`)).toBe(true);
    expect((await client.answer("UIDL")).split("\r\n").length).toBe(100_003);
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});

describe("a server that lies about its mailbox", () => {
  const lists = (uidl: string, list: string): Required<FakePop3Options>["onCommand"] => {
    return (line, socket) => {
      const body = { UIDL: uidl, LIST: list }[line];
      if (body !== undefined) socket.write(`+OK\r\n${body}.\r\n`);
      return body !== undefined;
    };
  };
  const size = clean.length;
  it.each([
    ["gives two messages one UIDL", "1 a\r\n2 a\r\n", `1 ${size}\r\n2 ${size}\r\n`],
    ["gives a message two UIDLs", "1 a\r\n1 b\r\n", `1 ${size}\r\n`],
    ["gives a message two sizes", "1 a\r\n", `1 ${size}\r\n1 7\r\n`],
    ["gives numbers that there are not", "2 a\r\n", `2 ${size}\r\n`],
    ["gives a size that is none", "1 a\r\n", "1 99999999999999999999\r\n"],
    ["gives no sizes", "1 a\r\n", ""],
    ["gives lines that are none", "1\r\nx y\r\n0 a\r\n99999999999 a\r\n1 \x01\r\n", `1 ${size}\r\n`],
  ])("and %s is not believed over sessions, and every message is judged", async (_, uidl, list) => {
    const started = await start({ messages: [clean, clean], onCommand: lists(uidl, list) });
    const message = uidl.startsWith("2") ? 2 : 1;
    await started.client.answer(`RETR ${message}`);
    await (await another(started)).answer(`RETR ${message}`);
    expect(started.gate.events).toMatchObject([{ cause: null }, { cause: null }]);
  });

  it("and does not end its listing is left", async () => {
    const { client } = await start({
      messages: [clean],
      onCommand: (line, socket) => {
        if (line !== "UIDL") return false;
        const flood = "1 x\r\n".repeat(200_000);
        const more = () => {
          while (!socket.destroyed && socket.write(flood));
        };
        socket.on("drain", more);
        socket.write("+OK\r\n");
        more();
        return true;
      },
    });
    client.say("RETR 1\r\n");
    expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\]/);
  });
});
