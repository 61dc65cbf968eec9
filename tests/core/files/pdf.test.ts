import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { bytesOf, joined } from "./builders/bytes.ts";
import { portableExecutable } from "./type-samples.ts";

function pdf(...objects: (string | Uint8Array)[]): Uint8Array {
  const numbered = objects.map((object, index) => joined(`${index + 1} 0 obj\n`, object, "\nendobj\n"));
  return joined("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ...numbered, "trailer\n<</Root 1 0 R>>\n%%EOF\n");
}

function stream(dictionary: string, content: Uint8Array | string): Uint8Array {
  const body = joined(content);
  return joined(`<<${dictionary}/Length ${body.length}>>\nstream\r\n`, body, "\r\nendstream");
}

function packed(dictionary: string, content: Uint8Array | string): Uint8Array {
  return stream(`${dictionary}/Filter/FlateDecode`, Uint8Array.from(deflateSync(content)));
}

const script = "<</S/JavaScript/JS(app.alert\\(1\\))>>";

describe("a PDF", () => {
  it.each<[string, Uint8Array, string[]]>([
    ["has JavaScript", pdf("<</Type/Catalog>>", script), ["pdf-javascript"]],
    ["has JavaScript with escapes in the name", pdf("<</S/J#61vaScrip#74/J#53(x)>>"), ["pdf-javascript"]],
    [
      "has JavaScript in an object stream",
      pdf("<</Type/Catalog>>", packed("/Type/ObjStm/N 1/First 4", `2 0 ${script}`)),
      ["pdf-javascript"],
    ],
    [
      "has JavaScript in an object stream that is not packed",
      pdf(stream("/Type/ObjStm", `2 0 ${script}`)),
      ["pdf-javascript"],
    ],
    [
      "has JavaScript in an object stream that ends early",
      pdf(stream("/Type/ObjStm/Filter/FlateDecode", Uint8Array.from(deflateSync(script.repeat(500))).subarray(0, 60))),
      ["pdf-javascript"],
    ],
    ["has JavaScript in an object inside a stream", pdf(stream("", `9 0 obj ${script} endobj`)), ["pdf-javascript"]],
    ["has JavaScript behind an end that has no begin", pdf("endstream", script, stream("", "x")), ["pdf-javascript"]],
    ["starts a program", pdf("<</S/Launch/F(cmd.exe)>>"), ["pdf-launch"]],
    ["does something when it is opened", pdf("<</Type/Catalog/OpenAction 2 0 R>>"), ["pdf-open-action"]],
    ["does something with a page", pdf("<</Type/Page/AA<</O 2 0 R>>>>"), ["pdf-open-action"]],
    ["is encrypted", joined(pdf("<</Type/Catalog>>"), "trailer <</Encrypt 5 0 R>>"), ["encrypted"]],
    [
      "has an object stream that cannot be read",
      pdf(stream("/Type/ObjStm/Filter[/ASCII85Decode/FlateDecode]", "x")),
      ["archive-unread"],
    ],
    ["has nothing of it", pdf("<</Type/Catalog/Pages 2 0 R>>", packed("", "BT (text) Tj ET")), []],
    ["speaks of it in a text", pdf("<</Title(JavaScript and Launch and OpenAction)>>"), []],
    ["has names that begin alike", pdf("<</JavaScripting 1/Launcher 2/AAA 3/EncryptMetadata true>>"), []],
    ["has the letters in a packed page", pdf(stream("/Filter/FlateDecode", "\x78\x9c/JavaScript/Launch\x01")), []],
  ])("%s", (_, bytes, traits) => {
    expect(inspectBytes(bytes).traits).toEqual(traits);
  });
  it("has a file inside, which is an entry with the names of all such files", () => {
    const bytes = pdf(
      "<</Type/Catalog/Names<</EmbeddedFiles<</Names[(a) 2 0 R]>>>>>>",
      "<</Type/Filespec/F(evil.exe)/UF<FEFF0065007600690 06C002E006500780065>/EF<</F 3 0 R>>>>",
      packed("/Type/EmbeddedFile", portableExecutable()),
    );
    const { traits, entries } = inspectBytes(bytes);
    expect(traits).toEqual(["executable", "pdf-embedded-file"]);
    expect(entries).toMatchObject([{ names: ["evil.exe"], bytes: 512, depth: 1 }]);
  });
  it("is read where it begins behind other bytes", () => {
    expect(inspectBytes(joined("junk\n", pdf(script))).traits).toEqual(["pdf-javascript"]);
  });
  it("that consists of beginnings is read in its own size", () => {
    const bytes = bytesOf(
      `%PDF-1.4\n${"<</ObjStm>>stream\nendstream".repeat(20_000)}${"stream 1 0 obj ".repeat(50_000)}`,
    );
    expect(inspectBytes(bytes).detectedType).toBe("application/pdf");
  });
});
