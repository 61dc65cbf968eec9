import { describe, expect, it } from "vitest";
import { bannerParts } from "#core/message/rewrite/banner-parts.ts";
import { type Banner, bannerPartBytesMax, insertBanner } from "#core/message/rewrite/edit-banner.ts";
import { bytesOf } from "../../../support/chunk-invariance.ts";
import { bodyOf, edited, outlined } from "../../../support/outlined.ts";

type Texts = { text?: string; html?: string };

/** The message with the banner in every part that takes one, and what was said of it. */
function bannered(message: Uint8Array, at: Banner["at"], texts: Texts = {}): { after: Buffer; did: string[] } {
  const banner = { text: "CAREFUL", html: "<b>CAREFUL</b>", at, ...texts };
  const rewrites = bannerParts(outlined(message).parts).map((part) =>
    insertBanner(part, bodyOf(message, part), banner),
  );
  return {
    after: edited(
      message,
      rewrites.flatMap(({ edits }) => [...edits]),
    ),
    did: rewrites.map(({ did }) => did),
  };
}

const crlf = (text: string): Uint8Array => bytesOf(text.replaceAll("\n", "\r\n"));
const lf = (bytes: Buffer): string => bytes.toString("latin1").replaceAll("\r\n", "\n");

function plain(fields: string, body: string, at: Banner["at"], text = "CAREFUL"): string {
  return lf(bannered(crlf(`${fields}\n${body}`), at, { text }).after);
}

describe("a banner in plain text", () => {
  const fields =
    "From: a@b\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n";

  it("stands on lines of its own, at the top or the bottom, and no other byte changes", () => {
    expect(plain(fields, "one\ntwo \xe4\n", "top")).toBe(`${fields}\nCAREFUL\n\none\ntwo \xe4\n`);
    expect(plain(fields, "one\ntwo \xe4\n", "bottom")).toBe(`${fields}\none\ntwo \xe4\n\nCAREFUL\n`);
    expect(plain(fields, "one", "bottom")).toBe(`${fields}\none\n\nCAREFUL\n`);
    expect(plain(fields, "", "bottom")).toBe(`${fields}\n\nCAREFUL\n`);
  });

  it("is in the charset of the part", () => {
    expect(plain(fields, "\xe4\n", "top", "Außen")).toBe(`${fields}\nAu\xdfen\n\n\xe4\n`);
  });

  it("makes the part UTF-8 where its charset or its seven bits cannot carry it", () => {
    const anew =
      "From: a@b\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n";
    expect(plain(fields, "\xe4=\n", "top", "€")).toBe(`${anew}\n=E2=82=AC\n\n=C3=A4=3D\n`);
    expect(plain("From: a@b\nMIME-Version: 1.0\nContent-Type: text/plain\n", "a=b\n", "bottom", "ß")).toBe(
      `${anew}\na=3Db\n\n=C3=9F\n`,
    );
    expect(plain("From: a@b\n", "a\n", "top", "ß")).toBe(
      "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\nFrom: a@b\n\n=C3=9F\n\na\n",
    );
  });

  it("is quoted-printable in a part that is, whose other lines stay", () => {
    const quoted = fields.replace("8bit", "Quoted-Printable").replace("iso-8859-1", "utf-8");
    expect(plain(quoted, "one =\ntwo =C3=A4\n", "top", "ä=")).toBe(`${quoted}\n=C3=A4=3D\n\none =\ntwo =C3=A4\n`);
    expect(plain(quoted, "one =\ntwo", "bottom", "ä")).toBe(`${quoted}\none =\ntwo\n\n=C3=A4\n`);
  });

  it("is within the base64 of a part that is", () => {
    const encoded = fields.replace("8bit", "base64");
    const after = plain(encoded, `${Buffer.from("one\r\ntwo \xe4", "latin1").toString("base64")}\n`, "bottom", "ß");
    expect(after.startsWith(encoded)).toBe(true);
    expect(Buffer.from(after.slice(encoded.length), "base64").toString("latin1")).toBe(
      "one\r\ntwo \xe4\r\n\r\n\xdf\r\n",
    );
  });

  it("keeps format=flowed: no line of it flows, and a line that begins with a blank or > is stuffed", () => {
    const flowed = fields.replace("iso-8859-1", "iso-8859-1; format=flowed");
    expect(plain(flowed, "one \ntwo \n", "bottom", "> a \n b")).toBe(`${flowed}\none \ntwo \n\n > a\n  b\n`);
    expect(plain(flowed, "\xe4\n", "top", "€")).toContain("Content-Type: text/plain; charset=utf-8; format=flowed\n");
  });

  it("goes behind a byte order mark", () => {
    expect(plain(fields.replace("iso-8859-1", "utf-8"), "\xef\xbb\xbfone\n", "top")).toContain(
      "\n\xef\xbb\xbfCAREFUL\n\none\n",
    );
  });

  it("cannot be a delimiter or a file", () => {
    const mixed = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n";
    for (const text of ["--b", "x\n--b--\n", "begin 644 x.exe", "-- \nsignature"]) {
      const { parts } = outlined(bannered(crlf(mixed), "bottom", { text }).after);
      expect(parts.map(({ form }) => form)).toEqual(["mime"]);
    }
  });
});

