import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BodyFault, DotDecoder } from "#core/bytes/dot-decoder.ts";
import { DotEncoder } from "#core/bytes/dot-encoder.ts";
import { bytesOf, randomCut, sameForEveryCut, textOf } from "../../support/chunk-invariance.ts";

type Reading = { wire: string; decoded: string; bytes: number; ended: boolean; fault: BodyFault | null; rest: string };

function decode(chunks: Uint8Array[], lineBytesMax = 1000): Reading {
  let wire = "";
  let decoded = "";
  let rest = "";
  const decoder = new DotDecoder(lineBytesMax, {
    text(slice) {
      wire += textOf(slice);
      decoded += textOf(slice);
    },
    stuffedDot(slice) {
      wire += textOf(slice);
    },
  });
  for (const chunk of chunks) {
    const consumed = decoder.ended ? 0 : decoder.write(chunk);
    rest += textOf(chunk.subarray(consumed));
  }
  return { wire, decoded, bytes: decoder.decodedBytes, ended: decoder.ended, fault: decoder.fault, rest };
}

function read(text: string, lineBytesMax?: number): Reading {
  return sameForEveryCut(bytesOf(text), (chunks) => decode(chunks, lineBytesMax));
}

/** What was given out before a fault depends on the cuts; the fault and the end do not. */
function readFault(text: string, lineBytesMax?: number): Pick<Reading, "fault" | "ended" | "rest"> {
  return sameForEveryCut(bytesOf(text), (chunks) => {
    const { fault, ended, rest } = decode(chunks, lineBytesMax);
    return { fault, ended, rest };
  });
}

describe("DotDecoder", () => {
  test("ends at CRLF.CRLF, keeps the text's last CRLF and leaves what follows", () => {
    expect(read("one\r\ntwo\r\n.\r\nQUIT\r\n")).toEqual({
      wire: "one\r\ntwo\r\n",
      decoded: "one\r\ntwo\r\n",
      bytes: 10,
      ended: true,
      fault: null,
      rest: "QUIT\r\n",
    });
  });
  test("takes a dot at the very beginning as the end of an empty text", () => {
    expect(read(".\r\nNOOP\r\n")).toMatchObject({ wire: "", ended: true, rest: "NOOP\r\n" });
  });
  test("undoes stuffed dots in the message and leaves them on the wire", () => {
    expect(read("..\r\n...x\r\na.b\r\n.y\r\n.\r\n")).toMatchObject({
      wire: "..\r\n...x\r\na.b\r\n.y\r\n",
      decoded: ".\r\n..x\r\na.b\r\ny\r\n",
      ended: true,
      fault: null,
    });
  });
  test("does not end before its end mark is whole", () => {
    expect(read("a\r\n.\r")).toMatchObject({ wire: "a\r\n", ended: false });
    expect(read("a\r\n")).toMatchObject({ ended: false });
    expect(read("a")).toMatchObject({ decoded: "a", ended: false });
  });

  const smuggled: [string, BodyFault][] = [
    ["\n.\n", "bare-lf"],
    ["\n.\r\n", "bare-lf"],
    ["\r.\r", "bare-cr"],
    ["\r.\r\n", "bare-cr"],
    ["\r\n.\n", "bare-lf"],
    ["\r\n.\r", "bare-cr"],
    ["\r\n.\r\r\n", "bare-cr"],
    ["\r.\n", "bare-cr"],
    ["\n.\r", "bare-lf"],
    ["\n\n.\r\n", "bare-lf"],
    ["\r\r\n.\r\n", "bare-cr"],
    ["\r\n\0.\r\n", "nul"],
    ["\r\n.\0\r\n", "nul"],
    ["\0\r\n.\n", "nul"],
    ["\r\n\n.\r\n", "bare-lf"],
    ["\r\n\r.\r\n", "bare-cr"],
    ["\n\r\n.\n", "bare-lf"],
    ["\r\n.\n\r\n", "bare-lf"],
  ];
  test.each(smuggled)("takes %j for a fault and not for an end", (mark, fault) => {
    const rest = mark.endsWith("\r\n.\r\n") ? "" : "QUIT\r\n";
    const body = `a${mark}MAIL FROM:<x@example.test>\r\n.\r\n`;
    expect(readFault(`${body}QUIT\r\n`)).toMatchObject({ fault, ended: true, ...(rest && { rest }) });
  });
  test("gives out no byte from the faulty line's fault on", () => {
    for (const [mark] of smuggled) {
      sameForEveryCut(bytesOf(`a${mark}b\r\n.\r\n`), (chunks) => {
        const { wire } = decode(chunks);
        expect(wire.replaceAll("\r\n", "")).not.toMatch(/[\r\n\0]/);
        return null;
      });
    }
  });
  test("takes a line of exactly lineBytesMax and calls one byte more line-too-long", () => {
    const line = "x".repeat(18);
    expect(read(`${line}\r\n.${line}\r\n.\r\n`, 20)).toMatchObject({ fault: null, ended: true });
    expect(readFault(`${line}x\r\n.\r\n`, 20)).toEqual({ fault: "line-too-long", ended: true, rest: "" });
    expect(readFault(`${line}xxxxxxxxx`, 20)).toMatchObject({ fault: "line-too-long", ended: false });
  });
});

describe("DotEncoder", () => {
  function encode(chunks: Uint8Array[]): string {
    let out = "";
    const encoder = new DotEncoder((slice) => {
      out += textOf(slice);
    });
    for (const chunk of chunks) encoder.write(chunk);
    encoder.end();
    return out;
  }

  test("stuffs dots at line starts only and writes the end mark", () => {
    const encoded = sameForEveryCut(bytesOf(".a\r\nb.\r\n..\r\n.\r\n"), encode);
    expect(encoded).toBe("..a\r\nb.\r\n...\r\n..\r\n.\r\n");
  });
  test("ends an open last line", () => {
    expect(sameForEveryCut(bytesOf("a\r\nb"), encode)).toBe("a\r\nb\r\n.\r\n");
    expect(encode([])).toBe(".\r\n");
  });
  test("makes CRLF of every bare CR and bare LF and stuffs the dot after it", () => {
    expect(sameForEveryCut(bytesOf("a\n.\nb\r.\rc\r"), encode)).toBe("a\r\n..\r\nb\r\n..\r\nc\r\n.\r\n");
  });
  test("whatever goes in: no bare CR or LF comes out, one end mark, and decoding gives the lines back", () => {
    const symbol = fc.constantFrom("\r", "\n", ".", "a", "\r\n", "\r\n.", "bcd");
    fc.assert(
      fc.property(
        fc.array(symbol, { maxLength: 40 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (parts, random) => {
          const input = bytesOf(parts.join(""));
          const encoded = encode(randomCut(input, () => random.next().value));
          const { decoded, ended, fault, rest } = decode(randomCut(bytesOf(encoded), () => random.next().value));
          const lines = textOf(input).replace(/\r\n|\r|\n/g, "\r\n");
          const expected = lines === "" || lines.endsWith("\r\n") ? lines : `${lines}\r\n`;
          expect({ decoded, ended, fault, rest }).toEqual({ decoded: expected, ended: true, fault: null, rest: "" });
        },
      ),
      { numRuns: 500 },
    );
  });
});
