import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { bytesOf, joined, le16, patched } from "./builders/bytes.ts";
import { unicodePath, type ZipItem, zip } from "./builders/zip.ts";
import { portableExecutable } from "./type-samples.ts";

const program: ZipItem = { name: "evil.exe", content: portableExecutable() };
const text: ZipItem = { name: "a.txt", content: "hello world, hello world, hello world" };

function named(bytes: Uint8Array): string[] {
  return inspectBytes(bytes).entries.flatMap(({ names }) => names);
}

describe("a zip's entries", () => {
  it("are listed with name, size, depth and type", () => {
    const { entries, ...facts } = inspectBytes(zip([text, program, { name: "folder/" }]));
    expect(facts).toEqual({
      detectedType: "application/zip",
      family: "archive",
      traits: ["executable", "archive"],
      problem: null,
    });
    expect(entries).toEqual([
      { names: ["a.txt"], bytes: 37, encrypted: false, depth: 1, detectedType: "text/plain" },
      {
        names: ["evil.exe"],
        bytes: 512,
        encrypted: false,
        depth: 1,
        detectedType: "application/vnd.microsoft.portable-executable",
      },
      { names: ["folder/"], bytes: 0, encrypted: false, depth: 1, detectedType: null },
    ]);
  });
  it("are listed of zips inside, with their depth", () => {
    const { entries, traits } = inspectBytes(zip([{ name: "in.zip", content: zip([program]) }]));
    expect(entries.map(({ names, depth }) => [names[0], depth])).toEqual([
      ["in.zip", 1],
      ["evil.exe", 2],
    ]);
    expect(traits).toContain("executable");
  });
  it.each([
    ["stored", zip([{ ...program, store: true }])],
    [
      "with sizes behind the content",
      zip([
        { ...program, descriptor: true },
        { ...text, descriptor: true },
      ]),
    ],
    ["with zip64 sizes", zip([{ ...program, zip64: true }])],
    ["with a zip64 directory", zip([program, text], { zip64: true })],
    ["with a comment", zip([program], { comment: "PK\x05\x06 is how it ends" })],
    ["behind a program (self-extracting)", joined(portableExecutable(), zip([program]))],
    ["behind other bytes", joined("junk".repeat(50), zip([program, text]))],
    ["before other bytes", joined(zip([program]), "\r\n\r\n")],
  ])("are read %s", (_, bytes) => {
    const { entries, traits } = inspectBytes(bytes);
    expect(entries[0]).toMatchObject({
      names: ["evil.exe"],
      detectedType: "application/vnd.microsoft.portable-executable",
    });
    expect(traits).toContain("executable");
    expect(traits).not.toContain("archive-damaged");
  });
  it("without a readable compression are known by name and size", () => {
    const { entries, traits } = inspectBytes(zip([{ ...text, method: 9 }]));
    expect(entries).toMatchObject([{ names: ["a.txt"], bytes: 37, detectedType: null }]);
    expect(traits).toEqual(["archive", "archive-unread"]);
  });
});

describe("the names of a zip's entries", () => {
  it("that are not ASCII are read as UTF-8 and in the old code page", () => {
    expect(named(zip([{ name: "Gr\xc3\xbc\xc3\x9fe.exe" }]))).toEqual(["Grüße.exe", "Gr├╝├ƒe.exe"]);
    expect(named(zip([{ name: "Gr\x81\xe1e.exe" }]))).toEqual(["Grüße.exe", "Gr\x81áe.exe"]);
  });
  it("are read from the Unicode path field too", () => {
    const bytes = zip([{ name: "harmless.txt", extra: unicodePath("evil.exe") }]);
    expect(named(bytes)).toEqual(["harmless.txt", "evil.exe"]);
  });
  it("are read as programs do that stop at a NUL or drop what stands at the end", () => {
    expect(named(zip([{ name: "evil.exe\0.txt" }]))).toEqual(["evil.exe\0.txt", "evil.exe"]);
    expect(named(zip([{ name: "evil.exe. ." }]))).toEqual(["evil.exe. .", "evil.exe"]);
    expect(named(zip([{ name: "a.b" }]))).toEqual(["a.b"]);
  });
  it("are cut to a length", () => {
    expect(named(zip([{ name: "x".repeat(60_000) }]))).toEqual(["x".repeat(1_024)]);
  });
});

