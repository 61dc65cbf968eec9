import { describe, expect, test } from "vitest";
import type { SmtpRoute, Target } from "#core/contract/policy-document.ts";
import { routeStatusSchema } from "#core/contract/report.ts";
import { checksAtOnceMax, HealthChecks } from "#worker/upstream/health-checks.ts";
import { orderTargets } from "#worker/upstream/place.ts";
import type { Pop3Servers } from "#worker/upstream/pop3-servers.ts";
import { freePort } from "../../support/free-port.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { fakeServer, lease, reach, send, smtpRoute, testPool } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

function target(host: string, priority: number, weight: number): Target {
  return { host, port: 25, priority, weight };
}

describe("the order of targets", () => {
  test("is by priority, and among equals by weight: each is first in proportion", () => {
    const seed = 20_261_127;
    console.info(`seed ${seed}`);
    const random = seededRandom(seed);
    const targets = [target("last", 20, 1000), target("heavy", 10, 3), target("light", 10, 1)];
    const runs = 10_000;
    let heavyFirst = 0;
    for (let run = 0; run < runs; run++) {
      const order = orderTargets(targets, random).map(({ host }) => host);
      expect(order.at(-1)).toBe("last");
      expect(order.toSorted()).toEqual(["heavy", "last", "light"]);
      if (order[0] === "heavy") heavyFirst++;
    }
    expect(heavyFirst / runs).toBeCloseTo(0.75, 1);
  });
  test.each([0, 0.25, 0.5, 0.9999])("holds every target once, whatever the chance (%d)", (chance) => {
    const targets = [target("a", 0, 1), target("b", 0, 1000), target("c", 0, 1)];
    expect(orderTargets(targets, () => chance).map(({ host }) => host)).toHaveLength(3);
  });
});

