import pino from "pino";
import { afterAll, describe, expect, test } from "vitest";
import { pop3LimitsSchema } from "#core/contract/limits.ts";
import { routeStatusSchema } from "#core/contract/report.ts";
import { ClientTls } from "#worker/tls/client-tls.ts";
import { HealthChecks } from "#worker/upstream/health-checks.ts";
import { downMemoryMs } from "#worker/upstream/target-health.ts";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { freePort } from "../../support/free-port.ts";
import { capabilitiesOf, contact, pop3Route, pop3Server, pop3Servers } from "../../support/pop3-rig.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const good = authority.issue(["DNS:mail.test", "IP:127.0.0.1"]);
afterAll(() => authority.remove());

const clientTls = new ClientTls(authority.cert);

describe("a route with several servers", () => {
  test("shares the sessions among equals by weight and goes on to the next priority when none of them serves", async () => {
    const [first, second, backup] = [await pop3Server(), await pop3Server(), await pop3Server()];
    const servers = pop3Servers({ random: seededRandom(7) });
    const route = pop3Route([first, second, { port: backup.port, priority: 10 }]);
    for (let n = 0; n < 12; n++) await contact(servers, route);
    expect(first.connections).toBeGreaterThan(0);
    expect(second.connections).toBeGreaterThan(0);
    expect(backup.connections).toBe(0);
    const partly = pop3Route([
      { port: await freePort() },
      { port: (await pop3Server({ banner: "-ERR full\r\n" })).port, priority: 1 },
      { port: backup.port, priority: 2 },
    ]);
    const { reasons, contact: found } = await contact(servers, partly);
    expect(found?.connection.target).toBe(`127.0.0.1:${backup.port}`);
    expect(reasons).toEqual([expect.stringContaining("ECONNREFUSED"), expect.stringContaining("refused: -ERR full")]);
    expect(servers.routeState("mailbox")).toMatchObject({ state: "relaying", lastError: null });
    expect(servers.targetStates(partly).map(({ state }) => state)).toEqual(["down", "down", "up"]);
  });
  test("passes over one that was too slow lately instead of waiting again, and uses it once it is back", async () => {
    let isSilent = true;
    let passedMs = 0;
    const slow = await pop3Server({ banner: "", onConnect: (socket) => isSilent || socket.write("+OK back\r\n") });
    const backup = await pop3Server();
    const servers = pop3Servers({ now: () => Date.now() + passedMs });
    const route = pop3Route([slow, { port: backup.port, priority: 1 }], { connectTimeoutMs: 200 });
    expect(await contact(servers, route)).toMatchObject({
      reasons: [expect.stringMatching(/no greeting within 200 ms/)],
      contact: { port: backup.port },
    });
    expect(await contact(servers, route)).toMatchObject({ contact: { port: backup.port } });
    expect(slow.connections).toBe(1);
    isSilent = false;
    // Somebody asks, is led past it, and meanwhile it is looked at.
    passedMs += 2_000;
    expect(await contact(servers, route)).toMatchObject({ contact: { port: backup.port } });
    await waitUntil("it is found up", () => servers.targetStates(route)[0]?.state === "up");
    expect(await contact(servers, route)).toMatchObject({ contact: { port: slow.port, banner: "back" } });
  });
  test("is told from what is remembered when every one of them is too slow, and tried again after downMemoryMs", async () => {
    let passedMs = 0;
    const slow = await pop3Server({ banner: "" });
    const servers = pop3Servers({ now: () => Date.now() + passedMs });
    const route = pop3Route([slow], { connectTimeoutMs: 200 });
    await contact(servers, route);
    expect(await contact(servers, route)).toEqual({ reasons: [expect.stringMatching(/no greeting/)], contact: null });
    expect(slow.connections).toBe(1);
    expect(servers.routeState("mailbox")).toMatchObject({ state: "down" });
    passedMs += downMemoryMs;
    await contact(servers, route);
    expect(slow.connections).toBe(2);
  });
  test("tells of each what is known, as the console reads it", async () => {
    const [up, untried] = [await pop3Server(), await pop3Server()];
    const servers = pop3Servers();
    const route = pop3Route([{ port: await freePort() }, { port: up.port, priority: 1 }, { ...untried, priority: 2 }]);
    const { contact: found } = await contact(servers, route);
    const targets = servers.targetStates(route);
    expect(targets).toMatchObject([
      { state: "down", lastError: expect.stringContaining("ECONNREFUSED"), connections: 0 },
      { target: `127.0.0.1:${up.port}`, state: "up", lastError: null, connections: 1 },
      { state: "unknown", checkedAt: null },
    ]);
    const status = {
      route: "mailbox",
      protocol: "pop3",
      byDomain: false,
      ...servers.routeState("mailbox"),
      queued: 0,
      oldestAt: null,
      targets,
    };
    expect(routeStatusSchema.parse(status)).toEqual(status);
    found?.connection.destroy();
    expect(servers.targetStates(route)[1]).toMatchObject({ connections: 0 });
  });
  test("is reached from sourceAddress", async () => {
    const server = await pop3Server();
    await contact(pop3Servers(), pop3Route([server], { sourceAddress: "127.0.0.2" }));
    expect(server.clientAddresses).toEqual(["127.0.0.2"]);
  });
});