describe("a zip is encrypted", () => {
  it.each([
    ["by the old cipher", zip([{ ...program, flags: 1 }])],
    ["by AES", zip([{ ...program, flags: 1, method: 99 }])],
    ["when only one of its entries is", zip([text, { ...program, flags: 1 }])],
    ["with its directory", joined(patched(zip([program]), 0, "PK\x06\x08"), "")],
  ])("%s", (title, bytes) => {
    const masked = title.includes("directory") ? hideDirectory(bytes) : bytes;
    expect(inspectBytes(masked).traits).toContain("encrypted");
  });
  it("not when none of its entries is", () => {
    expect(inspectBytes(zip([text, program])).traits).not.toContain("encrypted");
  });
  it("and the entries are listed, not looked into", () => {
    const { entries } = inspectBytes(zip([{ ...program, flags: 1 }]));
    expect(entries).toEqual([{ names: ["evil.exe"], bytes: 512, encrypted: true, depth: 1, detectedType: null }]);
  });
});

/** An entry whose packed content ends before the place where it is said to. */
function hidden(): Uint8Array {
  const packed = joined(Uint8Array.from(deflateRawSync("hello")), zip([program]));
  return zip([{ ...text, content: packed, method: 8, store: true, declaredBytes: 5 }]);
}

function hideDirectory(bytes: Uint8Array): Uint8Array {
  const at = Buffer.from(bytes).indexOf("PK\x01\x02");
  return patched(bytes, at, "\x9a\x8b\x7c\x6d");
}

describe("a zip disagrees with itself when", () => {
  it.each<[string, Uint8Array, string[]]>([
    ["the names differ", zip([{ ...text, local: { name: "b.exe" } }]), ["a.txt", "b.exe"]],
    ["the methods differ", zip([{ ...text, local: { method: 0 } }]), ["a.txt"]],
    ["the sizes differ", zip([{ ...text, local: { bytes: 5 } }]), ["a.txt"]],
    ["only one of them is encrypted", zip([{ ...text, local: { flags: 1 } }]), ["a.txt"]],
    ["an entry is in no directory", zip([text, { ...program, unlisted: true }]), ["a.txt", "evil.exe"]],
    ["the first entry is in no directory", zip([{ ...program, unlisted: true }, text]), ["a.txt", "evil.exe"]],
    ["the content is longer than it is said to be", zip([{ ...text, declaredBytes: 5 }]), ["a.txt"]],
    ["something hides behind the content's end", hidden(), ["a.txt"]],
    ["another zip stands before it", joined(zip([program]), zip([text])), ["a.txt", "evil.exe"]],
  ])("%s", (_, bytes, names) => {
    const { traits } = inspectBytes(bytes);
    expect(traits).toContain("archive-disagreement");
    expect(named(bytes)).toEqual(names);
  });
  it("a picture stands before it, which another program shows", () => {
    const bytes = joined("GIF89a\x01\0\x01\0\0\0\0;", zip([program]));
    const { detectedType, traits } = inspectBytes(bytes);
    expect(detectedType).toBe("image/gif");
    expect(traits).toEqual(["executable", "archive", "archive-disagreement"]);
  });
  it("not when sizes stand behind the content, or stored zips are inside", () => {
    const inner = zip([program, text]);
    const bytes = zip([{ ...text, descriptor: true }, { name: "in.zip", content: inner, store: true }, text]);
    expect(inspectBytes(bytes).traits).toEqual(["executable", "archive"]);
  });
});

describe("a zip is damaged when", () => {
  const whole = zip([text, program]);
  it.each([
    ["it ends early", whole.subarray(0, whole.length - 60)],
    ["it ends in its content", whole.subarray(0, 70)],
    ["its directory counts more than it has", patched(whole, whole.length - 12, le16(3))],
    ["a local header is missing", patched(whole, 0, "XX")],
    ["its content cannot be unpacked", patched(whole, 35, "\xff\xff\xff\xff\xff\xff")],
  ])("%s", (_, bytes) => {
    expect(inspectBytes(bytes).traits).toContain("archive-damaged");
  });
  it("and what is there of its entries is listed", () => {
    expect(named(whole.subarray(0, whole.length - 60))).toContain("evil.exe");
  });
  it("not when it is whole", () => {
    expect(inspectBytes(whole).traits).not.toContain("archive-damaged");
    expect(inspectBytes(bytesOf("PK\x05\x06".padEnd(22, "\0"))).traits).toEqual(["archive"]);
  });
});
