import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { checkEveryMs, unreachableMemoryMs, waitingMax } from "#worker/scanners/queued-scanner.ts";
import { type FakeAnswer, FakeScanner } from "../../support/fake-scanner.ts";
import { freePort } from "../../support/free-port.ts";
import { scanned, subjectOf, testScanner } from "../../support/scanned.ts";
import { waitUntil } from "../../support/wait-until.ts";

const content = subjectOf("content");
const version = "ClamAV 1.4.6/27500/Thu Nov 26 09:30:00 2026";

/** A clamd that says `verdict` of each content. */
function clamdThat(verdict: (heard: string) => string | null): FakeAnswer {
  const served: number[] = [];
  return (heard, connection) => {
    if (heard === "zVERSION\0") return `${version}\0`;
    if (!heard.endsWith("\0\0\0\0")) return null;
    const answer = verdict(heard);
    if (answer === null) return null;
    const number = (served[connection] ?? 0) + 1;
    served[connection] = number;
    return `${number}: stream: ${answer}\0`;
  };
}

async function fakeClamd(verdict: (heard: string) => string | null) {
  const clamd = await FakeScanner.start(clamdThat(verdict));
  const scans = () => clamd.received.join("").split("zINSTREAM").length - 1;
  return { clamd, scans };
}

describe("limits", () => {
  test("what is above the size limit fails without being sent", async () => {
    const { clamd, scans } = await fakeClamd(() => "OK");
    const scanner = testScanner({ kind: "clamd", at: clamd.at, sizeLimitBytes: 1024 });
    expect(await scanned(scanner, subjectOf("x".repeat(1025)))).toMatchObject({ result: "failed", why: "too-large" });
    expect(scans()).toBe(0);
    expect(await scanned(scanner, subjectOf("x".repeat(1024)))).toMatchObject({ result: "clean", cached: false });
  });

  test("a scanner that says nothing has timed out, and its connection is cut", async () => {
    const { clamd } = await fakeClamd(() => null);
    const scanner = testScanner({ kind: "clamd", at: clamd.at, timeLimitMs: 200 });
    const report = await scanned(scanner, content);
    expect(report).toMatchObject({ result: "failed", why: "timeout", detail: "no answer within 200 ms" });
    expect(report.ms).toBeGreaterThanOrEqual(190);
    await waitUntil("it is cut", () => clamd.openConnections === 0);
  });

  test("a scanner that speaks one octet at a time, without end, does not extend it", async () => {
    const clamd = await FakeScanner.start((heard, _connection, socket) => {
      if (!heard.endsWith("\0\0\0\0")) return null;
      const timer = setInterval(() => socket.write("x"), 20);
      socket.on("close", () => clearInterval(timer));
      return "1: stream: ";
    });
    const scanner = testScanner({ kind: "clamd", at: clamd.at, timeLimitMs: 300 });
    expect(await scanned(scanner, content)).toMatchObject({ result: "failed", why: "timeout" });
  });

  test("scans above `connectionsMax` wait, in order", async () => {
    const heardOf: string[] = [];
    const { clamd } = await fakeClamd((heard) => {
      heardOf.push(heard.slice(-5, -4));
      return "OK";
    });
    const scanner = testScanner({ kind: "clamd", at: clamd.at, connectionsMax: 1 });
    await Promise.all(["1", "2", "3"].map((text) => scanned(scanner, subjectOf(text))));
    expect(heardOf).toEqual(["1", "2", "3"]);
  });

  test("the wait counts: who is still in line when the time is over has timed out", async () => {
    const { clamd } = await fakeClamd(() => null);
    const scanner = testScanner({ kind: "clamd", at: clamd.at, connectionsMax: 1, timeLimitMs: 300 });
    const reports = await Promise.all([1, 2, 3].map(() => scanned(scanner, content)));
    for (const report of reports) {
      expect(report).toMatchObject({ result: "failed", why: "timeout" });
      expect(report.ms).toBeLessThan(590);
    }
  });

  test(`no more than ${waitingMax} wait: the next fails at once`, async () => {
    const { clamd } = await fakeClamd(() => null);
    const scanner = testScanner({ kind: "clamd", at: clamd.at, connectionsMax: 1 });
    const cancels = Array.from({ length: waitingMax + 1 }, () => scanner.scan(content, () => expect.unreachable()));
    expect(await scanned(scanner, content)).toMatchObject({ result: "failed", why: "limit" });
    for (const cancel of cancels) cancel();
  });

  test("a scan that is given up makes room for the next", async () => {
    const { clamd } = await fakeClamd((heard) => (heard.includes("stuck") ? null : "OK"));
    const scanner = testScanner({ kind: "clamd", at: clamd.at, connectionsMax: 1 });
    const [first, second] = ["stuck one", "stuck two"].map((text) =>
      scanner.scan(subjectOf(text), () => expect.unreachable()),
    );
    const third = scanned(scanner, content);
    second?.();
    first?.();
    expect(await third).toMatchObject({ result: "clean" });
  });

  test("a flood is cut at the cap, and memory does not grow with it", async () => {
    let poured = 0;
    const clamd = await FakeScanner.start((heard, _connection, socket) => {
      if (heard === "zVERSION\0") return `${version}\0`;
      if (!heard.endsWith("\0\0\0\0")) return null;
      const pour = (): void => {
        while (!socket.destroyed && socket.write("x".repeat(65_536))) poured += 65_536;
        socket.once("drain", pour);
      };
      pour();
      return null;
    });
    const scanner = testScanner({ kind: "clamd", at: clamd.at });
    expect(await scanned(scanner, content)).toMatchObject({ result: "failed", why: "protocol" });
    await waitUntil("it is cut", () => clamd.openConnections === 0);
    expect(poured).toBeLessThan(16 * 1024 * 1024);
  });
});

