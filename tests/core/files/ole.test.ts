import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { compoundEntriesMax } from "#core/files/office/compound-file.ts";
import { joined, le16, le32 } from "./builders/bytes.ts";
import { type CompoundItem, compoundFile, macroProject, packagedFile } from "./builders/compound-file.ts";
import { portableExecutable } from "./type-samples.ts";

const programType = "application/vnd.microsoft.portable-executable";

/** The stream of a Word document: its identifier, its flags, and text. */
function wordStream(flags = 0, text = ""): Uint8Array {
  return joined(le16(0xa5ec, 0xc1, 0, 0, 0, flags), "\0".repeat(5_000), text);
}

function word(items: readonly CompoundItem[] = [], flags = 0, text = ""): Uint8Array {
  return compoundFile([{ name: "WordDocument", content: wordStream(flags, text) }, ...items]);
}

function excel(...records: [kind: number, body: Uint8Array | string][]): Uint8Array {
  const written = records.map(([kind, body]) => joined(le16(kind, joined(body).length), body));
  return compoundFile([
    { name: "Workbook", content: joined("\x09\x08\x10\0\0\x06\x05\0", "\0".repeat(12), ...written) },
  ]);
}

const sheet: [number, Uint8Array] = [0x85, joined(le32(0), "\0\0\x06\0Sheet1")];
const macroSheet: [number, Uint8Array] = [0x85, joined(le32(0), "\x02\x01\x06\0Macro1")];

describe("an OLE file is told apart by what it holds", () => {
  it.each<[string, CompoundItem[], string]>([
    ["Word", [{ name: "WordDocument", content: wordStream() }], "application/msword"],
    ["Excel", [{ name: "Workbook", content: "x" }], "application/vnd.ms-excel"],
    ["PowerPoint", [{ name: "PowerPoint Document", content: "x" }], "application/vnd.ms-powerpoint"],
    ["Visio", [{ name: "VisioDocument", content: "x" }], "application/vnd.visio"],
    ["Outlook", [{ name: "__properties_version1.0", content: "x" }], "application/vnd.ms-outlook"],
    ["an encrypted package", [{ name: "EncryptedPackage", content: "x" }], "application/x-office-encrypted"],
    ["none of them", [{ name: "Something", content: "x" }], "application/x-ole-storage"],
  ])("%s", (_, items, type) => {
    const others = ["a", "b", "c", "d", "e"].map((name) => ({ name, content: "y" }));
    expect(inspectBytes(compoundFile([...others, ...items])).detectedType).toBe(type);
  });
  it("an installer by its class", () => {
    const { detectedType, traits } = inspectBytes(compoundFile([], "\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"));
    expect(detectedType).toBe("application/x-msi");
    expect(traits).toEqual(["executable"]);
  });
});

describe("a document has macros", () => {
  it.each<[string, Uint8Array, string[]]>([
    ["in Word", word([{ name: "Macros", items: macroProject("Sub Work()\r\nEnd Sub") }]), ["macros"]],
    ["in Excel", compoundFile([{ name: "_VBA_PROJECT_CUR", items: macroProject("x = 1") }]), ["macros"]],
    [
      "that run when it is opened",
      word([{ name: "Macros", items: macroProject("Sub AutoOpen()\r\nEnd Sub") }]),
      ["macros", "auto-macros"],
    ],
    [
      "by an event",
      word([{ name: "Macros", items: macroProject("Private Sub Document_Open()\r\nEnd Sub") }]),
      ["macros", "auto-macros"],
    ],
    ["as a sheet of Excel 4", excel(sheet, macroSheet), ["macros"]],
    [
      "as a sheet that runs when it is opened",
      excel(macroSheet, [0x18, joined(le16(0x20), "\0\x01", le16(0, 0, 0), le32(0), "\0\x01")]),
      ["macros", "auto-macros"],
    ],
  ])("%s", (_, bytes, traits) => {
    expect(inspectBytes(bytes).traits).toEqual(traits);
  });
  it("in PowerPoint, packed among its records", () => {
    const project = compoundFile([{ name: "VBA", items: macroProject("Sub Auto_Open()") }]);
    const packed = joined(le32(project.length), deflateSync(project));
    const record = joined(le16(0x10, 0x1011), le32(packed.length), packed);
    const bytes = compoundFile([
      { name: "PowerPoint Document", content: joined(le16(0x0f, 1000), le32(record.length), record) },
    ]);
    expect(inspectBytes(bytes).traits).toEqual(["macros", "auto-macros"]);
  });
  it.each<[string, Uint8Array]>([
    ["not without them", word()],
    ["not in plain sheets", excel(sheet, sheet)],
    ["not by the letters in its text", word([], 0, "Attribute VB_Name Sub AutoOpen() _VBA_PROJECT")],
  ])("%s", (_, bytes) => {
    expect(inspectBytes(bytes).traits).toEqual([]);
  });
});

