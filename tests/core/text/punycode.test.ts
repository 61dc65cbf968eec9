import { domainToASCII, domainToUnicode } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unicodeHost } from "#core/text/punycode.ts";

describe("a host in its letters", () => {
  it.each([
    ["www.xn--bcher-kva.example", "www.bücher.example"],
    ["xn--e1afmkfd.xn--p1ai", "пример.рф"],
    ["xn--fiqs8s.xn--fiqz9s", "中国.中國"],
    ["plain.example", "plain.example"],
  ])("%s", (ascii, unicode) => {
    expect(unicodeHost(ascii)).toBe(unicode);
  });

  it("is what Node's own makes of any name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), (label) => {
        const ascii = domainToASCII(`${label}.example`);
        fc.pre(ascii.includes("xn--"));
        expect(unicodeHost(ascii)).toBe(domainToUnicode(ascii));
      }),
    );
  });

  it("is the ASCII form where that is no Punycode", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{0,70}$/), (label) => {
        expect(unicodeHost(`xn--${label}`)).toMatch(/./u);
      }),
    );
    for (const host of ["xn--", "xn--99999999", "xn--a_b", `xn--${"a".repeat(70)}`])
      expect(unicodeHost(host)).toBe(host);
  });
});
