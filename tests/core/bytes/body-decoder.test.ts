import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BodyDecoder, dottedBody } from "#core/bytes/body-decoder.ts";
import { DotUnstuffer } from "#core/bytes/dot-unstuffer.ts";
import { LineRepair, type LineRules } from "#core/bytes/line-repair.ts";
import { bytesOf, randomCut, sameForEveryCut, textOf } from "../../support/chunk-invariance.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const strict: LineRules = { lineBytesMax: 512, bareLineEnds: "refuse", longLines: "refuse" };
const repairing: LineRules = { lineBytesMax: 512, bareLineEnds: "normalise", longLines: "break" };

type Read = { wire: string; message: string; bytes: number; fault: string | null; ended: boolean; rest: string };

function sinkOf(): { wire: string; message: string; text(s: Uint8Array): void; stuffedDot(s: Uint8Array): void } {
  return {
    wire: "",
    message: "",
    text(slice) {
      this.wire += textOf(slice);
      this.message += textOf(slice);
    },
    stuffedDot(slice) {
      this.wire += textOf(slice);
    },
  };
}

/** What was given out before a fault never gets its end: how much of it is no matter. */
function givenOut({ fault, decodedBytes }: BodyDecoder, { wire, message }: { wire: string; message: string }) {
  expect(decodedBytes).toBe(message.length);
  return fault === null ? { wire, message, bytes: decodedBytes, fault } : { wire: "", message: "", bytes: 0, fault };
}

/** The body of DATA, and what follows it. */
function dotted(chunks: readonly Uint8Array[], rules: LineRules): Read {
  const sink = sinkOf();
  const decoder = dottedBody(rules, sink);
  let rest = "";
  for (const chunk of chunks) {
    const consumed = decoder.ended ? 0 : decoder.write(chunk);
    rest += textOf(chunk.subarray(consumed));
  }
  return { ...givenOut(decoder, sink), ended: decoder.ended, rest };
}

/** The body of BDAT, as one chunk. */
function counted(chunks: readonly Uint8Array[], rules: LineRules): Omit<Read, "rest" | "ended"> {
  const sink = sinkOf();
  const decoder = new LineRepair(rules, sink);
  for (const chunk of chunks) expect(decoder.write(chunk)).toBe(chunk.length);
  decoder.end();
  return givenOut(decoder, sink);
}

function readDotted(text: string, rules = repairing): Read {
  return sameForEveryCut(bytesOf(text), (chunks) => dotted(chunks, rules));
}

function readCounted(text: string, rules = strict): Omit<Read, "rest" | "ended"> {
  return sameForEveryCut(bytesOf(text), (chunks) => counted(chunks, rules));
}

describe("DATA that is repaired", () => {
  test.each([
    ["a\nb\r\n.\r\n", "a\r\nb\r\n"],
    ["a\rb\r\n.\r\n", "a\r\nb\r\n"],
    ["a\r\r\nb\r\n.\r\n", "a\r\n\r\nb\r\n"],
    ["a\n\rb\r\n.\r\n", "a\r\n\r\nb\r\n"],
    ["\n\r\n.\r\n", "\r\n\r\n"],
    ["\r\r\n.\r\n", "\r\n\r\n"],
    [".\r\n", ""],
    ["..a\r\n.b\r\n.\r\n", ".a\r\nb\r\n"],
  ])("%j becomes %j", (text, message) => {
    expect(readDotted(`${text}NOOP\r\n`)).toMatchObject({ message, fault: null, ended: true, rest: "NOOP\r\n" });
  });

  test.each([
    ["a\n.\nb\r\n.\r\n", "a\r\n..\r\nb\r\n"],
    ["a\n.\r\nb\r\n.\r\n", "a\r\n..\r\nb\r\n"],
    ["a\r.\rb\r\n.\r\n", "a\r\n..\r\nb\r\n"],
    ["a\r.\r\nb\r\n.\r\n", "a\r\n..\r\nb\r\n"],
    ["a\n.b\r\n.\r\n", "a\r\n..b\r\n"],
    ["a\n..b\r\n.\r\n", "a\r\n...b\r\n"],
    ["\n.\r\n\r\n.\r\n", "\r\n..\r\n\r\n"],
    // Here the dot is the wire's: what is left is an empty line.
    ["a\r\n.\nb\r\n.\r\n", "a\r\n\r\nb\r\n"],
    ["a\r\n.\rb\r\n.\r\n", "a\r\n\r\nb\r\n"],
    ["a\r\n..\nb\r\n.\r\n", "a\r\n..\r\nb\r\n"],
  ])("%j goes on as %j: a dot that a repair put at a line's start is content, stuffed", (text, wire) => {
    expect(readDotted(text)).toMatchObject({ wire, fault: null, ended: true });
  });

  test("a line that is too long is broken by CRLF and a blank, as often as needed", () => {
    const { message, fault } = readDotted(`${"x".repeat(1200)}\r\n.\r\n`);
    expect(fault).toBeNull();
    expect(message).toBe(`${"x".repeat(510)}\r\n ${"x".repeat(509)}\r\n ${"x".repeat(181)}\r\n`);
  });
  test("a line of exactly lineBytesMax stays whole, and a dot after a break needs no stuffing", () => {
    expect(readDotted(`${"x".repeat(510)}\r\n.\r\n`).message).toBe(`${"x".repeat(510)}\r\n`);
    expect(readDotted(`${"x".repeat(510)}.y\r\n.\r\n`).wire).toBe(`${"x".repeat(510)}\r\n .y\r\n`);
  });
  test("NUL is refused all the same, and the rest is read to the true end", () => {
    expect(readDotted("a\0b\n.\n\r\n.\r\nNOOP\r\n")).toMatchObject({ fault: "nul", ended: true, rest: "NOOP\r\n" });
  });
  test("with only one of both repairs the other is refused", () => {
    const normalising = { ...repairing, longLines: "refuse" } as const;
    expect(readDotted(`a\n${"x".repeat(511)}\r\n.\r\n`, normalising)).toMatchObject({ fault: "line-too-long" });
    const breaking = { ...repairing, bareLineEnds: "refuse" } as const;
    expect(readDotted(`${"x".repeat(600)}\r\na\n\r\n.\r\n`, breaking)).toMatchObject({ fault: "bare-lf" });
    expect(readDotted("a\rb\r\n.\r\n", breaking)).toMatchObject({ fault: "bare-cr" });
  });
});