describe("a document is encrypted", () => {
  it.each<[string, Uint8Array, boolean]>([
    ["by Word", word([], 0x100), true],
    ["by Excel", excel([0x2f, le16(1, 1, 1)], sheet), true],
    [
      "by PowerPoint",
      compoundFile([
        { name: "PowerPoint Document", content: "x" },
        { name: "Current User", content: joined(le32(0, 20, 20, 0xf3d1_c4df)) },
      ]),
      true,
    ],
    [
      "as a whole",
      compoundFile([
        { name: "EncryptionInfo", content: "x" },
        { name: "EncryptedPackage", content: "x" },
      ]),
      true,
    ],
    ["not by other flags of Word", word([], 0x200), false],
    [
      "not by PowerPoint that says so",
      compoundFile([
        { name: "PowerPoint Document", content: "x" },
        { name: "Current User", content: joined(le32(0, 20, 20, 0xe391_c05f)) },
      ]),
      false,
    ],
  ])("%s", (_, bytes, encrypted) => {
    expect(inspectBytes(bytes).traits.includes("encrypted")).toBe(encrypted);
  });
});

describe("a document starts a program through DDE", () => {
  it.each<[string, Uint8Array, boolean]>([
    ["by a field", word([], 0, '\x13 DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" \x14'), true],
    ["by a field in 16-bit letters", word([], 0, Buffer.from('\x13 dde  cmd "x"', "utf16le").toString("latin1")), true],
    ["by a link of Excel", excel(sheet, [0x1ae, joined(le16(0, 5), "\0cmd\x03/c x")]), true],
    ["not by the letters", word([], 0, "DDEAUTO is a field"), false],
    ["not by another field", word([], 0, "\x13 HYPERLINK x \x14 DDE"), false],
    ["not by a link to a workbook", excel(sheet, [0x1ae, joined(le16(1, 5), "\0a.xls")]), false],
  ])("%s", (_, bytes, dde) => {
    expect(inspectBytes(bytes).traits.includes("dde")).toBe(dde);
  });
});

describe("what stands in a document as a file of its own", () => {
  it("is an entry with the names that the packager gave it", () => {
    const pool = {
      name: "ObjectPool",
      items: [
        { name: "_1", items: [{ name: "\x01Ole10Native", content: packagedFile("evil.exe", portableExecutable()) }] },
      ],
    };
    const { entries, traits } = inspectBytes(word([pool]));
    expect(traits).toEqual(["executable", "embedded-object"]);
    expect(entries).toEqual([
      {
        names: ["evil.exe", "C:\\evil.exe", "C:\\Temp\\evil.exe"],
        bytes: 512,
        encrypted: false,
        depth: 1,
        detectedType: programType,
      },
    ]);
  });
  it("is an entry when it is laid out in no known way", () => {
    const bytes = word([{ name: "\x01Ole10Native", content: joined(le32(512), portableExecutable()) }]);
    expect(inspectBytes(bytes).entries).toMatchObject([{ names: [], detectedType: programType }]);
  });
  it("is looked into when it is a document", () => {
    const inner = compoundFile([{ name: "_VBA_PROJECT_CUR", items: macroProject("x = 1") }]);
    expect(inspectBytes(word([{ name: "Package", content: inner }])).traits).toEqual(["macros", "embedded-object"]);
  });
  it("is an attachment in a message of Outlook", () => {
    const attachment = [
      { name: "__substg1.0_3707001F", content: Buffer.from("evil.exe", "utf16le") },
      { name: "__substg1.0_3704001E", content: "EVIL~1.EXE" },
      { name: "__substg1.0_37010102", content: portableExecutable() },
    ];
    const bytes = compoundFile([
      { name: "__properties_version1.0", content: "x" },
      { name: "__attach_version1.0_#00000000", items: attachment },
    ]);
    const { entries, traits } = inspectBytes(bytes);
    expect(traits).toEqual(["executable"]);
    expect(entries[0]?.names.toSorted()).toEqual(["EVIL~1.EXE", "evil.exe"]);
  });
});

describe("a compound file whose tables lie", () => {
  const whole = word([{ name: "Macros", items: macroProject("x = 1") }]);
  it("is damaged when it ends early", () => {
    expect(inspectBytes(whole.subarray(0, 3_000)).traits).toContain("archive-damaged");
  });
  it("is damaged when it has more than compoundEntriesMax streams", () => {
    const streams = (count: number): Uint8Array =>
      compoundFile(Array.from({ length: count }, (_, index) => ({ name: `s${index}`, content: "" })));
    // The root is an entry too, and the directory ends at a sector's end.
    expect(inspectBytes(streams(compoundEntriesMax - 8)).traits).toEqual([]);
    expect(inspectBytes(streams(compoundEntriesMax)).traits).toEqual(["archive-damaged"]);
  });
  it("is read in its own size when chains go round in circles and streams claim everything", () => {
    const circle = Array.from({ length: 200 }, (_, index) => ({ name: `s${index}`, content: "y".repeat(5_000) }));
    const bytes = compoundFile(circle);
    const at = bytes.length - 4;
    for (let place = at; place > bytes.length - 8_000; place -= 4) bytes.set(le32(0), place);
    expect(inspectBytes(bytes).detectedType).toBe("application/x-ole-storage");
  });
});