describe("a scanner that cannot be reached", () => {
  test("fails scans at once, is remembered for a moment, and tried again after it", async () => {
    const port = await freePort();
    let now = 1_000_000;
    const scanner = testScanner({ kind: "clamd", at: { host: "127.0.0.1", port } }, { now: () => now });
    const first = await scanned(scanner, content);
    expect(first).toMatchObject({ result: "failed", why: "unreachable" });
    expect(await scanned(scanner, content)).toEqual({ ...first, ms: 0 });
    const { clamd } = {
      clamd: await FakeScanner.start(
        clamdThat(() => "OK"),
        { host: "127.0.0.1", port },
      ),
    };
    now += unreachableMemoryMs - 1;
    expect(await scanned(scanner, content)).toMatchObject({ result: "failed", why: "unreachable" });
    now += 1;
    expect(await scanned(scanner, content)).toMatchObject({ result: "clean" });
    expect(clamd.connections).toBe(1);
    expect(scanner.status()).toMatchObject({ state: "up", scansLastHour: 4, failuresLastHour: 3 });
  });
});

test("when a connection cannot be made, those in line fail with it", async () => {
  const at = { host: "127.0.0.1", port: await freePort() };
  const scanner = testScanner({ kind: "clamd", at, connectionsMax: 1 });
  const reports = await Promise.all(Array.from({ length: 50 }, () => scanned(scanner, content)));
  for (const report of reports) expect(report).toMatchObject({ result: "failed", why: "unreachable" });
  expect(scanner.status()).toMatchObject({ scansLastHour: 50, failuresLastHour: 50 });
});

describe("verdicts that are kept", () => {
  test("are believed for the minutes that are set, and told as such", async () => {
    const { clamd, scans } = await fakeClamd((heard) => (heard.includes("bad") ? "Worm FOUND" : "OK"));
    let now = 1_000_000;
    const scanner = testScanner({ kind: "clamd", at: clamd.at, cacheMinutes: 5 }, { now: () => now });
    await waitUntil("its version is known", () => scanner.status().version);
    for (const [text, result] of [
      ["bad", "found"],
      ["good", "clean"],
    ] as const) {
      expect(await scanned(scanner, subjectOf(text))).toMatchObject({ result, cached: false });
      expect(await scanned(scanner, subjectOf(text))).toMatchObject({ result, cached: true, ms: 0 });
    }
    expect(scans()).toBe(2);
    now += 5 * 60_000;
    expect(await scanned(scanner, subjectOf("bad"))).toMatchObject({ result: "found", cached: false });
  });

  test("are not kept without `cacheMinutes`, before the version is known, and of failures", async () => {
    const { clamd, scans } = await fakeClamd((heard) => (heard.includes("odd") ? "what" : "OK"));
    const without = testScanner({ kind: "clamd", at: clamd.at });
    await waitUntil("its version is known", () => without.status().version);
    const early = testScanner({ kind: "clamd", at: clamd.at, cacheMinutes: 5 });
    await scanned(early, content);
    await waitUntil("its version is known", () => early.status().version);
    for (const scanner of [without, early]) {
      expect(await scanned(scanner, content)).toMatchObject({ cached: false });
      for (let n = 0; n < 2; n++) {
        expect(await scanned(scanner, subjectOf("odd"))).toMatchObject({ result: "failed", cached: false });
      }
    }
    expect(scans()).toBe(7);
  });

  test("are forgotten when the signatures change", async () => {
    let tag = "one";
    const icap = await FakeScanner.start((heard) => {
      const head = `ICAP/1.0 200 OK\r\nISTag: "${tag}"\r\nMethods: RESPMOD\r\n\r\n`;
      if (heard.startsWith("OPTIONS")) return heard.endsWith("\r\n\r\n") ? head : null;
      return heard.endsWith("0\r\n\r\n") ? `ICAP/1.0 204 No\r\nISTag: "${tag}"\r\n\r\n` : null;
    });
    const scanner = testScanner({ kind: "icap", at: icap.at, cacheMinutes: 5 });
    await waitUntil("its tag is known", () => scanner.status().version);
    await scanned(scanner, content);
    expect(await scanned(scanner, content)).toMatchObject({ cached: true });
    tag = "two";
    expect(await scanned(scanner, subjectOf("other"))).toMatchObject({ cached: false });
    expect(await scanned(scanner, content)).toMatchObject({ cached: false });
    expect(await scanned(scanner, content)).toMatchObject({ cached: true });
  });
});

