import { describe, expect, test } from "vitest";
import { LineReader } from "#core/bytes/line-reader.ts";
import { bytesOf, sameForEveryCut, textOf } from "../../support/chunk-invariance.ts";

function read(text: string, lineBytesMax = 20): string[] {
  return sameForEveryCut(bytesOf(text), (chunks) => {
    const reader = new LineReader(lineBytesMax);
    const seen: string[] = [];
    for (const chunk of chunks) {
      reader.push(chunk);
      for (let line = reader.next(); line !== null; line = reader.next()) seen.push(line.fault ?? textOf(line.bytes));
    }
    return [...seen, `rest ${textOf(reader.takeRest())}`];
  });
}

describe("LineReader", () => {
  test("cuts at CRLF and keeps the unfinished rest", () => {
    expect(read("NOOP\r\n\r\nQUIT\r\nMA")).toEqual(["NOOP", "", "QUIT", "rest MA"]);
  });
  test("calls a line that ends in LF alone bare-lf and goes on after it", () => {
    expect(read("NOOP\nRSET\r\n\n")).toEqual(["bare-lf", "RSET", "bare-lf", "rest "]);
  });
  test("calls a CR inside a line bare-cr", () => {
    expect(read("NO\rOP\r\nRSET\r\r\nQUIT\r\n")).toEqual(["bare-cr", "bare-cr", "QUIT", "rest "]);
  });
  test("calls a line with NUL nul", () => {
    expect(read("NO\0OP\r\nQUIT\r\n")).toEqual(["nul", "QUIT", "rest "]);
  });
  test("takes a line of exactly lineBytesMax and calls one byte more too-long, once", () => {
    const line = "x".repeat(18);
    expect(read(`${line}\r\n${line}x\r\nQUIT\r\n`)).toEqual([line, "too-long", "QUIT", "rest "]);
  });
  test("never keeps more of an endless line than the cap", () => {
    const reader = new LineReader(512);
    for (let n = 0; n < 1000; n++) {
      reader.push(new Uint8Array(100).fill(65));
      expect(reader.next()).toBeNull();
      expect(reader.unreadBytes).toBeLessThan(512);
    }
    reader.push(bytesOf("\r\nQUIT\r\n"));
    expect(reader.next()?.fault).toBe("too-long");
    expect(reader.next()?.fault).toBeNull();
  });
});

describe("bytes that are no lines", () => {
  test("are taken by count, and the lines after them are read alike however the bytes are cut", () => {
    const seen = sameForEveryCut(bytesOf("one\r\nab\ncd\r\ntwo\r\n"), (chunks) => {
      const reader = new LineReader(512);
      const lines: string[] = [];
      let left = 5;
      let taken = "";
      for (const chunk of chunks) {
        reader.push(chunk);
        for (;;) {
          if (lines.length === 1 && left > 0) {
            const slice = reader.take(left);
            if (slice.length === 0) break;
            left -= slice.length;
            taken += textOf(slice);
            continue;
          }
          const line = reader.next();
          if (line === null) break;
          lines.push(textOf(line.bytes));
        }
      }
      return { lines, taken, left: reader.unreadBytes };
    });
    expect(seen).toEqual({ lines: ["one", "", "two"], taken: "ab\ncd", left: 0 });
  });
});

test("one line may have another cap than the others", () => {
  const reader = new LineReader(16);
  reader.push(bytesOf(`${"x".repeat(30)}\r\n${"y".repeat(30)}\r\n`));
  expect(reader.next(64)).toMatchObject({ fault: null });
  expect(reader.next()).toMatchObject({ fault: "too-long" });
});
