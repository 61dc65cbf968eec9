import { describe, expect, test } from "vitest";
import { readClamdVersion } from "#worker/scanners/clamd-answer.ts";
import { ClamdScan, ClamdVersionQuestion, clamdAnswerBytesMax } from "#worker/scanners/clamd-exchange.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";
import { subjectOf } from "../../support/scanned.ts";
import { hear, hearText } from "./read-exchange.ts";

const scan = () => new ClamdScan(subjectOf("content"));

async function sent(subject: ReturnType<typeof subjectOf>, served: number): Promise<string> {
  const pieces = [];
  for await (const piece of new ClamdScan(subject).begin(served)) pieces.push(piece);
  return Buffer.concat(pieces).toString("latin1");
}

describe("what clamd is sent", () => {
  test("the first question of a connection opens a session, each piece has its length before it, and a zero ends them", async () => {
    expect(await sent(subjectOf([bytesOf("ab"), bytesOf("cde")]), 0)).toBe(
      "zIDSESSION\0zINSTREAM\0\0\0\0\x02ab\0\0\0\x03cde\0\0\0\0",
    );
  });

  test("the next ones come in the same session", async () => {
    expect(await sent(subjectOf("ab"), 1)).toBe("zINSTREAM\0\0\0\0\x02ab\0\0\0\0");
  });

  test("an empty piece is left out, as it would end the stream", async () => {
    const hidden = subjectOf([bytesOf("a"), new Uint8Array(0), bytesOf("b")]);
    expect(await sent(hidden, 1)).toBe("zINSTREAM\0\0\0\0\x01a\0\0\0\x01b\0\0\0\0");
    expect(await sent(subjectOf(""), 1)).toBe("zINSTREAM\0\0\0\0\0");
  });
});

describe("what clamd answers, however it is cut", () => {
  test.each([
    ["OK is clean", "1: stream: OK\0", { result: "clean" }],
    ["FOUND names what was found", "1: stream: Win.Test.EICAR FOUND\0", { result: "found", names: ["Win.Test.EICAR"] }],
    [
      "a name with control characters is cleaned",
      "1: stream: A\x1b[31m\r\nB FOUND\0",
      { result: "found", names: ["A?[31m??B"] },
    ],
    [
      "what is encrypted was not looked at",
      "1: stream: Heuristics.Encrypted.Zip FOUND\0",
      { result: "failed", why: "encrypted" },
    ],
    [
      "what passed its limits was not looked at",
      "1: stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND\0",
      { result: "failed", why: "limit" },
    ],
    ["its own size limit", "INSTREAM size limit exceeded. ERROR\0", { result: "failed", why: "too-large" }],
    ["the same in a session", "1: INSTREAM size limit exceeded. ERROR\0", { result: "failed", why: "too-large" }],
    ["an error", "1: Can't allocate memory ERROR\0", { result: "failed", why: "protocol" }],
    ["an unknown command", "1: UNKNOWN COMMAND\0", { result: "failed", why: "protocol" }],
    ["a clean verdict without a number", "stream: OK\0", { result: "failed", why: "protocol" }],
    ["the answer to another question", "2: stream: OK\0", { result: "failed", why: "protocol" }],
    ["a word that is none of its", "1: stream: OKAY\0", { result: "failed", why: "protocol" }],
    ["an answer that was cut off", "1: stream: O", { result: "failed", why: "protocol" }],
    ["nothing at all", "", { result: "failed", why: "protocol" }],
  ])("%s", (_what, said, result) => {
    expect(hearText(scan, said)).toEqual([expect.objectContaining(result)]);
  });

  test("the number goes up with each question of the connection", () => {
    expect(hearText(scan, "8: stream: OK\0", 7)).toEqual([{ result: "clean" }]);
  });

  test("what comes behind an answer is not read, and the connection not used again", () => {
    const exchange = scan();
    exchange.begin(0);
    const step = exchange.read(bytesOf("1: stream: Worm FOUND\x001: stream: OK\0"));
    expect(step).toEqual({ kind: "answer", answer: { result: "found", names: ["Worm"] }, reusable: false });
  });

  test("a session that clamd gave up is asked on another connection", () => {
    expect(hearText(scan, "1: COMMAND READ TIMED OUT\0")).toEqual(["stale"]);
  });

  test(`an answer of more than ${clamdAnswerBytesMax} bytes fails`, () => {
    const failure = [
      { result: "failed", why: "protocol", detail: `an answer of more than ${clamdAnswerBytesMax} bytes` },
    ];
    expect(hear(scan(), Array.from("x".repeat(clamdAnswerBytesMax + 1), bytesOf))).toEqual(failure);
    expect(hear(scan(), [Buffer.alloc(10_000_000, "x")])).toEqual(failure);
  });
});

describe("its version", () => {
  test("has the date of its signatures, where it has some of its makers", () => {
    const said = "ClamAV 1.4.6/27500/Thu Nov 26 09:30:00 2026";
    const signaturesAt = new Date("2026-11-26T09:30:00Z");
    expect(hearText(() => new ClamdVersionQuestion(), `${said}\0`)).toEqual([
      { version: said, signaturesAt: signaturesAt },
    ]);
    expect(readClamdVersion("ClamAV 1.4.6")).toEqual({ version: "ClamAV 1.4.6", signaturesAt: null });
    expect(readClamdVersion("ClamAV 1.4.6/27500/not a date")).toMatchObject({ signaturesAt: null });
  });

  test("that is none fails the check", () => {
    expect(hearText(() => new ClamdVersionQuestion(), "220 mail ESMTP\0")).toEqual([
      expect.objectContaining({ result: "failed", detail: "no clamd: it says 220 mail ESMTP" }),
    ]);
  });
});
