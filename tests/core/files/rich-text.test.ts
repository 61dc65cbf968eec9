import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { bytesOf, joined, le32 } from "./builders/bytes.ts";
import { compoundFile, macroProject, packagedFile } from "./builders/compound-file.ts";
import { portableExecutable } from "./type-samples.ts";

/** An OLE 1 object ([MS-OLEDS] §2.2.5). */
function oleObject(className: string, content: Uint8Array): Uint8Array {
  return joined(le32(0x501, 2, className.length + 1), `${className}\0`, le32(0, 0, content.length), content);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

const packaged = oleObject("Package", packagedFile("evil.exe", portableExecutable()).subarray(4));
const digits = hex(packaged);

function rtf(text: string): Uint8Array {
  return bytesOf(`{\\rtf1\\ansi hello ${text}}`);
}

describe("an object in rich text is found", () => {
  it.each([
    ["plainly", `{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata ${digits}}}`],
    ["in lines", `{\\object{\\*\\objdata ${digits.replace(/.{64}/g, "$&\r\n")}}}`],
    ["in upper case and with blanks", `{\\object{\\*\\objdata ${digits.toUpperCase().replace(/../g, "$& ")}}}`],
    ["with control words in it", `{\\object{\\*\\objdata ${digits.slice(0, 9)}\\par\\b0 ${digits.slice(9)}}}`],
    ["with groups in it", `{\\object{\\*\\objdata ${digits.slice(0, 10)}{\\*\\x abcdef}${digits.slice(10)}}}`],
    ["without its group", `\\objdata ${digits}`],
    ["in a file that ends early", `{\\object{\\*\\objdata ${digits}`],
    ["as raw bytes", `{\\object{\\*\\objdata\\bin${packaged.length} ${Buffer.from(packaged).toString("latin1")}}}`],
  ])("%s", (_, text) => {
    const { entries, traits, detectedType } = inspectBytes(rtf(text));
    expect(detectedType).toBe("application/rtf");
    expect(traits).toEqual(["executable", "embedded-object"]);
    expect(entries[0]?.names).toContain("evil.exe");
  });
  it("and looked into when it is a document", () => {
    const document = compoundFile([{ name: "Macros", items: macroProject("Sub AutoOpen()") }]);
    const text = `{\\object\\objupdate{\\*\\objdata ${hex(oleObject("Word.Document.8", document))}}}`;
    expect(inspectBytes(rtf(text)).traits).toEqual(["macros", "auto-macros", "embedded-object"]);
  });
});

describe("rich text", () => {
  it.each([
    ["loads a template", "{\\*\\template http://example.com/a.dotm}", ["external-template"]],
    ["starts a program by a field", '{\\field{\\*\\fldinst {DDEAUTO c:\\\\\\\\cmd.exe "x"}}}', ["dde"]],
    ["has a template of its own", "{\\*\\template Normal.dotm}", []],
    ["has a link", '{\\field{\\*\\fldinst {HYPERLINK "http://example.com/"}}}', []],
    ["speaks of objects", "an object, objdata 0105, DDEAUTO", []],
  ])("%s", (_, text, traits) => {
    expect(inspectBytes(rtf(text)).traits).toEqual(traits);
  });
});
