import { describe, expect, it } from "vitest";
import { readPartText } from "#core/text/part-text.ts";
import { linksMax, textBytesMax } from "#core/text/text-limits.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("the text of a part", () => {
  it("is its text and links", () => {
    const part = readPartText(bytes("see www.example.com"), { charsets: ["utf-8"], html: false });
    expect(part).toMatchObject({ readings: ["see www.example.com"], ambiguous: false, truncated: false });
    expect(part.links.map(({ host }) => host)).toEqual(["www.example.com"]);
  });

  it("is what HTML shows and, as another reading, what it hides", () => {
    const part = readPartText(bytes("a<i hidden>b</i>"), { charsets: ["utf-8"], html: true });
    expect(part).toMatchObject({ readings: ["a", "\nb"], ambiguous: false, hiddenCharacters: 1 });
  });

  it("is ambiguous where charsets disagree, and has the links of every reading", () => {
    const hidden = "+AGgAdAB0AHAAOgAvAC8AZQB2AGkAbAAuAGUAeABhAG0AcABsAGUALw-";
    const part = readPartText(bytes(`www.a.example ${hidden}`), { charsets: ["utf-7"], html: false });
    expect(part.ambiguous).toBe(true);
    expect(part.links.map(({ host }) => host)).toEqual(["www.a.example", "evil.example"]);
  });

  it("says when text or links were not looked at", () => {
    const long = new Uint8Array(textBytesMax + 1).fill(97);
    const many = bytes(Array.from({ length: linksMax + 1 }, (_, n) => `http://a.example/${n}`).join(" "));
    for (const content of [long, many]) {
      for (const html of [false, true]) expect(readPartText(content, { charsets: [], html }).truncated).toBe(true);
    }
  });
});