describe("a banner in HTML", () => {
  const fields = "MIME-Version: 1.0\nContent-Type: text/html; charset=us-ascii\n";

  it("goes behind the body's tag or before its end, and no other byte changes", () => {
    const html = "<html><body lang=en>one</body></html>\n";
    expect(lf(bannered(crlf(`${fields}\n${html}`), "top").after)).toBe(
      `${fields}\n<html><body lang=en>\n<b>CAREFUL</b>\none</body></html>\n`,
    );
    expect(lf(bannered(crlf(`${fields}\n${html}`), "bottom").after)).toBe(
      `${fields}\n<html><body lang=en>one\n<b>CAREFUL</b>\n</body></html>\n`,
    );
  });

  it("is ASCII in every charset", () => {
    expect(lf(bannered(crlf(`${fields}\n<body>x`), "top", { html: "ä😀" }).after)).toBe(
      `${fields}\n<body>\n&#228;&#128512;\nx`,
    );
  });

  it("is put into quoted-printable in the middle of a line, whose blanks still count", () => {
    const quoted = `${fields}Content-Transfer-Encoding: quoted-printable\n`;
    expect(
      lf(bannered(crlf(`${quoted}\n<body class=3D"x">=20one </body>\n`), "top", { html: "<b a='b'>" }).after),
    ).toBe(`${quoted}\n<body class=3D"x">\n<b a=3D'b'>\n=20one </body>\n`);
    expect(lf(bannered(crlf(`${quoted}\n<body>one </body>\n`), "bottom", { html: "x" }).after)).toBe(
      `${quoted}\n<body>one =\n\nx\n</body>\n`,
    );
  });
});

describe("a message", () => {
  const alternative = (inside: string): string =>
    `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\nplain\n--a\nContent-Type: text/html\n\n<p>html\n--a--\n${inside}--m--\n`;

  it("has it in its first plain and its first HTML text, and in nothing else", () => {
    const inside =
      "--m\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nfile\n--m\nContent-Type: text/plain\n\nsecond\n--m\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: text/html\n\ninner\n";
    const { after, did } = bannered(crlf(alternative(inside)), "top");
    expect(lf(after)).toBe(
      alternative(inside).replace("\nplain", "\nCAREFUL\n\nplain").replace("<p>", "\n<b>CAREFUL</b>\n<p>"),
    );
    expect(did).toEqual([
      "banner put at the top of part 1 (text/plain)",
      "banner put at the top of part 2 (text/html)",
    ]);
  });

  it.each([
    ["a comment in its charset", "Content-Type: text/plain; charset=utf-8 (is it?)\n"],
    ["several charsets", "Content-Type: text/plain; charset=utf-8; charset=koi8-r\n"],
    ["a type that is none", "Content-Type: text\n"],
    ["several encodings that are none", "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: 8bit\n"],
  ])("cannot go without a banner of ASCII by %s", (_, fields) => {
    expect(lf(bannered(crlf(`${fields}\nx\xe4\n`), "top").after)).toBe(`${fields}\nCAREFUL\n\nx\xe4\n`);
  });

  it("that is a message inside a message only has none", () => {
    expect(bannered(crlf("Content-Type: message/rfc822\n\nSubject: inner\n\ntext\n"), "top").did).toEqual([]);
  });

  it.each([
    [
      "signed",
      "Content-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\ntext\n--c--\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n",
      "it is signed",
    ],
    ["encrypted", "Content-Type: multipart/encrypted; boundary=b\n\n--b\n\ntext\n--b--\n", "it is encrypted"],
    [
      "in a charset that is not known",
      "Content-Type: text/plain; charset=x-unknown\n\n\xe4\n",
      "its charset x-unknown cannot be read",
    ],
    ["with bytes that are not of its charset", "Content-Type: text/plain; charset=utf-8\n\nab\n\xff", null],
    [
      "in several charsets",
      "Content-Type: text/plain; charset=utf-8; charset=koi8-r\n\n\xe4\n",
      "its charset utf-8 or koi8-r cannot be read",
    ],
    [
      "in an encoding that is not known",
      "Content-Transfer-Encoding: x-uuencode\n\ntext\n",
      "its encoding is x-uuencode",
    ],
  ])("%s is not touched where that would break it, and it is said why", (_, message, why) => {
    const { after, did } = bannered(crlf(message), "top", { text: "ß" });
    if (why === null) return expect(did).toEqual(["banner put at the top of part 1 (text/plain)"]);
    expect(did).toEqual([expect.stringMatching(/^banner in part \d+ not possible: /)]);
    expect(did[0]).toContain(why);
    expect(after.equals(Buffer.from(crlf(message)))).toBe(true);
  });

  it(`whose text is larger than ${bannerPartBytesMax} bytes is not touched`, () => {
    const message = Buffer.alloc(bannerPartBytesMax + 3, "x");
    message.set([13, 10]);
    expect(bannered(message, "top").did).toEqual([expect.stringContaining("larger than")]);
  });
});
