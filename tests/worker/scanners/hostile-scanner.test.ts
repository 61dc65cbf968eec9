import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { Scanner as ScannerSettings } from "#core/contract/scanner.ts";
import { FakeScanner } from "../../support/fake-scanner.ts";
import { scanEnvelope, scanned, subjectOf, testScanner } from "../../support/scanned.ts";
import { waitUntil } from "../../support/wait-until.ts";

const timeLimitMs = 250;
/** What two connections may take before they are cut, which is what the system's buffers take: our caps are far below. */
const pouredMax = 12 * 1024 * 1024;
const kinds: ScannerSettings["kind"][] = ["clamd", "rspamd", "spamd", "icap"];

/** What begins an answer that is not to end. */
const openings = {
  clamd: "1: stream: ",
  rspamd: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
  spamd: "SPAMD/1.1 0 EX_OK\r\nSpam: True ; 7 / 5\r\n\r\n",
  icap: "ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nX-Fill: ",
};

let poured = 0;

function flood(text: string): (socket: Socket) => void {
  const piece = text.repeat(Math.ceil(65_536 / text.length));
  const pour = (socket: Socket): void => {
    poured += piece.length;
    while (!socket.destroyed && socket.write(piece)) poured += piece.length;
    socket.once("drain", () => pour(socket));
  };
  return pour;
}

function drip(text: string): (socket: Socket) => void {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ""), 10);
    socket.on("close", () => clearInterval(timer));
  };
}

const behaviours: [string, (socket: Socket, kind: ScannerSettings["kind"]) => void][] = [
  ["says nothing", () => undefined],
  ["closes at once", (socket) => socket.destroy()],
  ["resets at once", (socket) => socket.resetAndDestroy()],
  ["closes its side only", (socket) => socket.end()],
  ["is a mail server", (socket) => socket.write("220 mail.test ESMTP\r\n")],
  ["drips without end", drip("x")],
  ["drips lines without end", drip("a: b\r\n")],
  ["floods without a line end", flood("x")],
  ["floods lines", flood("a: b\r\n")],
  ["floods NULs", flood("\0")],
  ["floods interim answers", flood("HTTP/1.1 100 Continue\r\n\r\n")],
  [
    "begins an answer and floods it",
    (socket, kind) => {
      socket.write(openings[kind]);
      flood(kind === "rspamd" ? "4000\r\n".padEnd(16_390, "[").padEnd(16_392, "\r\n") : "x,")(socket);
    },
  ],
  [
    "begins an answer and stops",
    (socket, kind) => {
      socket.write(openings[kind]);
    },
  ],
];

describe.each(kinds)("a %s that", (kind) => {
  test.each(behaviours)("%s fails the scan within the time limit, and is cut", async (_what, behave) => {
    poured = 0;
    const scanner = await FakeScanner.start(misbehaving(behave, kind));
    const subject = testScanner({ kind, at: scanner.at, timeLimitMs });
    const report = await scanned(subject, subjectOf("x".repeat(300_000), { envelope: scanEnvelope }));
    expect(report.result).toBe("failed");
    expect(report.ms).toBeLessThan(timeLimitMs + 1_000);
    subject.close();
    await waitUntil("it is cut", () => scanner.openConnections === 0);
    expect(poured).toBeLessThan(pouredMax);
  });
});

/** Each connection does it once, when a question begins. */
function misbehaving(behave: (socket: Socket, kind: ScannerSettings["kind"]) => void, kind: ScannerSettings["kind"]) {
  const seen = new Set<number>();
  return (_heard: string, connection: number, socket: Socket): null => {
    if (!seen.has(connection)) behave(socket, kind);
    seen.add(connection);
    return null;
  };
}