describe("BDAT", () => {
  test.each([
    ["a\r\nb\r\n", "a\r\nb\r\n"],
    [".\r\n", "..\r\n"],
    ["a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n"],
    [".a\r\n..b\r\n", "..a\r\n...b\r\n"],
    ["", ""],
    ["a", "a\r\n"],
    ["a\r\n.", "a\r\n..\r\n"],
    ["\r\n", "\r\n"],
  ])("%j goes on as %j", (text, wire) => {
    expect(readCounted(text)).toMatchObject({ wire, fault: null });
  });
  test.each([
    ["a\nb", "bare-lf"],
    ["a\rb", "bare-cr"],
    ["a\r", "bare-cr"],
    ["a\0", "nul"],
    [`${"x".repeat(511)}\r\n`, "line-too-long"],
    ["x".repeat(511), "line-too-long"],
  ])("with %j is refused as %s", (text, fault) => {
    expect(readCounted(text)).toMatchObject({ fault });
  });
  test("is normalised and broken by the same settings", () => {
    expect(readCounted("a\n.\rb\r", repairing).wire).toBe("a\r\n..\r\nb\r\n");
    expect(readCounted("x".repeat(600), repairing).wire).toBe(`${"x".repeat(510)}\r\n ${"x".repeat(90)}\r\n`);
  });
});

const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("\r", "\n", "\r\n", ".", "..", "x", " ", "\r\n.\r\n", "\n.\n", "\r.\r") },
  { weight: 1, arbitrary: fc.constantFrom("\0", "y".repeat(300), "y".repeat(511)) },
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
const rules = fc.record({
  lineBytesMax: fc.constant(512),
  bareLineEnds: fc.constantFrom("refuse" as const, "normalise" as const),
  longLines: fc.constantFrom("refuse" as const, "break" as const),
});

/** What no body may look like on the wire, whatever came in. */
function expectSafe(wire: string): void {
  expect(wire.replaceAll("\r\n", "")).not.toMatch(/[\r\n\0]/);
  expect(`\r\n${wire}`).not.toContain("\r\n.\r\n");
  for (const line of wire.split("\r\n")) expect(line.length).toBeLessThanOrEqual(511);
}

describe("any bytes", () => {
  test("leave no bare CR or LF, no NUL, no end mark and no long line, as DATA and as BDAT, with every setting", () => {
    fc.assert(
      fc.property(text, rules, (given, setting) => {
        const data = dotted([bytesOf(`${given}\r\n.\r\n`)], setting);
        expectSafe(data.wire);
        expect(data.ended).toBe(true);
        const bdat = counted([bytesOf(given)], setting);
        if (bdat.fault === null) {
          expectSafe(bdat.wire);
          expect(bdat.wire === "" || bdat.wire.endsWith("\r\n")).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
  test("read alike however they are cut", () => {
    const seed = Date.now() % 1_000_000;
    const random = seededRandom(seed);
    fc.assert(
      fc.property(text, rules, (given, setting) => {
        const bytes = bytesOf(`${given}\r\n.\r\nNOOP\r\n`);
        const cut = randomCut(bytes, random);
        expect({ seed, ...dotted(cut, setting) }).toEqual({ seed, ...dotted([bytes], setting) });
        expect({ seed, ...counted(cut, setting) }).toEqual({ seed, ...counted([bytes], setting) });
      }),
      { numRuns: 2000 },
    );
  });
  test("end at the same byte whether they are repaired or not", () => {
    fc.assert(
      fc.property(text, (given) => {
        const bytes = bytesOf(`${given}\r\n.\r\nNOOP\r\n`);
        expect(dotted([bytes], repairing).rest).toBe(dotted([bytes], strict).rest);
      }),
      { numRuns: 3000 },
    );
  });
});

test("a body of good lines is handed on in as few slices as it came", () => {
  let slices = 0;
  const unstuffer = new DotUnstuffer(() => slices++);
  unstuffer.write(bytesOf("a line\r\n".repeat(5000)));
  const lines = new LineRepair(repairing, { text: () => slices++, stuffedDot: () => slices++ });
  lines.write(bytesOf("a line\r\n".repeat(5000)));
  expect(slices).toBe(2);
});

test.each(["\n", "\r", ".\n", "x", "\r\n.", "\0"])("a megabyte of %j costs linear time", (unit) => {
  const took = (bytes: number): number => {
    const body = bytesOf(unit.repeat(bytes / unit.length));
    const sink = { text: () => undefined, stuffedDot: () => undefined };
    const since = performance.now();
    dottedBody(repairing, sink).write(body);
    new LineRepair(repairing, sink).write(body);
    return performance.now() - since;
  };
  took(100_000);
  expect(took(1_000_000)).toBeLessThan(1000);
});