describe("an attempt that is cancelled", () => {
  test.each([["before it began", 0] as const, ["while a server is silent", 1] as const])(
    "%s calls nobody back and leaves nothing open",
    async (_what, connections) => {
      const server = await pop3Server({ banner: "" });
      const servers = pop3Servers();
      const route = pop3Route([server], { connectTimeoutMs: 300 });
      let calls = 0;
      const attempt = servers.connect(route, { responseBytesMax: 512, authBytesMax: 512 }, () => void calls++);
      await waitUntil("it is where it is cancelled", () => server.connections === connections);
      attempt.cancel();
      await waitUntil("the server is left", () => server.sockets.size === 0);
      expect(calls).toBe(0);
      expect(servers.targetStates(route)).toMatchObject([{ connections: 0 }]);
    },
  );
});

describe("a taker that fails on its contact", () => {
  test.each([true, false])(
    "loses the connection and is told so, or else the log (takes faults: %j)",
    async (takesFaults) => {
      const server = await pop3Server();
      const faults: unknown[] = [];
      const log = pino({ level: "error" }, { write: (line: string) => void faults.push(line) });
      const servers = pop3Servers({ log });
      servers.connect(pop3Route([server]), pop3LimitsSchema.parse({}), (_reasons, found) => {
        if (found !== null && takesFaults) found.connection.onFault = (error) => faults.push(error);
        throw new Error("a defect");
      });
      await waitUntil("it is told", () => faults.length === 1);
      expect(String(faults[0])).toContain("a defect");
      await waitUntil("the server is left", () => server.connections === 1 && server.sockets.size === 0);
    },
  );
});

describe("CAPA", () => {
  test("is asked when somebody wants to know first, once, and remembered for the route", async () => {
    const server = await pop3Server();
    const servers = pop3Servers();
    const route = pop3Route([server]);
    const { contact: found } = await contact(servers, route);
    expect(server.commands).toEqual([]);
    const lines = ["TOP", "UIDL", "USER", "PIPELINING"];
    expect(await capabilitiesOf(found)).toEqual(lines);
    expect(await capabilitiesOf(found)).toEqual(lines);
    expect(server.commands).toEqual(["CAPA"]);
    expect(servers.lastCapabilities(route)).toEqual(lines);
  });
  test("is asked once when somebody wants to know what was never asked, for who wants to know next", async () => {
    const server = await pop3Server();
    const servers = pop3Servers();
    const route = pop3Route([server]);
    expect(servers.lastCapabilities(route)).toBeUndefined();
    expect(servers.lastCapabilities(route)).toBeUndefined();
    expect(await waitUntil("it is known", () => servers.lastCapabilities(route))).toContain("UIDL");
    await waitUntil("the server hears QUIT", () => server.commands.length === 2);
    expect(server.commands).toEqual(["CAPA", "QUIT"]);
  });
  test("is null where the server has none", async () => {
    const servers = pop3Servers();
    const route = pop3Route([await pop3Server({ capabilities: null })]);
    const { contact: found } = await contact(servers, route);
    expect(await capabilitiesOf(found)).toBeNull();
    expect(servers.lastCapabilities(route)).toBeNull();
  });
  test("whose answer has no end costs the connection", async () => {
    const endless = "X-MORE\r\n".repeat(10_000);
    const server = await pop3Server({
      onCommand: (line, socket) => line === "CAPA" && socket.write(`+OK\r\n${endless}`),
    });
    const { contact: found } = await contact(pop3Servers(), pop3Route([server]));
    expect(await capabilitiesOf(found)).toMatch(/CAPA has no end/);
  });
});

