import { describe, expect, test } from "vitest";
import { answerHeadBytesMax } from "#worker/scanners/answer-head.ts";
import { SpamdPing, SpamdScan, symbolListBytesMax } from "#worker/scanners/spamd-exchange.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";
import { subjectOf } from "../../support/scanned.ts";
import { hear, hearText } from "./read-exchange.ts";

const scan = () => new SpamdScan(subjectOf("message", { kind: "message" }));
const ok = "SPAMD/1.1 0 EX_OK\r\n";
const failure = (why: string) => [expect.objectContaining({ result: "failed", why })];

test("spamd is sent the length and the message", async () => {
  const pieces = [];
  for await (const piece of scan().begin()) pieces.push(piece);
  expect(Buffer.concat(pieces).toString("latin1")).toBe("SYMBOLS SPAMC/1.5\r\nContent-length: 7\r\n\r\nmessage");
});

describe("what spamd answers, however it is cut", () => {
  test("score, threshold and the names of what matched", () => {
    const said = `${ok}Content-length: 15\r\nSpam: True ; 1000.0 / 5.0\r\n\r\nGTUBE,NO_DNS\r\n\r\n`;
    const symbols = ["GTUBE", "NO_DNS"].map((name) => ({ name, score: null }));
    expect(hearText(scan, said)).toEqual([{ result: "scored", score: 1000, threshold: 5, action: null, symbols }]);
  });

  test("a negative score and no symbol", () => {
    const said = `${ok}Content-length: 2\r\nSpam: False ; -1.5 / 5.0\r\n\r\n\r\n`;
    expect(hearText(scan, said)).toEqual([{ result: "scored", score: -1.5, threshold: 5, action: null, symbols: [] }]);
  });

  test("without a length the names end with the connection", () => {
    expect(hearText(scan, `${ok}Spam: True ; 7 / 5\r\n\r\nA,B`)).toEqual([
      expect.objectContaining({ result: "scored", symbols: [expect.anything(), expect.anything()] }),
    ]);
  });

  test.each([
    ["its time limit", "SPAMD/1.0 79 Timeout: (300 second timeout while trying to SYMBOLS)\r\n\r\n", "timeout"],
    ["an error of its", "SPAMD/1.0 76 Bad header line: nonsense\r\n\r\n", "protocol"],
    ["another protocol", "HTTP/1.1 200 OK\r\nSpam: True ; 7 / 5\r\n\r\n", "protocol"],
    ["a score that is no number", `${ok}Content-length: 0\r\nSpam: True ; nan / 5\r\n\r\n`, "protocol"],
    ["no score", `${ok}Content-length: 0\r\n\r\n`, "protocol"],
    ["an answer that was cut off", `${ok}Content-length: 20\r\nSpam: True ; 7 / 5\r\n\r\nA,B`, "protocol"],
    ["a head that was cut off", ok, "protocol"],
  ])("fails with %s", (_what, said, why) => {
    expect(hearText(scan, said)).toEqual(failure(why));
  });

  test.each([
    ["head", "x".repeat(answerHeadBytesMax + 10)],
    ["list of names", `${ok}Content-length: ${symbolListBytesMax + 1}\r\nSpam: True ; 7 / 5\r\n\r\n`],
    ["list without a length", `${ok}Spam: True ; 7 / 5\r\n\r\n${"A,".repeat(symbolListBytesMax)}`],
  ])("fails with a %s above its cap", (_what, said) => {
    expect(hear(scan(), [bytesOf(said)])).toEqual(failure("protocol"));
  });
});

test("a ping is answered by PONG, and by nothing else", () => {
  expect(hearText(() => new SpamdPing(), "SPAMD/1.5 0 PONG\r\n")).toEqual([{ version: "SPAMD/1.5" }]);
  expect(hearText(() => new SpamdPing(), "220 mail ESMTP\r\n")).toEqual(failure("protocol"));
  expect(hear(new SpamdPing(), [bytesOf("x".repeat(100_000))])).toEqual(failure("protocol"));
});
