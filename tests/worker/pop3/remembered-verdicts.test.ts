import { describe, expect, it, onTestFinished } from "vitest";
import { messageEventSchema } from "#core/contract/event.ts";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { stuffed } from "../../support/fake-pop3-server.ts";
import { FakeScanner } from "../../support/fake-scanner.ts";
import { type GatewayOptions, governingPolicy, Pop3Client } from "../../support/pop3-gateway.ts";
import { noExe, startGateway, startPop3 } from "../../support/pop3-setup.ts";
import { testScanner } from "../../support/scanned.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

const head = "From: Ann <ann@sender.test>\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nSubject: the report\r\n";
const clean = `${head}Content-Type: text/plain\r\n\r\nHello.\r\n.dot\r\n`;
const infected = `${head}Content-Disposition: attachment; filename="x.exe"\r\n\r\nMZ\r\n`;
const mixed = `${head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\nHello.\r\n--b1\r\nContent-Type: application/octet-stream; name="setup.exe"\r\nContent-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAAEAAAA\r\n--b1--\r\n`;
const isExe = { fileName: { like: "*.exe" } };
const attachment = (action: unknown) => ({ attachment: { rules: [{ name: "no programs", when: isExe, action }] } });

/** clamd, which finds what is to be found and counts what it was given. */
async function scanning() {
  let scans = 0;
  const clamd = await FakeScanner.start((heard) => {
    if (heard.includes("zVERSION\0")) return "ClamAV 1.0/1/Mon Jan  1 00:00:00 2024\0";
    if (!heard.endsWith("\0\0\0\0")) return null;
    scans++;
    return `${heard.includes("EICAR") ? "1: stream: Eicar FOUND" : "1: stream: OK"}\0`;
  });
  const av = { kind: "clamd", name: "av", at: clamd.at } as const;
  // A scanner of its own for each start: none remembers what another was given.
  const gateway = (): Partial<GatewayOptions> => {
    const scanner = testScanner(av);
    return { document: { scanners: [av] }, content: { scanners: ["av"] }, parts: { scanners: { get: () => scanner } } };
  };
  return { gateway, scans: () => scans };
}

async function start(server: FakePop3Options, gateway: Partial<GatewayOptions> = {}) {
  const started = await startPop3(server, gateway);
  await started.client.login();
  return started;
}

/** Another session through the same gateway. */
async function another({ gate }: Awaited<ReturnType<typeof start>>): Promise<Pop3Client> {
  const client = new Pop3Client(gate.port);
  onTestFinished(() => void client.socket.destroy());
  await client.login();
  return client;
}

const asked = (commands: readonly string[], command: string) => commands.filter((line) => line === command).length;

