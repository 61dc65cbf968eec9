import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addField, removeFields, replaceField, tagSubject } from "#core/message/rewrite/edit-header.ts";
import type { Rewrite } from "#core/message/rewrite/rewrite.ts";
import { awkwardText } from "../../../support/awkward-text.ts";
import { bytesOf } from "../../../support/chunk-invariance.ts";
import { inspectChunks } from "../../../support/inspected.ts";
import { edited, outlined } from "../../../support/outlined.ts";

type Header = ReturnType<typeof outlined>["header"];

/** The message, with LF written for CRLF, after the rewrites. */
function after(message: string, ...rewrites: ((header: Header) => Rewrite)[]): string {
  const bytes = bytesOf(message.replaceAll("\n", "\r\n"));
  const { header } = outlined(bytes);
  return edited(
    bytes,
    rewrites.flatMap((rewrite) => [...rewrite(header).edits]),
  )
    .toString("latin1")
    .replaceAll("\r\n", "\n");
}

const tag =
  (text: string) =>
  (header: Header): Rewrite =>
    tagSubject(header, text);

describe("a header field", () => {
  const message = "From: a@b\nX-One: 1\n  folded\nx-one : again\nTo: c@d\n\nX-One: of the body\n";

  it("is removed in every spelling, with its folds, and nothing else", () => {
    expect(after(message, (header) => removeFields(header, "X-One"))).toBe(
      "From: a@b\nTo: c@d\n\nX-One: of the body\n",
    );
  });

  it("is added at the top, or at the bottom", () => {
    expect(after(message, (header) => addField(header, "X-Two", "2"))).toBe(`X-Two: 2\n${message}`);
    expect(after(message, (header) => addField(header, "X-Two", "2", "bottom"))).toBe(
      message.replace("\n\n", "\nX-Two: 2\n\n"),
    );
  });

  it("is replaced where it stood first, or added where there is none", () => {
    expect(after(message, (header) => replaceField(header, "x-one", "new"))).toBe(
      "From: a@b\nX-One: new\nTo: c@d\n\nX-One: of the body\n",
    );
    expect(after(message, (header) => replaceField(header, "X-Two", "new"))).toBe(`X-Two: new\n${message}`);
  });

  it("says what was done", () => {
    const { header } = outlined(bytesOf(message.replaceAll("\n", "\r\n")));
    expect(removeFields(header, "X-One").did).toBe("2 × X-One removed");
    expect(removeFields(header, "X-None").did).toBe("no X-None to remove");
    expect(replaceField(header, "X-One", "").did).toBe("X-One replaced");
  });

  it("is one field whatever its value is, in lines of at most 998 bytes of ASCII, and reads as the value (property)", async () => {
    const value = fc.oneof(awkwardText(), fc.string({ maxLength: 1_000 }));
    const nasty = fc.constantFrom(
      "\r\n\r\nbody",
      "\r\nBcc: x@y",
      "\n",
      "\0",
      "=?utf-8?Q?x?=",
      "x".repeat(1200),
      "ß",
      "\u2028",
      " ",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(value, nasty), { maxLength: 5 }), async (pieces) => {
        const text = pieces.join("");
        const written = after("From: a@b\n\nbody\n", (header) => addField(header, "X-New", text));
        expect(written.endsWith("\nFrom: a@b\n\nbody\n")).toBe(true);
        const field = written.slice(0, -"From: a@b\n\nbody\n".length);
        expect(field).toMatch(/^X-New:[ -~\n]*\n$/);
        expect(field.split("\n").every((line) => line.length <= 998)).toBe(true);
        const { lines } = inspectChunks([bytesOf(written.replaceAll("\n", "\r\n"))]);
        expect(lines.map(([name]) => name)).toEqual(["X-New", "From", ""]);
        const clean = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
        if (clean.length <= 2_000) expect(lines[0]?.[1]?.[0]).toBe(clean.toWellFormed());
      }),
    );
  });
});

describe("a subject", () => {
  it.each([
    ["plain", "Subject: hello\n\n", "Subject: [TAG] hello\n\n"],
    ["without a blank", "Subject:hello\n\n", "Subject: [TAG] hello\n\n"],
    ["empty", "Subject:\n\n", "Subject: [TAG]\n\n"],
    ["of blanks", "Subject:  \n\n", "Subject: [TAG]  \n\n"],
    ["folded at once", "Subject:\n hello\n\n", "Subject: [TAG]\n hello\n\n"],
    ["of a reply", "SUBJECT: Re: hello\n\n", "SUBJECT: [TAG] Re: hello\n\n"],
    ["with blanks before the colon", "Subject : a\n\tb\n\n", "Subject: [TAG] a\n\tb\n\n"],
    [
      "encoded",
      "Subject: =?utf-8?Q?=C3=A4?=\n =?utf-8?Q?b?=\n\n",
      "Subject: [TAG] =?utf-8?Q?=C3=A4?=\n =?utf-8?Q?b?=\n\n",
    ],
    ["with raw 8-bit bytes", "Subject: \xe4\xff\n\n", "Subject: [TAG] \xe4\xff\n\n"],
    ["missing", "From: a@b\n\n", "Subject: [TAG]\nFrom: a@b\n\n"],
    ["twice there", "Subject: a\nX: y\nSubject: b\n\n", "Subject: [TAG] a\nX: y\nSubject: [TAG] b\n\n"],
  ])("%s, is tagged, and no byte of it changes", (_, message, wanted) => {
    expect(after(message, tag("[TAG]"))).toBe(wanted);
  });

  it("that has the tag already, itself, encoded or behind a reply's prefix, stays as it is", () => {
    for (const subject of ["[TAG] x", "=?utf-8?B?W1RBR10geA==?=", "Re: AW[2]: [TAG] x", "[TAG]", "\n [TAG] x"]) {
      const message = `Subject: ${subject}\n\n`;
      expect(after(message, tag("[TAG]"))).toBe(message);
    }
    expect(after("Subject: Re: Re: Re: Re: [TAG] x\n\n", tag("[TAG]"))).toBe(
      "Subject: [TAG] Re: Re: Re: Re: [TAG] x\n\n",
    );
    expect(after("Subject: about [TAG]\n\n", tag("[TAG]"))).toBe("Subject: [TAG] about [TAG]\n\n");
  });

  it("gets several tags, each once, in their order", () => {
    expect(after("Subject: x\n\n", tag("[A]"), tag("[B]"))).toBe("Subject: [A] [B] x\n\n");
  });

  it("is folded behind the tag where the line would become too long", () => {
    const long = "x".repeat(70);
    expect(after(`Subject: ${long}\n\n`, tag("[TAG]"))).toBe(`Subject: [TAG]\n ${long}\n\n`);
    expect(after(`Subject:${long}\n\n`, tag("[TAG]"))).toBe(`Subject: [TAG]\n ${long}\n\n`);
  });

  it("cannot be made more than one field by a tag", () => {
    expect(after("Subject: x\n\n", tag("[T]\r\nBcc: a@b"))).toBe("Subject: [T] Bcc: a@b x\n\n");
    expect(after("Subject: x\n\n", tag("\r\n"))).toBe("Subject: x\n\n");
  });
});