describe("a route with several targets", () => {
  test("shares the connections among equals and goes on to the next priority when none of them serves", async () => {
    const [first, second, backup] = [await fakeServer(), await fakeServer(), await fakeServer()];
    const pool = testPool({ random: seededRandom(7) });
    const route = smtpRoute([first, second, { port: backup.port, priority: 10 }]);
    for (let n = 0; n < 20; n++) await reach(pool, route);
    expect(first.connections).toBeGreaterThan(0);
    expect(second.connections).toBeGreaterThan(0);
    expect(backup.connections).toBe(0);
    await first.stop();
    await waitUntil("its end is seen", () => pool.targetStates(route)[0]?.connections === 0);
    expect(await reach(pool, smtpRoute([first, { port: backup.port, priority: 10 }]))).toContain(String(backup.port));
    expect(pool.routeState("inside")).toMatchObject({ state: "relaying" });
  });
  test("who waits for a fresh connection does not get one that others used", async () => {
    const server = await fakeServer();
    const pool = testPool({ connectionsPerTargetMax: 1 });
    const route = smtpRoute([server]);
    const { connection: used } = await lease(pool, route);
    const waiting = new Promise<unknown>((resolve) => {
      pool.lease(route, "inside.test", (error, connection) => resolve(error ?? connection), true);
    });
    if (used !== null) pool.release(used);
    expect(await waiting).toMatchObject({ transactions: 0 });
    expect(await waiting).not.toBe(used);
    expect(server.connections).toBe(2);
  });
  test("reports each target's state, its last error and the keywords that are not passed on", async () => {
    const server = await fakeServer({ keywords: ["PIPELINING", "X-EXPS", "XCLIENT NAME ADDR", "DELIVERBY"] });
    const pool = testPool();
    const route = smtpRoute([{ port: await freePort() }, { port: server.port, priority: 1 }, { port: 1, priority: 2 }]);
    const { connection } = await lease(pool, route);
    const targets = pool.targetStates(route);
    expect(targets).toMatchObject([
      { state: "down", lastError: expect.stringContaining("ECONNREFUSED"), connections: 0 },
      {
        target: `127.0.0.1:${server.port}`,
        state: "up",
        lastError: null,
        checkedAt: expect.stringMatching(/^\d{4}-/),
        connections: 1,
        strippedKeywords: ["X-EXPS", "XCLIENT", "DELIVERBY"],
      },
      { target: "127.0.0.1:1", state: "unknown", checkedAt: null },
    ]);
    const status = {
      route: "inside",
      protocol: "smtp",
      byDomain: false,
      ...pool.routeState("inside"),
      queued: 0,
      oldestAt: null,
      targets,
    };
    expect(routeStatusSchema.parse(status)).toEqual(status);
    if (connection !== null) pool.release(connection);
  });
  test("offers what all of its known targets offer", async () => {
    const first = await fakeServer({
      keywords: ["SIZE 500", "SMTPUTF8", "DSN", "AUTH PLAIN LOGIN", "LIMITS RCPTMAX=5"],
    });
    const second = await fakeServer({ keywords: ["SIZE", "DSN", "AUTH LOGIN", "PIPELINING"] });
    const pool = testPool();
    const route = smtpRoute([first, second]);
    const offered = () => pool.capabilities(route);
    expect(offered()).toBeNull();
    for (const target of route.targets) await new Promise<void>((done) => pool.check(route, target, 0, done));
    expect(offered()).toMatchObject({
      size: 500,
      smtpUtf8: false,
      dsn: true,
      pipelining: false,
      auth: ["LOGIN"],
      recipientsMax: 5,
    });
    await second.stop();
    const [, gone] = route.targets;
    if (gone !== undefined) await new Promise<void>((done) => pool.check(route, gone, 0, done));
    expect(offered()).toMatchObject({ size: 500, smtpUtf8: true, auth: ["PLAIN", "LOGIN"] });
  });
  test("does not share a connection that says another name or comes from another address", async () => {
    const server = await fakeServer();
    const pool = testPool();
    const routes = [{}, { heloName: "192.0.2.1" }, { sourceAddress: "127.0.0.2" }, { heloName: "192.0.2.1" }];
    for (const more of routes) await reach(pool, smtpRoute([server], more));
    expect(server.lines).toEqual(["EHLO gate.test", "EHLO [192.0.2.1]", "EHLO gate.test"]);
    expect(server.clientAddresses).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.2"]);
  });
});