describe("a message that was judged", () => {
  it.each([
    ["that may pass", clean, {}],
    ["that is changed", mixed, attachment("strip")],
    ["that is refused", infected, noExe],
  ])("%s is scanned once in all sessions, and the same each time, in RETR and TOP", async (_, message, rulesets) => {
    const { gateway, scans } = await scanning();
    const started = await start({ messages: [message] }, { ...gateway(), rulesets });
    const first = (await started.client.answer("RETR 1")).replace(/^\+OK.*\r\n/, "");
    const once = scans();
    for (let session = 0; session < 3; session++) {
      const client = await another(started);
      expect((await client.answer("TOP 1 1000")).replace(/^\+OK.*\r\n/, "")).toBe(first);
      expect((await client.answer("RETR 1")).replace(/^\+OK.*\r\n/, "")).toBe(first);
      await client.ask("QUIT");
    }
    expect(scans()).toBe(once);
  });

  it("is not scanned again after a restart of the worker", async () => {
    const { gateway, scans } = await scanning();
    const stateDir = temporaryFolder();
    const { upstream, gate, client, options } = await start({ messages: [clean] }, { ...gateway(), stateDir });
    await client.answer("RETR 1");
    expect(scans()).toBe(1);
    client.socket.destroy();
    await gate.mailboxVerdicts.close();
    const after = await startGateway({ ...options, ...gateway(), stateDir });
    await after.client.login();
    expect(await after.client.answer("RETR 1")).toBe(`+OK ${clean.length} octets\r\n${stuffed(clean)}.\r\n`);
    expect(scans()).toBe(1);
    expect(asked(upstream.commands, "RETR 1")).toBe(2);
  });

  it("is told each time, with what it says of itself, what was decided, its UIDL, and where to find how", async () => {
    const started = await start({ messages: [infected] }, { rulesets: noExe });
    const notice = await started.client.answer("RETR 1");
    expect(await (await another(started)).answer("RETR 1")).toBe(notice);
    const [first, second] = started.gate.events.map((one) => messageEventSchema.parse(one));
    expect(first).toMatchObject({ uidl: "uid-1", cause: null });
    expect(second).toMatchObject({
      ...{ outcome: "replaced", reply: "+OK", subject: "the report", from: "Ann <ann@sender.test>", uidl: "uid-1" },
      decision: { verdict: "replace", stage: "attachment", ruleName: "no exe", trace: [] },
      cause: `judged before, as ${first?.id}`,
      bytes: infected.length,
    });
    expect(second?.id).not.toBe(first?.id);
    expect(notice).toContain(first?.id);
    expect(started.gate.hits).toEqual(["enforced no exe", "enforced no exe"]);
  });

  it("is told each time with what was changed of it, and the session's record counts it", async () => {
    const started = await start({ messages: [mixed] }, { rulesets: attachment("lock") });
    await started.client.answer("RETR 1");
    const client = await another(started);
    await client.answer("RETR 1");
    await client.ask("QUIT");
    const [first, second] = started.gate.events.map((one) => messageEventSchema.parse(one));
    expect(first?.content?.changes).toHaveLength(1);
    expect(second?.content).toMatchObject({
      changes: first?.content?.changes,
      quarantined: first?.content?.quarantined,
      scans: [],
    });
    client.socket.destroy();
    await waitUntil("the session is told", () => started.gate.connections.length > 0);
    expect(started.gate.connections).toMatchObject([{ mailbox: { retrieved: 1, changed: 1 } }]);
  });

  it("is told under the id that TOP showed in another session", async () => {
    const started = await start({ messages: [infected] }, { rulesets: noExe });
    const top = await started.client.answer("TOP 1 0");
    const notice = await (await another(started)).answer("RETR 1");
    const [, id = ""] = /X-Postern-Id: (ID\d+)/.exec(top) ?? [];
    expect(notice).toContain(id);
    expect(started.gate.events).toMatchObject([{ id, cause: null }]);
  });

  it.each([
    ["the revision", (options: GatewayOptions) => governingPolicy(options, 2)],
    ["the policy", (options: GatewayOptions) => governingPolicy({ ...options, policyName: "Other" }, 1)],
  ])("is judged again when %s is another", async (_, changed) => {
    const started = await start({ messages: [clean] }, { rulesets: noExe });
    await started.client.answer("RETR 1");
    started.gate.governing = changed(started.options);
    await (await another(started)).answer("RETR 1");
    expect(started.gate.events).toMatchObject([{ cause: null }, { cause: null }]);
  });

  it("is judged again when its size is another", async () => {
    const messages = [clean];
    const started = await start({ messages }, { rulesets: noExe });
    await started.client.answer("RETR 1");
    messages[0] = infected;
    expect(await (await another(started)).answer("RETR 1")).toContain("X-Postern-Id");
  });

  it("is judged again once verdictHours are over, and each time where they are 0", async () => {
    let now = Date.now();
    const started = await start(
      { messages: [clean] },
      { rulesets: noExe, settings: { verdictHours: 1 }, now: () => now },
    );
    await started.client.answer("RETR 1");
    now += 3_599_000;
    await (await another(started)).answer("RETR 1");
    now += 2_000;
    await (await another(started)).answer("RETR 1");
    const causes = started.gate.events.map((event) => (event.kind === "message" ? event.cause : ""));
    expect(causes).toEqual([null, expect.stringContaining("judged before"), null]);
    started.gate.governing = governingPolicy({ ...started.options, settings: { verdictHours: 0 } }, 2);
    const client = await another(started);
    await client.answer("RETR 1");
    await client.answer("RETR 1");
    expect(started.gate.events.slice(3)).toMatchObject([{ cause: null }, { cause: null }]);
  });

  it("is judged again for another client where a rule asks who fetches it, and when a rule expires", async () => {
    let now = Date.parse("2030-01-01T00:00:00Z");
    const expires = "2030-01-01T01:00:00Z";
    const rules = [{ name: "for now", when: isExe, action: "replace", expires }];
    const started = await start({ messages: [infected] }, { rulesets: { attachment: { rules } }, now: () => now });
    expect(await started.client.answer("RETR 1")).toContain("X-Postern-Id");
    now = Date.parse(expires);
    expect(await (await another(started)).answer("RETR 1")).toContain("MZ");
  });

  it("comes as it was once it is released from quarantine, whatever is remembered", async () => {
    const started = await start(
      { messages: [clean] },
      {
        rulesets: {
          message: { rules: [{ name: "reports", when: { subject: { like: "*report*" } }, action: "quarantine" }] },
        },
      },
    );
    const notice = await started.client.answer("RETR 1");
    expect(await (await another(started)).answer("RETR 1")).toBe(notice);
    const [id = ""] = [...started.gate.quarantine.ids()];
    await started.gate.quarantine.markReleased(id, []);
    expect(await (await another(started)).answer("TOP 1 9")).toContain("Hello.");
    expect(await (await another(started)).answer("RETR 1")).toContain("Hello.");
  });

  it("is kept in quarantine again once it was deleted there", async () => {
    const rules = [{ name: "reports", when: { subject: { like: "*report*" } }, action: "quarantine" }];
    const started = await start({ messages: [clean] }, { rulesets: { message: { rules } } });
    const notice = await started.client.answer("RETR 1");
    const [id = ""] = [...started.gate.quarantine.ids()];
    await started.gate.quarantine.remove(id);
    const again = await (await another(started)).answer("RETR 1");
    const [newId = ""] = [...started.gate.quarantine.ids()];
    expect(newId).not.toBe("");
    expect(again).toContain(newId);
    expect(notice).toContain(id);
  });

  it("has its locked part again once that is released", async () => {
    const started = await start({ messages: [mixed] }, { rulesets: attachment("lock") });
    const locked = await started.client.answer("RETR 1");
    expect(await (await another(started)).answer("RETR 1")).toBe(locked);
    const [id = ""] = [...started.gate.quarantine.ids()];
    await started.gate.quarantine.markReleased(id, []);
    expect(await (await another(started)).answer("RETR 1")).toContain("TVqQ");
  });

  it.each([["RETR 1"], ["TOP 1 0"]])(
    "that became another under its UIDL and size gets no end mark in %s",
    async (command) => {
      const messages = [mixed];
      const lie = (line: string, write: (text: string) => void) => {
        if (line === "LIST") write(`+OK\r\n1 ${mixed.length}\r\n.\r\n`);
        return line === "LIST";
      };
      const started = await start(
        { messages, onCommand: (line, socket) => lie(line, (text) => socket.write(text)) },
        { rulesets: attachment("strip") },
      );
      await started.client.answer("RETR 1");
      messages[0] = `${mixed}more\r\n`;
      const client = await another(started);
      client.say(`${command}\r\n`);
      expect(await client.whenClosed()).not.toMatch(/\r\n\.\r\n/);
      messages[0] = infected;
      expect(await (await another(started)).answer("RETR 1")).not.toContain("MZ");
    },
  );

  it("is remembered for its session where the server tells no UIDL", async () => {
    const noUidl: FakePop3Options["onCommand"] = (line, socket) =>
      line.startsWith("UIDL") && socket.write("-ERR unknown\r\n");
    const started = await start({ messages: [infected], onCommand: noUidl }, { rulesets: noExe });
    const notice = await started.client.answer("RETR 1");
    expect(await started.client.answer("RETR 1")).toBe(notice);
    expect(asked(started.upstream.commands, "RETR 1")).toBe(1);
    await (await another(started)).answer("RETR 1");
    expect(asked(started.upstream.commands, "RETR 1")).toBe(2);
    expect(asked(started.upstream.commands, "UIDL")).toBe(2);
  });

  it("is not another user's", async () => {
    const started = await start(
      { messages: [clean], onCommand: (line, socket) => line.startsWith("PASS") && socket.write("+OK\r\n") },
      { rulesets: noExe },
    );
    await started.client.answer("RETR 1");
    const client = new Pop3Client(started.gate.port);
    onTestFinished(() => void client.socket.destroy());
    await client.line();
    await client.ask("USER eve");
    await client.ask("PASS x");
    await client.answer("RETR 1");
    expect(started.gate.events).toMatchObject([
      { user: "joe", cause: null },
      { user: "eve", cause: null },
    ]);
  });

  it("that is marked as deleted is not shown from memory", async () => {
    const { client } = await start({ messages: [infected] }, { rulesets: noExe });
    await client.answer("RETR 1");
    await client.ask("DELE 1");
    expect(await client.ask("RETR 1")).toMatch(/^-ERR/);
    expect(await client.ask("TOP 1 0")).toMatch(/^-ERR/);
    await client.ask("RSET");
    expect(await client.answer("RETR 1")).toContain("X-Postern-Id");
  });
});

