import fc from "fast-check";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { bannerParts } from "#core/message/rewrite/banner-parts.ts";
import { type Banner, insertBanner } from "#core/message/rewrite/edit-banner.ts";
import { tagSubject } from "#core/message/rewrite/edit-header.ts";
import { bytesOf } from "../../../support/chunk-invariance.ts";
import { bodyOf, edited, outlined } from "../../../support/outlined.ts";

const crlf = (text: string): Uint8Array => bytesOf(text.replaceAll("\n", "\r\n"));

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

function tagged(message: string, tag: string): string {
  const bytes = crlf(message);
  return edited(bytes, tagSubject(outlined(bytes).header, tag).edits)
    .toString("latin1")
    .replaceAll("\r\n", "\n");
}

async function subjectOf(message: string): Promise<string> {
  return (await PostalMime.parse(message.replaceAll("\n", "\r\n"))).subject ?? "";
}

describe("a subject", () => {
  it("shows the tag with one blank behind it, in ASCII or not, before a subject that is encoded or not", async () => {
    for (const text of ["[TAG]", "[Außen]", "[=?x?=]", "【外部】", `[${"ä".repeat(60)}]`]) {
      for (const subject of ["hello", "=?utf-8?Q?=C3=A4?=", "=?iso-8859-1?Q?=E4?= b", `${"y".repeat(80)} z`, ""]) {
        const before = await subjectOf(`Subject: ${subject}\n\n`);
        const message = tagged(`Subject: ${subject}\n\n`, text);
        expect(await subjectOf(message)).toBe(`${text} ${before}`.trim());
        expect(tagged(message, text)).toBe(message);
      }
    }
  });
});

describe("a banner", () => {
  it("in UTF-16 makes the part UTF-8", async () => {
    const head = crlf(
      "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-16le\nContent-Transfer-Encoding: base64\n\n",
    );
    const body = Buffer.from("<body>grün</body>", "utf16le").toString("base64");
    const { after, did } = bannered(Buffer.concat([head, bytesOf(body)]), "top");
    expect(did).toEqual(["banner put at the top of part 1 (text/html), which is UTF-8 now"]);
    expect((await PostalMime.parse(after)).html?.trim()).toBe("<body>\r\n<b>CAREFUL</b>\r\ngrün</body>");
  });
  it("is read with the text of the part, in any charset and encoding (property)", async () => {
    const charset = fc.constantFrom("utf-8", "iso-8859-1", "windows-1252", "us-ascii", "utf-16le");
    const encoding = fc.constantFrom("8bit", "quoted-printable", "base64");
    const words = fc.array(
      fc.constantFrom(
        "word",
        "line\r\n",
        " ",
        "=",
        "ä",
        "=3D",
        "--b",
        "<body>",
        "</body>",
        "<!-- x -->",
        "a".repeat(80),
      ),
      { maxLength: 20 },
    );
    const banner = fc.constantFrom("plain", "ünïcode", "漢字 € and more", "two\nlines", "=41");
    await fc.assert(
      fc.asyncProperty(
        charset,
        encoding,
        words,
        banner,
        fc.constantFrom("top" as const, "bottom" as const),
        fc.boolean(),
        async (name, how, pieces, text, at, isHtml) => {
          const isAscii = name === "us-ascii";
          const body = pieces
            .filter((piece) => !(isAscii && piece === "ä"))
            .join("")
            .trim();
          const raw = Buffer.from(body, name === "utf-16le" ? "utf16le" : name === "utf-8" ? "utf8" : "latin1");
          if (name === "utf-16le" && how === "8bit") return;
          const quoted = [...raw]
            .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`)
            .join("")
            .replace(/.{72}/g, "$&=\r\n");
          const written =
            how === "base64" ? Buffer.from(raw.toString("base64")) : how === "8bit" ? raw : Buffer.from(quoted);
          const head = `MIME-Version: 1.0\r\nContent-Type: text/${isHtml ? "html" : "plain"}; charset=${name}\r\nContent-Transfer-Encoding: ${how}\r\n\r\n`;
          const message = Buffer.concat([Buffer.from(head), written]);
          const { after, did } = bannered(message, at, { text, html: text });
          expect(did[0]).not.toContain("not possible");
          const parsed = await PostalMime.parse(after);
          const bare = (shown: string): string =>
            shown.replace(/\s+/g, "").replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
          const shown = bare((isHtml ? parsed.html : parsed.text) ?? "");
          const inserted = bare(text);
          if (!isHtml) expect(shown).toBe(at === "top" ? inserted + bare(body) : bare(body) + inserted);
          else {
            expect(shown).toContain(inserted);
            expect(shown.length).toBe(inserted.length + bare(body).length);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