describe("a route with healthCheckMs", () => {
  const pop3: Pick<Pop3Servers, "check"> = {
    check: () => {
      throw new Error("there is no POP3 route");
    },
  };

  async function watched() {
    let passedMs = 0;
    const [first, second] = [await fakeServer(), await fakeServer()];
    const pool = testPool({ now: () => Date.now() + passedMs });
    const route = smtpRoute([first, { port: second.port, priority: 1 }], { healthCheckMs: 5000 });
    const checks = new HealthChecks({ smtp: pool, pop3, routes: () => [route] });
    const stateOf = (n: number) => pool.targetStates(route)[n]?.state;
    /** Runs the checks that are due after this time. */
    const checkAfter = (ms: number) => {
      passedMs += ms;
      checks.tick();
    };
    return { first, second, pool, route, checkAfter, stateOf };
  }

  test("asks its targets without traffic, politely, and begins nothing in between", async () => {
    const { first, second, checkAfter, stateOf } = await watched();
    checkAfter(0);
    checkAfter(0);
    await waitUntil("both are known", () => stateOf(0) === "up" && stateOf(1) === "up");
    await waitUntil("both hear QUIT", () => first.lines.includes("QUIT") && second.lines.includes("QUIT"));
    expect(first.lines).toEqual(["EHLO gate.test", "QUIT"]);
    checkAfter(4000);
    expect(first.connections).toBe(1);
    checkAfter(1000);
    await waitUntil("the next check", () => first.connections === 2);
  });
  test("counts traffic as a sign of life", async () => {
    const { first, pool, route, checkAfter } = await watched();
    await reach(pool, route);
    checkAfter(4000);
    await reach(pool, route);
    checkAfter(4000);
    expect(first.connections).toBe(1);
  });
  test("passes over a target that is down until a check finds it up", async () => {
    const { first, second, pool, route, checkAfter, stateOf } = await watched();
    await first.stop();
    checkAfter(0);
    await waitUntil("it is found down", () => stateOf(0) === "down");
    await first.start();
    expect(await reach(pool, route)).toContain(String(second.port));
    expect(first.connections).toBe(0);
    checkAfter(5000);
    await waitUntil("it is found up", () => stateOf(0) === "up");
    expect(await reach(pool, route)).toContain(String(first.port));
  });
  test("counts a message that went through as a sign of life, also when new connections were refused meanwhile", async () => {
    let isFull = false;
    const server = await fakeServer({ answer: (line) => (isFull && line.startsWith("EHLO") ? "421 full" : undefined) });
    const pool = testPool();
    const route = smtpRoute([server], { healthCheckMs: 5000 });
    const { connection } = await lease(pool, route);
    isFull = true;
    expect((await lease(pool, route)).error).toMatchObject({ kind: "refused-4xx" });
    expect(pool.targetStates(route)).toMatchObject([{ state: "down" }]);
    if (connection !== null) pool.release(connection);
    expect(pool.targetStates(route)).toMatchObject([{ state: "up" }]);
    expect(await reach(pool, route)).toBe(connection?.target);
  });
  test("is down when every target is, and tells when one is reached again", async () => {
    const { first, second, pool, checkAfter } = await watched();
    const reached: string[] = [];
    pool.onRouteReached = (name) => reached.push(name);
    await Promise.all([first.stop(), second.stop()]);
    checkAfter(0);
    await waitUntil("it is down", () => pool.routeState("inside").state === "down");
    expect(pool.routeState("inside").lastError).toContain("ECONNREFUSED");
    await second.start();
    checkAfter(5000);
    await waitUntil("it is back", () => reached.length === 1);
    expect(pool.routeState("inside").state).toBe("relaying");
  });
  test("begins at most checksAtOnceMax checks at once", () => {
    const begun: string[] = [];
    const pool = { check: (_route: SmtpRoute, { port }: Target) => void begun.push(String(port)) };
    const routes = Array.from({ length: checksAtOnceMax + 50 }, (_, n) => ({
      ...smtpRoute([{ port: n + 1 }], { healthCheckMs: 1000 }),
      name: `route ${n}`,
    }));
    const checks = new HealthChecks({ smtp: pool, pop3, routes: () => routes });
    checks.tick();
    checks.tick();
    expect(begun).toHaveLength(checksAtOnceMax);
  });
  test("does not wait at a server that is silent, and finds it down in its time", async () => {
    const silent = await fakeServer({ greeting: null });
    const pool = testPool();
    const route = smtpRoute([silent], { healthCheckMs: 1000, connectTimeoutMs: 300 });
    new HealthChecks({ smtp: pool, pop3, routes: () => [route] }).tick();
    await waitUntil("it is found down", () => pool.targetStates(route)[0]?.state === "down");
    expect(pool.targetStates(route)).toMatchObject([{ lastError: "no answer in time" }]);
  });
});

