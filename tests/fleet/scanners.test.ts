import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requiresUnpackedFiles } from "../support/requires.ts";
import { scanEnvelope, scanned, subjectOf, testScanner } from "../support/scanned.ts";
import {
  clamdSocket,
  eicar,
  eicarName,
  gtube,
  type ScannerServer,
  startClamd,
  startIcap,
  startRspamd,
  startSpamd,
} from "../support/scanner-servers.ts";
import { smallZip } from "../support/small-zip.ts";
import { waitUntil } from "../support/wait-until.ts";

const localhost = "127.0.0.1";
const header = "From: a@outside.test\r\nTo: bob@inside.test\r\nSubject: hello\r\nMessage-ID: <1@outside.test>\r\n";

function message(body: string): ReturnType<typeof subjectOf> {
  const date = "Date: Fri, 27 Nov 2026 20:00:00 +0000\r\n";
  return subjectOf(`${header}${date}\r\n${body}\r\n`, { kind: "message", envelope: scanEnvelope });
}

describe.skipIf(!requiresUnpackedFiles("clamd").met)("a real clamd", () => {
  let clamd: ScannerServer;
  beforeAll(async () => {
    clamd = await startClamd(["StreamMaxLength 1M", "AlertEncrypted yes", "AlertExceedsMax yes", "MaxRecursion 6"]);
  });
  afterAll(() => clamd?.stop());

  const places = [
    ["TCP", () => ({ host: localhost, port: clamd.port })],
    ["its Unix socket", () => ({ socket: clamdSocket(clamd.folder) })],
  ] as const;

  describe.each(places)("over %s", (_name, place) => {
    test("finds EICAR, alone and inside gzip, and nothing in other bytes, on one session", async () => {
      const scanner = testScanner({ kind: "clamd", at: place() });
      for (const content of [[Buffer.from(eicar, "latin1")], [gzipSync(Buffer.from(eicar, "latin1"))]]) {
        expect(await scanned(scanner, subjectOf(content))).toMatchObject({ result: "found", names: [eicarName] });
        expect(await scanned(scanner, subjectOf("harmless"))).toMatchObject({ result: "clean" });
      }
    });

    test("takes many pieces of any length, empty ones as well, and an empty content", async () => {
      const scanner = testScanner({ kind: "clamd", at: place() });
      const pieces = Array.from(Buffer.from(eicar, "latin1"), (byte) => Buffer.of(byte));
      pieces.splice(10, 0, Buffer.alloc(0));
      expect(await scanned(scanner, subjectOf(pieces))).toMatchObject({ result: "found" });
      expect(await scanned(scanner, subjectOf(""))).toMatchObject({ result: "clean" });
    });
  });

  test("finds EICAR in a zip in a message in a message", async () => {
    const scanner = testScanner({ kind: "clamd", at: { host: localhost, port: clamd.port }, scans: "message" });
    const zip = smallZip("a.com", Buffer.from(eicar, "latin1")).toString("base64");
    const part = `Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zip}`;
    const inner = `${header}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${part}\r\n--b--`;
    const outer = `${header}MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n${inner}\r\n`;
    const found = { result: "found", names: [eicarName] };
    expect(await scanned(scanner, subjectOf(outer, { kind: "message" }))).toMatchObject(found);
  });

  test("says of what it could not open, or that lies too deep, that it was not looked at", async () => {
    const scanner = testScanner({ kind: "clamd", at: { host: localhost, port: clamd.port } });
    const locked = smallZip("a.txt", Buffer.from("with a password"), true);
    expect(await scanned(scanner, subjectOf([locked]))).toMatchObject({ result: "failed", why: "encrypted" });
    let deep = Buffer.from(eicar, "latin1");
    for (let n = 0; n < 10; n++) deep = gzipSync(deep);
    expect(await scanned(scanner, subjectOf([deep]))).toMatchObject({ result: "failed", why: "limit" });
  });

  test("answers fifty scans on eight connections, each with its own verdict", async () => {
    const scanner = testScanner({ kind: "clamd", at: { host: localhost, port: clamd.port }, connectionsMax: 8 });
    const scans = Array.from({ length: 50 }, async (_, n) => {
      const isBad = n % 3 === 0;
      const { result } = await scanned(scanner, subjectOf(`${isBad ? eicar : "fine"}${"x".repeat(n * 500)}`));
      expect(result).toBe(isBad ? "found" : "clean");
    });
    await Promise.all(scans);
  });

  test("that takes no more than StreamMaxLength is heard to say so, and serves the next scan", async () => {
    const scanner = testScanner({ kind: "clamd", at: { host: localhost, port: clamd.port } });
    const large = Array.from({ length: 40 }, () => Buffer.alloc(65_536, 120));
    expect(await scanned(scanner, subjectOf(large))).toMatchObject({ result: "failed" });
    expect(await scanned(scanner, subjectOf(eicar))).toMatchObject({ result: "found" });
  });

  test("tells its version", async () => {
    const scanner = testScanner({ kind: "clamd", at: { host: localhost, port: clamd.port } });
    await waitUntil("the check is answered", () => scanner.status().state === "up");
    expect(scanner.status().version).toMatch(/^ClamAV \d/);
  });

  test("that is gone is unreachable, at once", async () => {
    const other = await startClamd();
    const scanner = testScanner({ kind: "clamd", at: { host: localhost, port: other.port } });
    expect(await scanned(scanner, subjectOf("x"))).toMatchObject({ result: "clean" });
    await other.stop();
    expect(await scanned(scanner, subjectOf("x"))).toMatchObject({ result: "failed", why: "unreachable" });
    expect(scanner.status().state).toBe("failing");
  });
});

