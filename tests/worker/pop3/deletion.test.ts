import { describe, expect, it, onTestFinished } from "vitest";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { type GatewayOptions, governingPolicy, Pop3Client } from "../../support/pop3-gateway.ts";
import { noExe, startGateway, startPop3 } from "../../support/pop3-setup.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

const messages = ["Subject: 1\r\n\r\none\r\n", "Subject: 2\r\n\r\ntwo.\r\n", "Subject: 3\r\n\r\nthree..\r\n"];
const [a, b, c] = messages.map(({ length }) => length) as [number, number, number];
const dayMs = 86_400_000;

async function start(
  deletion: Record<string, unknown>,
  gateway: Partial<GatewayOptions> = {},
  server: FakePop3Options = {},
) {
  const started = await startPop3({ messages, ...server }, { settings: { deletion }, ...gateway });
  await started.client.login();
  return started;
}

async function another({ gate }: Awaited<ReturnType<typeof start>>): Promise<Pop3Client> {
  const client = new Pop3Client(gate.port);
  onTestFinished(() => void client.socket.destroy());
  await client.login();
  return client;
}

describe("DELE", () => {
  it("is the server's where deleting is always allowed, and asks it nothing more", async () => {
    const { client, upstream } = await start({ allow: "always" });
    expect(await client.ask("DELE 1")).toBe("+OK marked\r\n");
    expect(await client.ask("DELE 1")).toBe("-ERR none\r\n");
    await client.ask("QUIT");
    expect(upstream.deleted).toEqual([1]);
    expect(upstream.commands.slice(2)).toEqual(["DELE 1", "DELE 1", "QUIT"]);
  });

  it("is refused where messages stay, any number of times, and the server does not hear of it", async () => {
    const { client, upstream } = await start({ allow: "never" }, { limits: { errorsMax: 2 } });
    for (let n = 0; n < 5; n++) expect(await client.ask("DELE 1")).toBe("-ERR Messages stay on the server\r\n");
    expect(await client.ask("STAT")).toBe(`+OK 3 ${a + b + c}\r\n`);
    await client.ask("QUIT");
    expect(upstream.deleted).toEqual([]);
    expect(upstream.commands).not.toContain("DELE 1");
  });

  it("is never carried out without QUIT", async () => {
    const { client, upstream } = await start({ allow: "always" });
    await client.ask("DELE 1");
    client.socket.destroy();
    await waitUntil("the server is left", () => upstream.sockets.size === 0);
    expect(upstream.deleted).toEqual([]);
    expect(upstream.commands).not.toContain("QUIT");
  });
});

describe("a message that only seems to be deleted", () => {
  const pretend = { allow: "never", answer: "pretend" };

  it("is gone for this session: from RETR, TOP, LIST, UIDL, STAT and a second DELE", async () => {
    const { client } = await start(pretend);
    expect(await client.ask("DELE 2")).toBe("+OK Message deleted\r\n");
    for (const command of ["RETR 2", "TOP 2 0", "LIST 2", "UIDL 2", "DELE 2"]) {
      expect(await client.ask(command)).toBe("-ERR The message is deleted\r\n");
    }
    expect(await client.ask("STAT")).toBe(`+OK 2 ${a + c}\r\n`);
    expect(await client.answer("LIST")).toBe(`+OK\r\n1 ${a}\r\n3 ${c}\r\n.\r\n`);
    expect(await client.answer("UIDL")).toBe("+OK\r\n1 uid-1\r\n3 uid-3\r\n.\r\n");
    expect(await client.answer("RETR 3")).toContain("three");
  });

  it("is there again after RSET, and in every other session", async () => {
    const started = await start(pretend);
    const { client, upstream } = started;
    await client.ask("DELE 2");
    expect(await client.ask("RSET")).toBe("+OK\r\n");
    expect(await client.ask("STAT")).toBe(`+OK 3 ${a + b + c}\r\n`);
    await client.ask("DELE 1");
    await client.ask("QUIT");
    expect(upstream.deleted).toEqual([]);
    expect(await (await another(started)).ask("STAT")).toBe(`+OK 3 ${a + b + c}\r\n`);
  });

  it("must be there", async () => {
    const { client } = await start(pretend);
    expect(await client.ask("DELE 9")).toMatch(/^-ERR/);
    expect(await client.ask("STAT")).toBe(`+OK 3 ${a + b + c}\r\n`);
  });

  it("is counted with the size that the client was told", async () => {
    const infected = `Subject: x\r\nContent-Disposition: attachment; filename=x.exe\r\n\r\n${"MZ\r\n".repeat(500)}`;
    const { client } = await start(pretend, { rulesets: noExe }, { messages: [infected, ...messages] });
    await client.answer("RETR 1");
    await client.ask("DELE 1");
    expect(await client.ask("STAT")).toBe(`+OK 3 ${a + b + c}\r\n`);
  });
});

describe("a message that may be deleted after days", () => {
  const later = { allow: "after-days", days: 14 };

  it("counts from when its mailbox first showed it, over restarts and revisions", async () => {
    const stateDir = temporaryFolder();
    let now = Date.parse("2030-01-01T00:00:00Z");
    const { client, gate, upstream, options } = await start(later, { stateDir, now: () => now });
    await client.answer("UIDL");
    expect(await client.ask("DELE 1")).toBe("-ERR Messages stay on the server for 14 days\r\n");
    client.socket.destroy();
    await gate.firstSeen.close();
    now += 14 * dayMs - 1_000;
    const after = await startGateway(options);
    await after.client.login();
    after.gate.governing = governingPolicy(options, 2);
    expect(await after.client.ask("DELE 1")).toMatch(/^-ERR/);
    now += 1_000;
    expect(await after.client.ask("DELE 1")).toBe("+OK marked\r\n");
    await after.client.ask("QUIT");
    expect(upstream.deleted).toEqual([1]);
  });

  it.each(["STAT", "LIST", "UIDL", "RETR 1", "TOP 1 0", "DELE 1"])("is noticed by %s", async (command) => {
    let now = 0;
    const started = await start(later, { now: () => now });
    started.client.say(`${command}\r\nNOOP\r\n`);
    await started.client.until("+OK\r\n");
    now += 14 * dayMs;
    await waitUntil("it was all answered", () => started.upstream.commands.includes("NOOP"));
    expect(await (await another(started)).ask("DELE 3")).toBe("+OK marked\r\n");
  });

  it("stays where the server tells no UIDL: nobody knows since when it is there", async () => {
    let now = 0;
    const onCommand: FakePop3Options["onCommand"] = (line, socket) => line === "UIDL" && socket.write("-ERR no\r\n");
    const started = await start(later, { now: () => now }, { onCommand });
    await started.client.ask("STAT");
    now += 100 * dayMs;
    expect(await (await another(started)).ask("DELE 1")).toMatch(/^-ERR/);
  });

  it("may seem to be deleted before", async () => {
    const { client, upstream } = await start({ ...later, answer: "pretend" });
    expect(await client.ask("DELE 1")).toBe("+OK Message deleted\r\n");
    await client.ask("QUIT");
    expect(upstream.deleted).toEqual([]);
  });
});

describe("the record of a session", () => {
  it("counts what was deleted and what was kept", async () => {
    const { client, gate } = await start({ allow: "never", answer: "pretend" });
    await client.ask("DELE 1");
    await client.ask("DELE 2");
    await client.ask("QUIT");
    client.socket.destroy();
    await waitUntil("the session is told", () => gate.connections.length > 0);
    expect(gate.connections).toMatchObject([{ mailbox: { deleted: 0, kept: 2, committed: true } }]);
  });
});