describe("a server that tells its limits (RFC 9422)", () => {
  test("gets a new connection after MAILMAX messages", async () => {
    const server = await fakeServer({ keywords: ["LIMITS MAILMAX=2"] });
    const pool = testPool();
    for (let n = 0; n < 5; n++) {
      expect(await send(pool, smtpRoute([server]), "b@inside.test")).toMatchObject({
        recipients: [{ status: "delivered" }],
      });
    }
    expect(server.connections).toBe(3);
    expect(server.mails).toHaveLength(5);
  });
  test.each([
    ["RCPTMAX", ["PIPELINING", "LIMITS RCPTMAX=2"], [["b@i.test", "c@i.test"], ["d@j.test", "e@j.test"], ["f@i.test"]]],
    [
      "RCPTMAX without PIPELINING",
      ["LIMITS RCPTMAX=3"],
      [
        ["b@i.test", "c@i.test", "d@j.test"],
        ["e@j.test", "f@i.test"],
      ],
    ],
    [
      "no limit that can be read",
      ["LIMITS RCPTMAX=0 RCPTMAX=x MAILMAX"],
      [["b@i.test", "c@i.test", "d@j.test", "e@j.test", "f@i.test"]],
    ],
  ])(
    "is never asked for more recipients than %s; the others go in a further message",
    async (_what, keywords, groups) => {
      const server = await fakeServer({ keywords });
      const all = ["b@i.test", "c@i.test", "d@j.test", "e@j.test", "f@i.test"];
      const { recipients } = await send(testPool(), smtpRoute([server]), ...all);
      expect(recipients.map(({ address, status }) => `${address} ${status}`)).toEqual(
        all.map((to) => `${to} delivered`),
      );
      const asked = server.mails.map(({ lines }) => lines.slice(1).map((line) => line.slice("RCPT TO:<".length, -1)));
      expect(asked).toEqual(groups);
    },
  );
  test("that refuses further recipients with 452 4.5.3 gets them in a further message, as long as it takes some", async () => {
    let taken = 0;
    const server = await fakeServer({
      answer: (line) => {
        if (line.startsWith("MAIL")) taken = 0;
        return line.startsWith("RCPT") && ++taken > 2 ? "452 4.5.3 too many" : undefined;
      },
    });
    const to = ["b@i.test", "c@i.test", "d@i.test"];
    expect((await send(testPool(), smtpRoute([server]), ...to)).recipients.map(({ status }) => status)).toEqual([
      "delivered",
      "delivered",
      "delivered",
    ]);
    const never = await fakeServer({ answer: (line) => (line.startsWith("RCPT") ? "452 4.5.3 too many" : undefined) });
    const { recipients } = await send(testPool(), smtpRoute([never]), ...to);
    expect(recipients).toMatchObject([{ status: "deferred" }, { status: "deferred" }, { status: "deferred" }]);
    expect(never.connections).toBe(1);
  });
});

describe("a server that takes no mail at all (RFC 7504)", () => {
  test.each([
    ["greets with 521", { greeting: "521 no mail here" }],
    ["answers EHLO with 521", { answer: (line: string) => (line.startsWith("EHLO") ? "521 no mail here" : undefined) }],
  ])("%s: its recipients fail for good, and HELO is not tried", async (_how, behaviour) => {
    const server = await fakeServer(behaviour);
    const { recipients } = await send(testPool(), smtpRoute([server]), "b@inside.test");
    expect(recipients).toMatchObject([
      { status: "failed", reply: expect.stringMatching(/^556 5\.1\.10 .*521 no mail here/) },
    ]);
    expect(server.lines).not.toContain("HELO gate.test");
  });
  test("is not the last word while another target may take it", async () => {
    const [never, later] = [
      await fakeServer({ greeting: "521 no mail here" }),
      await fakeServer({ greeting: "421 busy" }),
    ];
    const { recipients } = await send(
      testPool(),
      smtpRoute([never, { port: later.port, priority: 1 }]),
      "b@inside.test",
    );
    expect(recipients).toMatchObject([{ status: "deferred", reply: expect.stringContaining("421 busy") }]);
  });
  test("answers RCPT with 556: that recipient fails for good", async () => {
    const server = await fakeServer({
      answer: (line) => (line.includes("<b@") ? "556 5.1.10 no mail there" : undefined),
    });
    const { recipients } = await send(testPool(), smtpRoute([server]), "b@inside.test", "c@inside.test");
    expect(recipients).toMatchObject([{ status: "failed" }, { status: "delivered" }]);
  });
});