describe("what could not be judged", () => {
  it("is not remembered: without a scanner's verdict a message is scanned again, even where it may pass", async () => {
    let scans = 0;
    const clamd = await FakeScanner.start((heard) => {
      if (heard.includes("zVERSION\0")) return "ClamAV 1.0/1/Mon Jan  1 00:00:00 2024\0";
      if (!heard.endsWith("\0\0\0\0")) return null;
      scans++;
      return "1: something ERROR\0";
    });
    const av = { kind: "clamd", name: "av", at: clamd.at } as const;
    const scanner = testScanner(av);
    const rules = [{ name: "all pass", when: { virus: { like: "*" } }, action: "allow" }];
    const started = await start(
      { messages: [clean] },
      {
        rulesets: { message: { rules } },
        document: { scanners: [av] },
        content: { scanners: ["av"] },
        parts: { scanners: { get: () => scanner } },
      },
    );
    await started.client.answer("RETR 1");
    await (await another(started)).answer("RETR 1");
    const events = started.gate.events.map((one) => messageEventSchema.parse(one));
    expect(events.map(({ cause }) => cause ?? "")).not.toContainEqual(expect.stringContaining("judged before"));
    expect(scans).toBeGreaterThan(1);
  });
});

describe("a session where nothing is remembered for later ones", () => {
  it("shows the id of TOP in the retrieval, and forgets the oldest verdicts first", async () => {
    const many = Array.from({ length: 2_002 }, () => infected);
    const started = await start({ messages: many }, { rulesets: noExe, settings: { verdictHours: 0 } });
    const { client, upstream } = started;
    const first = await client.answer("TOP 1 0");
    for (let n = 2; n <= 2_000; n++) client.say(`TOP ${n} 0\r\n`);
    client.say("UIDL 1\r\n");
    await client.until("+OK 1 uid-1\r\n");
    expect(await client.answer("TOP 1 0")).toBe(first);
    await client.answer("TOP 2001 0");
    const again = await client.answer("TOP 1 0");
    expect(again).not.toBe(first);
    expect(asked(upstream.commands, "RETR 1")).toBe(2);
    expect((await client.answer("RETR 1")).startsWith(again.slice(0, -3))).toBe(true);
  });
});
