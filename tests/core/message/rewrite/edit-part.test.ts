import { describe, expect, it } from "vitest";
import type { Part } from "#core/message/part.ts";
import { editableAround, fieldsEditedMax, lockPart, replacePart, stripPart } from "#core/message/rewrite/edit-part.ts";
import { replacementBytesMax } from "#core/message/rewrite/part-content.ts";
import { bytesOf } from "../../../support/chunk-invariance.ts";
import { edited, outlined } from "../../../support/outlined.ts";

const crlf = (text: string): Uint8Array => bytesOf(text.replaceAll("\n", "\r\n"));

/** The message with the part of that number stripped, LF for CRLF. */
function stripped(message: string, number: number, notice = "gone"): string {
  const bytes = crlf(message);
  const { parts } = outlined(bytes);
  const part = partOf(parts, number);
  const around = parts.findLast((one) => one.form === "mime" && one.number < number) ?? null;
  return edited(bytes, stripPart(part, notice, around).edits)
    .toString("latin1")
    .replaceAll("\r\n", "\n");
}

function partOf(parts: readonly Part[], number: number): Part {
  const part = parts[number - 1];
  if (part === undefined) throw new Error(`there are ${parts.length} parts`);
  return part;
}

const noticeHead =
  "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\nContent-Disposition: inline\n";
const mixed = 'From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\npreamble\n';

describe("a part that is taken out", () => {
  it("leaves a notice in its place, and its header lines that say nothing of its body", () => {
    const message = `${mixed}--b\nX-Id: 1\nContent-Type: application/x-evil;\n name="x.exe"\nContent-ID: <1@b>\ncontent-disposition: attachment\nContent-Transfer-Encoding: base64\nContent-Transfer-Encoding: base64\n\nTVqQ\n--b\n\nother\n--b--\nepilogue\n`;
    expect(stripped(message, 1)).toBe(
      `${mixed}--b\nX-Id: 1\n${noticeHead}Content-ID: <1@b>\n\ngone\n\n--b\n\nother\n--b--\nepilogue\n`,
    );
  });

  it("may be a message's own body: the rest of its header stays, and says MIME if it did not", () => {
    expect(stripped("From: a@b\nContent-Type: application/x-evil\nSubject: s\n\nMZ\n", 1)).toBe(
      `From: a@b\nMIME-Version: 1.0\n${noticeHead}Subject: s\n\ngone\n`,
    );
    expect(stripped("From: a@b\nMIME-Version: 1.0\n\nbegin\n", 1)).toBe(
      `${noticeHead}From: a@b\nMIME-Version: 1.0\n\ngone\n`,
    );
  });

  it("may be the body of a message inside the message, whose own header stays", () => {
    const message = `${mixed}--b\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: application/x-evil\n\nMZ\n--b--\n`;
    expect(stripped(message, 2)).toBe(
      `${mixed}--b\nContent-Type: message/rfc822\n\nSubject: inner\n${noticeHead}\ngone\n\n--b--\n`,
    );
  });

  it("may be a message inside the message as a whole, and then nothing of it is left, whatever else was stripped in it", () => {
    const message = `${mixed}--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nMZ\n--b--\n`;
    const bytes = crlf(message);
    const { parts } = outlined(bytes);
    const edits = [partOf(parts, 2), partOf(parts, 1)].flatMap((part) => [...stripPart(part, "gone").edits]);
    expect(edited(bytes, edits).toString().replaceAll("\r\n", "\n")).toBe(
      `${mixed}--b\n${noticeHead}\ngone\n\n--b--\n`,
    );
  });

  it(`with more than ${fieldsEditedMax} fields that say how it is read loses its whole header`, () => {
    const message = `${mixed}--b\nX-Id: 1\n${"Content-Type: application/x-evil\n".repeat(fieldsEditedMax + 1)}\nMZ\n--b--\n`;
    expect(stripped(message, 1)).toBe(`${mixed}--b\n${noticeHead}\ngone\n\n--b--\n`);
  });

  it("may be cut off by the end of the message", () => {
    expect(stripped("Content-Type: application/x-evil", 1)).toBe(`MIME-Version: 1.0\n${noticeHead}\n\ngone\n`);
  });

  it("may be a uuencoded file inside a text: its lines give way to the notice's, the text stays", () => {
    const message = "Subject: s\n\nbefore\nbegin 644 x.exe\nMZ\nend\nafter\n";
    expect(stripped(message, 2, "gone ä")).toBe("Subject: s\n\nbefore\ngone a\nafter\n");
    const eight = `Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n${message}`;
    expect(stripped(eight, 2, "gone ä")).toContain("before\ngone \xe4\nafter\n");
    const quoted = `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n${message}`;
    expect(stripped(quoted, 2, "gone ä=")).toContain("before\ngone =C3=A4=3D\nafter\n");
  });

  it("inside an encoded message is taken out with the encoded part around it", () => {
    const inner = Buffer.from("Subject: inner\r\nContent-Type: application/x-evil\r\n\r\nMZ\r\n").toString("base64");
    const message = crlf(
      `${mixed}--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${inner}\n--b--\n`,
    );
    const { parts } = outlined(message);
    const part = partOf(parts, 2);
    expect(stripPart(part, "gone")).toEqual({
      edits: [],
      did: "replacing part 2 not possible: it is inside an encoded part",
    });
    const around = editableAround(part, parts);
    expect(around).toBe(parts[0]);
    const after = edited(message, around === null ? [] : stripPart(around, "gone").edits).toString();
    expect(after).not.toContain(inner);
  });

  it("is told as what was done", () => {
    const { parts } = outlined(crlf(`${mixed}--b\n\nx\n--b--\n`));
    const part = partOf(parts, 1);
    expect(stripPart(part, "gone").did).toBe("part 1 taken out, a notice stands in its place");
    expect(lockPart(part, "gone", "Q1").did).toBe(
      "part 1 taken out, a notice stands in its place, kept in quarantine as Q1",
    );
    const file = { fileName: "a.txt", contentType: "text/plain", bytes: bytesOf("abc") };
    expect(replacePart(part, file).did).toBe("part 1 replaced by 3 bytes of text/plain");
  });
});

describe("a replacement", () => {
  it(`emits an error if a replacement is larger than ${replacementBytesMax} bytes`, () => {
    const part = partOf(outlined(crlf(`${mixed}--b\n\nx\n--b--\n`)).parts, 1);
    const file = { fileName: "a", contentType: "a/b", bytes: new Uint8Array(replacementBytesMax + 1) };
    expect(() => replacePart(part, file)).toThrow(RangeError);
  });
});
