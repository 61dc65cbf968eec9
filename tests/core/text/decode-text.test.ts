import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText } from "#core/text/decode-text.ts";
import { readingsMax, textBytesMax } from "#core/text/text-limits.ts";

const ascii = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf16le = (text: string) =>
  Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]));

describe("the text of a part", () => {
  it.each([
    ["UTF-8", ascii("grüße"), ["utf-8"], "grüße"],
    ["ISO-8859-1", latin1("gr\xfc\xdfe"), ["iso-8859-1"], "grüße"],
    ["Windows-1251", latin1("\xcf\xf0\xe8\xe2\xe5\xf2"), ["windows-1251"], "Привет"],
    ["Shift_JIS", latin1("\x93\xfa\x96\x7b"), ["Shift_JIS"], "日本"],
    ["ISO-2022-JP, which has 7 bits", latin1("\x1b$BF|K\\\x1b(B"), ["iso-2022-jp"], "日本"],
    ["a charset in blanks and upper case", latin1("\xfc"), [" ISO-8859-1 "], "ü"],
    ["no charset and UTF-8", ascii("grüße"), [], "grüße"],
    ["no charset and no UTF-8", latin1("gr\xfc\xdfe"), [], "grüße"],
    ["a charset that nobody knows", latin1("gr\xfc\xdfe"), ["x-unheard-of"], "grüße"],
    ["a charset that browsers refuse", ascii("plain"), ["iso-2022-kr"], "plain"],
    ["UTF-16 with a byte order mark", latin1("\xff\xfeh\0i\0"), ["utf-16"], "hi"],
    ["a byte order mark without charset", latin1("\xef\xbb\xbfhi"), [], "hi"],
  ])("is read in one way: %s", (_, bytes, charsets, text) => {
    expect(decodeText(bytes, charsets).readings).toEqual([text]);
  });

  it.each([
    ["UTF-7, which some readers do not know", ascii("+AHYAaQBh-gra"), ["utf-7"], ["viagra", "+AHYAaQBh-gra"]],
    ["charsets that disagree", latin1("\xe4"), ["iso-8859-1", "windows-1251"], ["ä", "д"]],
    ["UTF-8 that is declared as something else", ascii("ü"), ["iso-8859-1"], ["Ã¼", "ü"]],
    ["a byte order mark against the charset", latin1("\xff\xfeh\0i\0"), ["utf-8"], ["hi", "��h\0i\0"]],
    [
      "7-bit text that is declared as UTF-16",
      ascii("plain!"),
      ["utf-16"],
      ["plain!", new TextDecoder("utf-16").decode(ascii("plain!"))],
    ],
    ["UTF-16 without mark or charset", utf16le("secret"), [], ["secret", "s\0e\0c\0r\0e\0t\0"]],
  ])("is read in each way that a reader might: %s", (_, bytes, charsets, texts) => {
    expect(decodeText(bytes, charsets).readings.toSorted()).toEqual(texts.toSorted());
  });

  it("is read in the charset that an HTML document names as well", () => {
    const html = latin1('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">\xe4');
    expect(decodeText(html, ["iso-8859-1"], true).readings.map((text) => text.at(-1))).toEqual(["ä", "д"]);
    expect(decodeText(html, ["iso-8859-1"]).readings).toHaveLength(1);
  });

  it("ends at the cap of bytes, and says so", () => {
    const bytes = new Uint8Array(textBytesMax + 1).fill(97);
    expect(decodeText(bytes, ["utf-8"])).toEqual({ readings: ["a".repeat(textBytesMax)], truncated: true });
    expect(decodeText(bytes.subarray(1), ["utf-8"]).truncated).toBe(false);
  });

  it("stays UTF-8 where the cap cuts a character", () => {
    const bytes = ascii(`a${"ü".repeat(textBytesMax / 2)}`);
    expect(decodeText(bytes, []).readings).toEqual([`a${"ü".repeat(textBytesMax / 2 - 1)}`]);
  });

  it("says so when more charsets are named than are tried", () => {
    const names = ["iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-7", "koi8-r"];
    const { readings, truncated } = decodeText(latin1("\xe6"), names);
    expect(readings.length).toBeLessThanOrEqual(readingsMax);
    expect(truncated).toBe(true);
  });

  it("has at least one reading and never more characters than bytes, whatever the bytes and names are", () => {
    const name = fc.oneof(fc.constantFrom("utf-8", "utf-7", "utf-16", "utf-16be", "big5", "gb18030"), fc.string());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(name, { maxLength: 4 }), (bytes, names) => {
        const { readings } = decodeText(bytes, names);
        expect(readings.length).toBeGreaterThan(0);
        for (const text of readings) expect(text.length).toBeLessThanOrEqual(Math.max(bytes.length, 1));
      }),
    );
  });
});
