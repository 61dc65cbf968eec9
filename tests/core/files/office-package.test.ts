import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { compoundFile, macroProject, packagedFile } from "./builders/compound-file.ts";
import { type ZipItem, zip } from "./builders/zip.ts";
import { portableExecutable } from "./type-samples.ts";

const mainPart = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

function contentTypes(type: string): ZipItem {
  const content = `<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="${type}"/></Types>`;
  return { name: "[Content_Types].xml", content };
}

function docx(parts: readonly ZipItem[] = [], type = mainPart): Uint8Array {
  return zip([contentTypes(type), { name: "word/document.xml", content: "<w:document/>" }, ...parts]);
}

function xlsx(...parts: ZipItem[]): Uint8Array {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
  return zip([contentTypes(type), { name: "xl/workbook.xml", content: "<workbook/>" }, ...parts]);
}

function relationship(type: string, target: string, mode = ' TargetMode="External"'): ZipItem {
  const address = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}`;
  const content = `<Relationships><Relationship Id="r1" Type="${address}" Target="${target}"${mode}/></Relationships>`;
  return { name: "word/_rels/settings.xml.rels", content };
}

function field(xml: string): ZipItem {
  return { name: "word/document.xml", content: `<w:document><w:body>${xml}</w:body></w:document>` };
}

describe("a zip is an office document by what it says that it is", () => {
  it.each<[string, Uint8Array, string]>([
    ["Word", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    [
      "Word with macros",
      docx([], "application/vnd.ms-word.document.macroEnabled.main+xml"),
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ],
    ["Excel", xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    [
      "Word in spite of its folders",
      zip([contentTypes(mainPart), { name: "xl/x.xml" }]),
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ],
    ["of no known kind", zip([{ name: "[Content_Types].xml", content: "<Types/>" }]), "application/x-ooxml"],
    [
      "OpenDocument",
      zip([{ name: "mimetype", store: true, content: "application/vnd.oasis.opendocument.text" }]),
      "application/vnd.oasis.opendocument.text",
    ],
    [
      "OpenDocument of another kind",
      zip([{ name: "mimetype", store: true, content: "application/vnd.oasis.opendocument.chart" }]),
      "application/x-opendocument",
    ],
    ["a book", zip([{ name: "mimetype", store: true, content: "application/epub+zip" }]), "application/epub+zip"],
    [
      "a program of Java",
      zip([{ name: "META-INF/MANIFEST.MF", content: "x" }, { name: "a.class" }]),
      "application/java-archive",
    ],
    [
      "a program of Android",
      zip([{ name: "classes.dex" }, { name: "AndroidManifest.xml", content: "x" }]),
      "application/vnd.android.package-archive",
    ],
    ["a zip with a word folder", zip([{ name: "word/a.txt", content: "x" }]), "application/zip"],
  ])("%s", (_, bytes, type) => {
    expect(inspectBytes(bytes).detectedType).toBe(type);
  });
});

describe("an office package", () => {
  it("is not an archive, and its parts are listed", () => {
    const { family, traits, entries } = inspectBytes(docx());
    expect({ family, traits }).toEqual({ family: "document", traits: [] });
    expect(entries.map(({ names }) => names[0])).toEqual(["[Content_Types].xml", "word/document.xml"]);
  });
  it.each<[string, Uint8Array, string[]]>([
    [
      "has macros by its project",
      docx([{ name: "word/vbaProject.bin", content: compoundFile([{ name: "VBA", items: macroProject("x = 1") }]) }]),
      ["macros"],
    ],
    [
      "has macros that run by themselves",
      docx([
        {
          name: "word/vbaProject.bin",
          content: compoundFile([{ name: "VBA", items: macroProject("Sub Document_Open()") }]),
        },
      ]),
      ["macros", "auto-macros"],
    ],
    [
      "has macros under another name",
      docx([{ name: "word/media/a.bin", content: compoundFile([{ name: "VBA", items: macroProject("x") }]) }]),
      ["macros"],
    ],
    ["has macros by a name alone", docx([{ name: "word/vbaProject.bin", content: "x" }]), ["macros"]],
    ["has a macro sheet", xlsx({ name: "xl/macrosheets/sheet1.xml", content: "<x/>" }), ["macros"]],
    [
      "has a macro sheet that runs by itself",
      xlsx(
        { name: "xl/macrosheets/sheet1.xml", content: "<x/>" },
        {
          name: "xl/Workbook.xml",
          content:
            '<definedNames><definedName function="1" name="_xlnm.Auto_Open" hidden="1">M!A1</definedName></definedNames>',
        },
      ),
      ["macros", "auto-macros", "archive-disagreement"],
    ],
    [
      "has an object",
      docx([
        {
          name: "word/embeddings/oleObject1.bin",
          content: compoundFile([{ name: "\x01Ole10Native", content: packagedFile("evil.exe", portableExecutable()) }]),
        },
      ]),
      ["executable", "embedded-object"],
    ],
    ["has a control", docx([{ name: "word/activeX/activeX1.xml", content: "<x/>" }]), ["embedded-object"]],
    ["loads a template", docx([relationship("attachedTemplate", "http://example.com/a.dotm")]), ["external-template"]],
    ["loads a linked object", docx([relationship("oleObject", "http://example.com/a.rtf")]), ["external-template"]],
    [
      "starts a program by a field",
      docx([field('<w:instrText xml:space="preserve"> DDEAUTO cmd "/k" </w:instrText>')]),
      ["archive-disagreement", "dde"],
    ],
    [
      "starts a program by a field in pieces",
      docx([field("<w:instrText>D</w:instrText><w:r/><w:instrText>DE cmd</w:instrText>")]),
      ["archive-disagreement", "dde"],
    ],
    [
      "starts a program by a simple field",
      docx([field('<w:fldSimple w:instr="DDEAUTO cmd"/>')]),
      ["archive-disagreement", "dde"],
    ],
    [
      "starts a program by a link",
      xlsx({
        name: "xl/externalLinks/externalLink1.xml",
        content: '<externalLink><ddeLink ddeService="cmd"/></externalLink>',
      }),
      ["dde"],
    ],
    ["links a page", docx([relationship("hyperlink", "http://example.com/")]), []],
    ["has a template of its own", docx([relationship("attachedTemplate", "a.dotm", "")]), []],
    [
      "links a workbook",
      xlsx({ name: "xl/externalLinks/externalLink1.xml", content: "<externalLink><externalBook/></externalLink>" }),
      [],
    ],
  ])("%s", (_, bytes, traits) => {
    const found = inspectBytes(bytes).traits.filter((trait) => trait !== "archive-disagreement");
    expect(found).toEqual(traits.filter((trait) => trait !== "archive-disagreement"));
  });
  it("of OpenDocument has macros, and is encrypted by its manifest", () => {
    const mimetype = { name: "mimetype", store: true, content: "application/vnd.oasis.opendocument.text" };
    const macros = zip([mimetype, { name: "Basic/Standard/Module1.xml", content: "<x/>" }]);
    expect(inspectBytes(macros).traits).toEqual(["macros"]);
    const sealed = zip([mimetype, { name: "META-INF/manifest.xml", content: "<manifest:encryption-data x='y'>" }]);
    expect(inspectBytes(sealed).traits).toEqual(["encrypted"]);
    const plain = zip([mimetype, { name: "META-INF/manifest.xml", content: "<manifest:file-entry/>" }]);
    expect(inspectBytes(plain).traits).toEqual([]);
  });
});