describe("a greeting", () => {
  test("in single bytes is a greeting", async () => {
    const server = await pop3Server({
      banner: "",
      onConnect: (socket) => {
        for (const byte of "+OK slow but fine\r\n") socket.write(byte);
      },
    });
    expect(await contact(pop3Servers(), pop3Route([server]))).toMatchObject({ contact: { banner: "slow but fine" } });
  });
  test.each([
    ["of SMTP", "220 mail.test ESMTP\r\n"],
    ["of IMAP", "* OK IMAP4rev1\r\n"],
    ["of HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["of SSH", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["that says no", "-ERR [SYS/TEMP] later\r\n"],
    ["without end", `+OK ${"x".repeat(5_000)}`],
    ["that comes twice", "+OK one\r\n+OK two\r\n"],
    ["with a bare line feed", "+OK hello\n"],
    ["that never comes", ""],
  ])("%s ends the connection, and nothing was said to it", async (_what, banner) => {
    const server = await pop3Server({ banner });
    const servers = pop3Servers();
    const { contact: found, reasons } = await contact(servers, pop3Route([server], { connectTimeoutMs: 300 }));
    expect(found).toBeNull();
    expect(reasons).toHaveLength(1);
    await waitUntil("the server is left", () => server.sockets.size === 0);
    expect(server.commands).toEqual([]);
  });
});

describe("a route with healthCheckMs", () => {
  async function watched(options: FakePop3Options = {}, more: Record<string, unknown> = {}) {
    let passedMs = 0;
    const [first, second] = [await pop3Server(options), await pop3Server(options)];
    const servers = pop3Servers({ now: () => Date.now() + passedMs, clientTls });
    const route = pop3Route([first, { port: second.port, priority: 1 }], { healthCheckMs: 5000, ...more });
    const smtp = {
      check: () => {
        throw new Error("there is no SMTP route");
      },
    };
    const checks = new HealthChecks({ smtp, pop3: servers, routes: () => [route] });
    const checkAfter = (ms: number) => {
      passedMs += ms;
      checks.tick();
    };
    return { first, second, servers, route, checkAfter, stateOf: (n: number) => servers.targetStates(route)[n]?.state };
  }

  test("asks its servers without traffic, politely, without a login, and begins nothing in between", async () => {
    const { first, second, servers, route, checkAfter, stateOf } = await watched(
      { tls: good },
      { tls: { mode: "required" } },
    );
    checkAfter(0);
    checkAfter(0);
    await waitUntil("both are known", () => stateOf(0) === "up" && stateOf(1) === "up");
    await waitUntil("both hear QUIT", () => first.commands.includes("QUIT") && second.commands.includes("QUIT"));
    expect(first.commands).toEqual(["STLS", "CAPA", "QUIT"]);
    expect(servers.lastCapabilities(route)).toContain("UIDL");
    expect(servers.routeState("mailbox").state).toBe("relaying");
    checkAfter(4000);
    expect(first.connections).toBe(1);
    checkAfter(1000);
    await waitUntil("the next check", () => first.connections === 2);
  });
  test("goes on asking them when the clock is set back", async () => {
    const { first, checkAfter } = await watched();
    checkAfter(0);
    await waitUntil("the first check", () => first.commands.includes("QUIT"));
    checkAfter(-86_400_000);
    await waitUntil("the next check", () => first.connections === 2);
  });
  test("counts sessions as a sign of life", async () => {
    const { first, servers, route, checkAfter } = await watched();
    await contact(servers, route);
    checkAfter(4000);
    expect(first.connections).toBe(1);
  });
  test("passes over a server that is down until a check finds it up", async () => {
    let isUp = false;
    const options = {
      banner: "",
      onConnect: (socket: { write(text: string): unknown }) => isUp && socket.write("+OK\r\n"),
    };
    const { first, servers, route, checkAfter, stateOf } = await watched(options, { connectTimeoutMs: 200 });
    checkAfter(0);
    await waitUntil("it is down", () => servers.routeState("mailbox").state === "down");
    isUp = true;
    expect((await contact(servers, route)).contact).toBeNull();
    expect(first.connections).toBe(1);
    checkAfter(5000);
    await waitUntil("it is found up", () => stateOf(0) === "up");
    expect((await contact(servers, route)).contact?.port).toBe(first.port);
  });
  test("finds a server down that is silent at CAPA, in its time", async () => {
    const { servers, checkAfter, stateOf } = await watched({ onCommand: (line) => line === "CAPA" });
    checkAfter(0);
    await waitUntil("it is found down", () => stateOf(0) === "down" && stateOf(1) === "down");
    expect(servers.routeState("mailbox")).toMatchObject({ state: "down", lastError: expect.stringMatching(/silent/) });
  });
});