describe.skipIf(!requiresUnpackedFiles("rspamd").met)("a real rspamd", () => {
  let rspamd: ScannerServer;
  beforeAll(async () => {
    rspamd = await startRspamd();
  });
  afterAll(() => rspamd?.stop());

  test("rejects GTUBE, with the symbol, and has nothing against another message", async () => {
    const scanner = testScanner({ kind: "rspamd", at: { host: localhost, port: rspamd.port } });
    const spam = await scanned(scanner, message(gtube));
    expect(spam).toMatchObject({ result: "scored", action: "reject", threshold: 15, score: 15 });
    expect(spam).toMatchObject({ symbols: [{ name: "GTUBE" }] });
    expect(await scanned(scanner, message("hello"))).toMatchObject({ result: "scored", action: "no action", score: 0 });
  });

  test("takes every envelope: null sender, UTF-8 addresses, a thousand recipients, control characters", async () => {
    const scanner = testScanner({ kind: "rspamd", at: { host: localhost, port: rspamd.port } });
    const envelopes = [
      { sender: "" },
      { sender: "jürgen@außen.test" },
      { recipients: Array.from({ length: 1_000 }, (_, n) => `recipient-number-${n}@inside.test`) },
      { helo: "x\r\nRcpt: <evil@outside.test>", user: "us\0er", clientName: null },
    ];
    for (const change of envelopes) {
      const subject = { ...message("hello"), envelope: { ...scanEnvelope, ...change } };
      expect(await scanned(scanner, subject)).toMatchObject({ result: "scored", action: "no action" });
    }
  });

  test("tells its version", async () => {
    const scanner = testScanner({ kind: "rspamd", at: { host: localhost, port: rspamd.port } });
    await waitUntil("the check is answered", () => scanner.status().state === "up");
    expect(scanner.status().version).toMatch(/^rspamd\/\d/);
  });
});

describe.skipIf(!requiresUnpackedFiles("spamd").met)("SpamAssassin's real spamd", () => {
  let spamd: ScannerServer;
  beforeAll(async () => {
    spamd = await startSpamd();
  });
  afterAll(() => spamd?.stop());

  test("scores GTUBE above its threshold, with the symbol, and another message not", async () => {
    const scanner = testScanner({ kind: "spamd", at: { host: localhost, port: spamd.port } });
    const spam = { result: "scored", score: 1000, threshold: 5, symbols: [{ name: "GTUBE", score: null }] };
    expect(await scanned(scanner, message(gtube))).toMatchObject(spam);
    expect(await scanned(scanner, message("hello"))).toMatchObject({ result: "scored", score: 0, symbols: [] });
  });

  test("answers a check", async () => {
    const scanner = testScanner({ kind: "spamd", at: { host: localhost, port: spamd.port } });
    await waitUntil("the check is answered", () => scanner.status().state === "up");
    expect(scanner.status().version).toMatch(/^SPAMD\/\d/);
  });
});

describe.skipIf(!requiresUnpackedFiles("clamd", "c-icap").met)("a real c-icap with clamd behind it", () => {
  let clamd: ScannerServer;
  let icap: ScannerServer;
  beforeAll(async () => {
    clamd = await startClamd();
    icap = await startIcap(clamd.folder);
  });
  afterAll(async () => {
    await icap?.stop();
    await clamd?.stop();
  });

  const service = (name: string) =>
    testScanner({ kind: "icap", at: { host: localhost, port: icap.port }, service: name, cacheMinutes: 60 });

  test.each([
    ["within the preview", ""],
    ["after the preview", "x".repeat(200_000)],
  ])("finds EICAR %s, and nothing in other bytes", async (_where, before) => {
    const scanner = service("virus_scan");
    const found = { result: "found", names: [eicarName] };
    expect(await scanned(scanner, subjectOf(`${before}${eicar}`))).toMatchObject(found);
    expect(await scanned(scanner, subjectOf(`${before}harmless`))).toMatchObject({ result: "clean" });
    expect(await scanned(scanner, subjectOf(""))).toMatchObject({ result: "clean" });
  });

  test("a service that gives everything back as it was has found nothing", async () => {
    const scanner = service("/echo");
    for (const length of [0, 1, 1_023, 1_024, 1_025, 300_000]) {
      expect(await scanned(scanner, subjectOf("x".repeat(length)))).toMatchObject({ result: "clean" });
    }
  });

  test("a verdict is kept under the ISTag", async () => {
    const scanner = service("virus_scan");
    await waitUntil("the tag is known", () => scanner.status().version !== null);
    expect(await scanned(scanner, subjectOf(eicar))).toMatchObject({ result: "found", cached: false });
    expect(await scanned(scanner, subjectOf(eicar))).toMatchObject({ result: "found", cached: true });
  });

  test("a service that is not there fails", async () => {
    const scanner = service("nothing");
    expect(await scanned(scanner, subjectOf("x"))).toMatchObject({ result: "failed", why: "protocol" });
  });
});
