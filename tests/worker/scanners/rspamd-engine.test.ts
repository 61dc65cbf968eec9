import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { httpAnswerBytesMax, interimAnswersMax } from "#worker/scanners/http-question.ts";
import { recipientBytesMax } from "#worker/scanners/rspamd-headers.ts";
import { symbolsMax } from "#worker/scanners/scan-words.ts";
import type { ScanResult } from "#worker/scanners/scanner.ts";
import { type FakeAnswer, FakeScanner } from "../../support/fake-scanner.ts";
import { freePort } from "../../support/free-port.ts";
import { asked, scanEnvelope, scanned, subjectOf, testEngine, testScanner } from "../../support/scanned.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

const message = subjectOf("Subject: x\r\n\r\nhello\r\n", { kind: "message", envelope: scanEnvelope });
const spam = {
  is_skipped: false,
  score: 16.5,
  required_score: 15,
  action: "reject",
  symbols: { GTUBE: { name: "GTUBE", score: 3, metric_score: 10 }, HAM: { name: "HAM", score: -1.5 } },
  messages: { smtp_message: "Gtube pattern" },
  "message-id": "1@b",
};

function http(body: unknown, status = "200 OK", more = ""): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return `HTTP/1.1 ${status}\r\nServer: rspamd/3.4\r\n${more}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** Answers each question when all of it is there. */
function rspamdThat(answer: FakeAnswer): FakeAnswer {
  return (heard, connection, socket) => {
    const [head = "", body] = heard.split("\r\n\r\n", 2);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    const isWhole = body !== undefined && heard.length === head.length + 4 + length;
    return isWhole ? answer(heard, connection, socket) : null;
  };
}

async function answerOf(said: string): Promise<ScanResult> {
  const rspamd = await FakeScanner.start(rspamdThat(() => said));
  return asked(testEngine({ kind: "rspamd", at: rspamd.at }), message);
}

test("rspamd is asked with the whole message and its envelope", async () => {
  const rspamd = await FakeScanner.start(rspamdThat(() => http(spam)));
  await asked(testEngine({ kind: "rspamd", at: rspamd.at }), message);
  const [head = "", ...body] = (rspamd.received[0] ?? "").split("\r\n\r\n");
  expect(head.split("\r\n")).toEqual(
    expect.arrayContaining([
      "POST /checkv2 HTTP/1.1",
      "Content-Length: 21",
      "Pass: all",
      "IP: 192.0.2.7",
      "Hostname: mail.outside.test",
      "Helo: helo.outside.test",
      "Queue-Id: 01ABC",
      "From: <a@outside.test>",
      "Rcpt: <bob@inside.test>",
      "Rcpt: <eve@inside.test>",
      "Connection: keep-alive",
    ]),
  );
  expect(head).not.toMatch(/^User:/m);
  expect(body.join("\r\n\r\n")).toBe("Subject: x\r\n\r\nhello\r\n");
});

test("nothing in an envelope can end a line of the question, and UTF-8 goes as it is", async () => {
  const rspamd = await FakeScanner.start(rspamdThat(() => http(spam)));
  const envelope = { ...scanEnvelope, sender: "a\r\nEvil: yes", user: "jürgen\0" };
  await asked(testEngine({ kind: "rspamd", at: rspamd.at }), { ...message, envelope });
  expect(rspamd.received[0]).toContain("\r\nFrom: <a??Evil: yes>\r\n");
  expect(rspamd.received[0]).toContain(`\r\nUser: ${Buffer.from("jürgen").toString("latin1")}?\r\n`);
});

test(`recipients are told up to ${recipientBytesMax} bytes`, async () => {
  const rspamd = await FakeScanner.start(rspamdThat(() => http(spam)));
  const recipients = Array.from({ length: 5_000 }, (_, n) => `recipient-${n}@inside.test`);
  await asked(testEngine({ kind: "rspamd", at: rspamd.at }), { ...message, envelope: { ...scanEnvelope, recipients } });
  const told = (rspamd.received[0] ?? "").match(/^Rcpt: (.*)$/gm) ?? [];
  expect(told.length).toBeGreaterThan(1_000);
  expect(told.join("").length - told.length * "Rcpt: ".length).toBeLessThanOrEqual(recipientBytesMax);
});

describe("what rspamd answers", () => {
  test("score, threshold, action and symbols with what they add", async () => {
    expect(await answerOf(http(spam))).toEqual({
      result: "scored",
      score: 16.5,
      threshold: 15,
      action: "reject",
      symbols: [
        { name: "GTUBE", score: 10 },
        { name: "HAM", score: -1.5 },
      ],
    });
  });

  test.each(["greylist", "soft reject", "add header", "rewrite subject", "no action"])(
    "the action %s is told as it is",
    async (action) => {
      expect(await answerOf(http({ ...spam, action }))).toMatchObject({ result: "scored", action });
    },
  );

  test("symbols past the cap are left out, and none of their names has control characters", async () => {
    const symbols = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`S\x1b${n}`, { score: 1 }]));
    const result = await answerOf(http({ ...spam, symbols }));
    if (result.result !== "scored") throw new Error(JSON.stringify(result));
    expect(result.symbols).toHaveLength(symbolsMax);
    expect(result.symbols[0]).toEqual({ name: "S?0", score: 1 });
  });

  const protocol: [string, string][] = [
    ["its own error", http({ error: "invalid command" }, "404 Not found")],
    ["a status that is none of success", http("busy", "503 Busy")],
    ["a body that is no JSON", http("<html>")],
    ["JSON that is no answer", http({ score: "12", action: "reject" })],
    ["a score that is no number", http('{"score":1e999,"action":"reject"}')],
    ["JSON in JSON without end", http("[".repeat(100_000))],
    ["another protocol", "220 mail ESMTP\r\n"],
    ["a head without end", `HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(10_000)}`],
    ["interim answers without end", "HTTP/1.1 100 Continue\r\n\r\n".repeat(interimAnswersMax + 1)],
    ["a body above the cap", http("x".repeat(httpAnswerBytesMax + 1))],
  ];
  test.each(protocol)("fails with %s", async (_what, said) => {
    expect(await answerOf(said)).toMatchObject({ result: "failed", why: "protocol" });
  });

  test("an answer that is cut off fails", async () => {
    const rspamd = await FakeScanner.start(
      rspamdThat((_heard, _connection, socket) => {
        socket.end(http(spam).slice(0, -5));
        return null;
      }),
    );
    const result = await asked(testEngine({ kind: "rspamd", at: rspamd.at }), message);
    expect(result).toMatchObject({ result: "failed", why: "protocol" });
  });

  test("what it says of itself reaches nobody with control characters", async () => {
    const result = await answerOf(http({ error: "\x1b[31mred\r\nline" }));
    expect(result).toMatchObject({ result: "failed", detail: "rspamd says: ?[31mred??line" });
  });
});

describe("connections to rspamd", () => {
  test("are used again, and over a Unix socket as well", async () => {
    const rspamd = await FakeScanner.start(rspamdThat(() => http(spam)));
    const engine = testEngine({ kind: "rspamd", at: rspamd.at });
    for (let n = 0; n < 3; n++) expect(await asked(engine, message)).toMatchObject({ result: "scored" });
    expect(rspamd.connections).toBe(1);
    const socket = join(temporaryFolder(), "rspamd.sock");
    await FakeScanner.start(
      rspamdThat(() => http(spam)),
      { path: socket },
    );
    expect(await asked(testEngine({ kind: "rspamd", at: { socket } }), message)).toMatchObject({ result: "scored" });
  });

  test("that died while they were warm are made anew, once, unseen", async () => {
    const rspamd = await FakeScanner.start(rspamdThat(() => http(spam)));
    const engine = testEngine({ kind: "rspamd", at: rspamd.at });
    await asked(engine, message);
    rspamd.answer = (heard, connection, socket) => {
      if (connection > 0) return rspamdThat(() => http(spam))(heard, connection, socket);
      socket.resetAndDestroy();
      return null;
    };
    expect(await asked(engine, message)).toMatchObject({ result: "scored" });
    expect(rspamd.connections).toBe(2);
  });

  test("are cut when a scan is given up or takes too long, and nothing more is answered", async () => {
    const rspamd = await FakeScanner.start((heard) => (heard.startsWith("GET /ping") ? http("pong") : null));
    const scanner = testScanner({ kind: "rspamd", at: rspamd.at, timeLimitMs: 300 });
    await waitUntil("it was asked", () => scanner.status().version === "rspamd/3.4");
    const cancel = scanner.scan(message, () => expect.unreachable());
    expect(await scanned(scanner, message)).toMatchObject({ result: "failed", why: "timeout" });
    cancel();
    scanner.close();
    await waitUntil("no connection is left", () => rspamd.openConnections === 0);
  });

  test("that cannot be made are told as such, also for the check", async () => {
    const scanner = testScanner({ kind: "rspamd", at: { host: "127.0.0.1", port: await freePort() } });
    expect(await scanned(scanner, message)).toMatchObject({ result: "failed", why: "unreachable" });
    expect(scanner.status()).toMatchObject({ state: "failing", lastError: expect.stringContaining("unreachable") });
  });

  test("content that cannot be read fails the scan", async () => {
    const rspamd = await FakeScanner.start(rspamdThat(() => http(spam)));
    const engine = testEngine({ kind: "rspamd", at: rspamd.at });
    expect(await asked(engine, { ...message, bytes: message.bytes + 1 })).toMatchObject({ why: "unreadable" });
    await waitUntil("no connection is left", () => rspamd.openConnections === 0);
  });
});
