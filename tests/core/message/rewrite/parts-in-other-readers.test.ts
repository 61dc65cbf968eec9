import fc from "fast-check";
import { simpleParser } from "mailparser";
import { describe, expect, it } from "vitest";
import type { Part } from "#core/message/part.ts";
import { replacePart, stripPart } from "#core/message/rewrite/edit-part.ts";
import { bytesOf } from "../../../support/chunk-invariance.ts";
import { madeMessage } from "../../../support/mime-tree.ts";
import { edited, outlined } from "../../../support/outlined.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

const crlf = (text: string): Uint8Array => bytesOf(text.replaceAll("\n", "\r\n"));
const mixed = 'From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\npreamble\n';

function partOf(parts: readonly Part[], number: number): Part {
  const part = parts[number - 1];
  if (part === undefined) throw new Error(`there are ${parts.length} parts`);
  return part;
}

/** What a reader of mail that is not ours finds: its text, and its files with those of messages inside. */
async function read(message: Uint8Array): Promise<{ text: string; files: Map<string, Buffer> }> {
  const files = new Map<string, Buffer>();
  let text = "";
  const look = async (bytes: Uint8Array): Promise<void> => {
    const parsed = await simpleParser(Buffer.from(bytes), { skipTextToHtml: true, skipImageLinks: true });
    text += parsed.text ?? "";
    for (const { filename, contentType, content } of parsed.attachments) {
      if (contentType === "message/rfc822") await look(content);
      else files.set(filename ?? "", content);
    }
  };
  await look(message);
  return { text, files };
}

describe("a part that was taken out", () => {
  it.each([
    ["that a delimiter ends at once", "--b\nContent-Type: application/x-evil\n--b--\n"],
    ["with other lines that a delimiter ends at once", "--b\nContent-Type: application/x-evil\nX-Last: y\n--b--\n"],
    ["without any line", "--b\n--b--\n"],
    ["with an empty body", "--b\nContent-Type: application/x-evil\n\n--b--\n"],
  ])("may have a header %s, all of which goes", async (_, rest) => {
    const message = crlf(`${mixed}${rest}`);
    const part = partOf(outlined(message).parts, 1);
    const after = edited(message, stripPart(part, "the notice").edits);
    expect(after.toString()).toContain("\r\n\r\nthe notice\r\n");
    const { text, files } = await read(after);
    expect(text.trim()).toBe("the notice");
    expect(files.size).toBe(0);
  });
});

describe("another reader of mail, in random messages", () => {
  it("finds the notice for the part, the other files as they were, and every byte around it too (property)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (seed, choice) => {
        const { bytes, leaves } = madeMessage(seededRandom(seed));
        const { parts } = outlined(bytes);
        const before = await read(bytes);
        expect([...before.files.keys()].toSorted()).toEqual(leaves.map(({ name }) => name).toSorted());
        const targets = parts.filter(({ fileNames }) => fileNames.length > 0);
        const target = targets[choice % targets.length];
        if (target === undefined || target.place === null) return;
        const after = edited(bytes, stripPart(target, "NOTICE ä").edits);
        const { headerStart, bodyEnd } = target.place;
        expect(after.subarray(0, headerStart).equals(bytes.subarray(0, headerStart))).toBe(true);
        const tail = bytes.length - bodyEnd;
        expect(after.subarray(after.length - tail).equals(bytes.subarray(bodyEnd))).toBe(true);
        const found = await read(after);
        expect(found.text).toContain("NOTICE ä");
        const [name = ""] = target.fileNames;
        expect(found.files.has(name)).toBe(false);
        for (const leaf of leaves)
          if (leaf.name !== name) expect(found.files.get(leaf.name)?.equals(leaf.content)).toBe(true);
        expect(outlined(after).parts.length).toBe(parts.length);
      }),
      { numRuns: 60 },
    );
  });

  it("finds a replacement by its name, type and bytes (property)", async () => {
    const name = fc.oneof(fc.constantFrom("a.txt", 'q"uo\\te.txt', "Grüße.txt", `${"ü".repeat(150)}.txt`, "漢字.pdf"));
    await fc.assert(
      fc.asyncProperty(fc.nat(), name, fc.uint8Array({ maxLength: 500 }), async (seed, fileName, content) => {
        const { bytes, leaves } = madeMessage(seededRandom(seed));
        const { parts } = outlined(bytes);
        const target = parts.find(({ fileNames }) => fileNames.length > 0);
        if (target === undefined) return;
        const replacement = { fileName, contentType: "application/pdf", bytes: content };
        const found = await read(edited(bytes, replacePart(target, replacement).edits));
        expect(found.files.get(fileName.replaceAll("\\", "_"))?.equals(Buffer.from(content))).toBe(true);
        expect(found.files.size).toBe(leaves.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe("what is inserted", () => {
  it("can be no header line, delimiter, dot or file of its own, whatever it says (property)", async () => {
    const nasty = fc.constantFrom(
      "--b",
      "--b--",
      "\r\n--b--\r\n",
      "\n",
      "begin 644 x.exe",
      "=ybegin line=1 name=x",
      "(This file must be converted with BinHex 4.0)",
      "From a",
      "ä",
      "\0",
      "\r\n\r\n",
      "Content-Type: x/y",
      " ",
      "-",
      "x".repeat(300),
      "\u2028--b",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(nasty, { maxLength: 12 }), fc.boolean(), async (pieces, broken) => {
        const message = crlf(
          `${mixed}--b\nContent-Type: application/x-evil\n\nMZ\n--b\nContent-Disposition: attachment; filename=other\n\nother\n--b--\n`,
        );
        const part = partOf(outlined(message).parts, 1);
        const after = edited(message, stripPart(part, pieces.join(broken ? "\r\n" : "")).edits);
        const { parts } = outlined(after);
        expect(parts.map(({ form, contentTypes }) => [form, ...contentTypes])).toEqual([
          ["mime", "text/plain"],
          ["mime", "text/plain"],
        ]);
        expect((await read(after)).files.get("other")?.toString().trim()).toBe("other");
        for (const line of after.toString("latin1").split("\r\n")) expect(line).toMatch(/^[\t -~]{0,900}$/);
      }),
    );
  });

  it("as a file name or type can be no header line either (property)", async () => {
    const name = fc.array(
      fc.constantFrom('"', "\\", "\r\n", ";", "filename=evil.exe", "ä", "\u202e", "/", "..", "\0", " ", "x".repeat(80)),
      { maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(name, async (pieces) => {
        const message = crlf(`${mixed}--b\nContent-Type: application/x-evil\n\nMZ\n--b--\n`);
        const part = partOf(outlined(message).parts, 1);
        const after = edited(
          message,
          replacePart(part, { fileName: pieces.join(""), contentType: "a/b", bytes: bytesOf("x") }).edits,
        );
        const { files } = await read(after);
        expect([...files.values()].map(String)).toEqual(["x"]);
        expect([...files.keys()][0]).not.toMatch(/[\r\n\0/\u202e]/);
        expect(after.toString("latin1").split("\r\n\r\n").length).toBe(4);
      }),
      { numRuns: 50 },
    );
    const part = partOf(outlined(crlf(`${mixed}--b\n\nx\n--b--\n`)).parts, 1);
    expect(() => replacePart(part, { fileName: "a", contentType: "a/b\r\nX: y", bytes: bytesOf("") })).toThrow(
      "no media type",
    );
  });
});
