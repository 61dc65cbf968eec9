import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeStrictly, encodeCharset } from "#core/message/rewrite/charset-encoder.ts";
import { encodeBase64, encodedOffset, encodeQuotedPrintable } from "#core/message/rewrite/transfer-encoder.ts";
import { decodeBase64Portably, transferDecoder } from "#core/message/transfer-decoder.ts";
import { bytesOf, textOf } from "../../../support/chunk-invariance.ts";

function decoded(encoding: string, text: string): string {
  const decoder = transferDecoder(encoding, decodeBase64Portably);
  if (decoder === null) throw new Error(encoding);
  return textOf(decoder.write(bytesOf(text))) + textOf(decoder.end());
}

const someBytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc
    .array(fc.constantFrom("--edge", "From x", "\r\n", " ", "=", "\t", "a".repeat(74), "ä", "\r", "\n"))
    .map((all) => Buffer.from(all.join(""))),
);

describe("quoted-printable", () => {
  it("decodes to what was encoded, in lines of 76 that no boundary and no mailbox knows (property)", () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        const text = encodeQuotedPrintable(bytes);
        expect(decoded("quoted-printable", text)).toBe(textOf(bytes));
        for (const line of text.split("\r\n")) {
          expect(line).toMatch(/^(?!--|From )[\t -~]{0,76}$/);
          expect(line).not.toMatch(/[ \t]$/);
        }
      }),
    );
  });

  it("is found by the place of a decoded byte (property)", () => {
    const pieces = fc.constantFrom(
      "=41",
      "=C3=A4",
      "=\r\n",
      "= \t\r\n",
      "=\n",
      "=",
      "=4",
      "=zz",
      "x",
      " ",
      "\r\n",
      "==\r\n",
      "=4=\r\n1",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (all) => {
        const text = all.join("");
        const whole = decoded("quoted-printable", text);
        for (let index = 0; index <= whole.length; index++) {
          const at = encodedOffset(bytesOf(text), index);
          expect(decoded("quoted-printable", text.slice(0, at))).toBe(whole.slice(0, index));
        }
      }),
    );
  });
});

describe("base64", () => {
  it("decodes to what was encoded, in lines of 76 (property)", () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        const text = encodeBase64(bytes);
        expect(Buffer.from(text, "base64").equals(Buffer.from(bytes))).toBe(true);
        expect(text).toMatch(/^(?:[A-Za-z0-9+/]{76}\r\n)*(?:[A-Za-z0-9+/=]{4,76}\r\n)?$/);
      }),
    );
  });
});

describe("a charset", () => {
  it.each([
    ["utf-8", "äЖ漢😀", "äЖ漢😀"],
    ["iso-8859-1", "ä©", "ä©"],
    ["iso-8859-15", "€", "€"],
    ["windows-1252", "„€“", "„€“"],
    ["koi8-r", "Привет", "Привет"],
    ["iso-8859-2", "Zażółć", "Zażółć"],
    ["gbk", "ascii only", "ascii only"],
    ["us-ascii", "ascii only", "ascii only"],
  ])("%s carries %s", (charset, text, back) => {
    const bytes = encodeCharset(text, charset);
    expect(bytes === null ? null : decodeStrictly(bytes, charset)).toBe(back);
  });

  it.each([
    ["us-ascii", "ä"],
    ["", "ä"],
    ["iso-8859-1", "€"],
    ["koi8-r", "漢"],
    ["gbk", "漢"],
    ["utf-16", "a"],
    ["iso-2022-jp", "a"],
    ["utf-7", "a"],
    ["no-such-charset", "ä"],
  ])("%s does not carry %s, so that nothing wrong is written", (charset, text) => {
    expect(encodeCharset(text, charset)).toBeNull();
  });

  it.each([
    ["us-ascii", "\xe4"],
    ["utf-8", "\xe4"],
    ["no-such-charset", "a"],
  ])("bytes that are not of %s are not guessed at", (charset, text) => {
    expect(decodeStrictly(bytesOf(text), charset)).toBeNull();
  });
});