describe("how it does", () => {
  test("nothing is known before the first answer; then version, signatures, last verdict and the median of the time", async () => {
    const { clamd } = await fakeClamd(() => "OK");
    const now = Date.parse("2026-11-27T20:00:00Z");
    const scanner = testScanner({ kind: "clamd", at: clamd.at }, { now: () => now });
    expect(scanner.status()).toEqual({
      scanner: "the clamd",
      state: "unknown",
      version: null,
      signaturesAt: null,
      lastVerdictAt: null,
      lastError: null,
      lastErrorAt: null,
      scansLastHour: 0,
      failuresLastHour: 0,
      medianMs: null,
    });
    await scanned(scanner, content);
    await waitUntil("its version is known", () => scanner.status().version);
    expect(scanner.status()).toMatchObject({
      state: "up",
      version,
      signaturesAt: "2026-11-26T09:30:00.000Z",
      lastVerdictAt: "2026-11-27T20:00:00.000Z",
      scansLastHour: 1,
      medianMs: expect.any(Number),
    });
  });

  test("a scanner that fails is told once, and once when it serves again; a message too large is no failing scanner", async () => {
    const lines: unknown[] = [];
    const log = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const { clamd } = await fakeClamd((heard) => (heard.includes("bad") ? "what\x1b[31m" : "OK"));
    const scanner = testScanner({ kind: "clamd", at: clamd.at, sizeLimitBytes: 1024 }, { log });
    await scanned(scanner, content);
    await scanned(scanner, subjectOf("x".repeat(2000)));
    expect(scanner.status()).toMatchObject({ state: "up", failuresLastHour: 1 });
    for (const text of ["bad", "bad", "good", "good"]) await scanned(scanner, subjectOf(text));
    const cause = "protocol: clamd says: stream: what?[31m";
    expect(lines).toMatchObject([
      { msg: "scanner serves", scanner: "the clamd" },
      { msg: "scanner failing", cause },
      { msg: "scanner serves" },
    ]);
    expect(scanner.status()).toMatchObject({ state: "up", lastError: cause });
  });

  test(`is asked when it is made, and every ${checkEveryMs} ms`, async () => {
    const { clamd } = await fakeClamd(() => "OK");
    testScanner({ kind: "clamd", at: clamd.at });
    await waitUntil("it was asked", () => clamd.received.includes("zVERSION\0"));
  });

  test("a check that gets no answer ends, and says so", async () => {
    const clamd = await FakeScanner.start(() => null);
    const scanner = testScanner({ kind: "clamd", at: clamd.at, timeLimitMs: 100 });
    await waitUntil("the check ended", () => scanner.status().state === "failing");
    expect(scanner.status().lastError).toBe("timeout: no answer to a check within 100 ms");
    await waitUntil("its connection is cut", () => clamd.openConnections === 0);
  });
});

describe("the end", () => {
  test("a scanner that is no longer in use answers what it was asked, takes nothing new, and leaves no connection", async () => {
    const { clamd } = await fakeClamd(() => "OK");
    const scanner = testScanner({ kind: "clamd", at: clamd.at, connectionsMax: 1 });
    const reports = Promise.all([1, 2, 3].map(() => scanned(scanner, content)));
    scanner.close();
    scanner.close();
    expect(await scanned(scanner, content)).toMatchObject({ result: "failed", why: "unreachable" });
    expect((await reports).map(({ result }) => result)).toEqual(["clean", "clean", "clean"]);
    await waitUntil("no connection is left", () => clamd.openConnections === 0);
  });

  test("a taker that throws is logged, and the next scan goes on", async () => {
    const lines: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => lines.push(line) });
    const { clamd } = await fakeClamd(() => "OK");
    const scanner = testScanner({ kind: "clamd", at: clamd.at, connectionsMax: 1 }, { log });
    scanner.scan(content, () => {
      throw new Error("a fault of the taker");
    });
    expect(await scanned(scanner, content)).toMatchObject({ result: "clean" });
    expect(lines.join("")).toContain("a fault of the taker");
  });
});
