import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { membersMax } from "#core/files/archives/gzip.ts";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { joined, patched } from "./builders/bytes.ts";
import { longName, pax, tar } from "./builders/tar.ts";
import { zip } from "./builders/zip.ts";
import { portableExecutable } from "./type-samples.ts";

const program = { name: "evil.exe", content: portableExecutable() };
const text = { name: "a.txt", content: "hello" };
const programType = "application/vnd.microsoft.portable-executable";

function gzip(content: Uint8Array | string): Uint8Array {
  return Uint8Array.from(gzipSync(content));
}

/** A member with a name (RFC 1952 §2.3.1, FNAME). */
function namedGzip(name: string, content: string | Uint8Array): Uint8Array {
  const plain = gzip(content);
  return joined(patched(plain.subarray(0, 10), 3, "\x08"), `${name}\0`, plain.subarray(10));
}

function named(bytes: Uint8Array): string[] {
  return inspectBytes(bytes).entries.flatMap(({ names }) => names);
}

describe("a tar's entries", () => {
  it("are listed with name, size and type", () => {
    const { entries, detectedType, traits } = inspectBytes(tar([text, program]));
    expect(detectedType).toBe("application/x-tar");
    expect(traits).toEqual(["executable", "archive"]);
    expect(entries).toEqual([
      { names: ["a.txt"], bytes: 5, encrypted: false, depth: 1, detectedType: "text/plain" },
      { names: ["evil.exe"], bytes: 512, encrypted: false, depth: 1, detectedType: programType },
    ]);
  });
  it.each<[string, Uint8Array, string[]]>([
    ["with the folder in its own field", tar([{ ...text, folder: "some/folder" }]), ["some/folder/a.txt"]],
    ["with a name of pax, beside the short one", tar([pax({ path: "Grüße.exe" }), text]), ["Grüße.exe", "a.txt"]],
    [
      "with a long name of GNU",
      tar([longName(`${"x/".repeat(100)}y.exe`), text]),
      [`${"x/".repeat(100)}y.exe`, "a.txt"],
    ],
    ["with a size in binary", tar([{ ...text, largeNumbers: true }, program]), ["a.txt", "evil.exe"]],
    ["with a size of pax", tar([pax({ size: "5" }), { ...text, bytes: 0 }, program]), ["a.txt", "evil.exe"]],
    ["of links and folders", tar([{ name: "d/", kind: "5" }, { name: "l", kind: "2" }, text]), ["d/", "l", "a.txt"]],
  ])("are named %s", (_, bytes, names) => {
    expect(named(bytes)).toEqual(names);
    expect(inspectBytes(bytes).traits).not.toContain("archive-damaged");
  });
  it("are listed of zips inside and inside of gzip", () => {
    const bytes = gzip(tar([{ name: "in.zip", content: zip([program]) }]));
    expect(
      inspectBytes(bytes).entries.map(({ names, depth, detectedType }) => [names[0], depth, detectedType]),
    ).toEqual([
      [undefined, 1, "application/x-tar"],
      ["in.zip", 2, "application/zip"],
      ["evil.exe", 3, programType],
    ]);
  });
  it("behind the end are listed, and the tar disagrees with itself", () => {
    const bytes = joined(tar([text]), tar([program]));
    expect(named(bytes)).toEqual(["a.txt", "evil.exe"]);
    expect(inspectBytes(bytes).traits).toContain("archive-disagreement");
    expect(inspectBytes(tar([text, program])).traits).not.toContain("archive-disagreement");
  });
  it("that are a zip behind the end are listed, and the tar disagrees with itself", () => {
    const { traits } = inspectBytes(joined(tar([text]), zip([program])));
    expect(named(joined(tar([text]), zip([program])))).toEqual(["a.txt", "evil.exe"]);
    expect(traits).toEqual(["executable", "archive", "archive-disagreement"]);
  });
});

describe("a tar is damaged when", () => {
  it.each([
    ["a header's sum is wrong", patched(tar([text, program]), 1024, "X")],
    ["content is missing", tar([{ ...text, bytes: 5_000 }], "")],
    ["it ends inside a header", tar([text, program]).subarray(0, 1_300)],
  ])("%s", (_, bytes) => {
    expect(inspectBytes(bytes).traits).toContain("archive-damaged");
    expect(named(bytes)[0]).toBe("a.txt");
  });
  it("not when only its end mark is missing", () => {
    expect(inspectBytes(tar([text], "")).traits).toEqual(["archive"]);
  });
});

describe("a gzip's content", () => {
  it("is one entry with the names of its members", () => {
    const { entries, traits } = inspectBytes(namedGzip("evil.exe", portableExecutable()));
    expect(entries).toEqual([
      { names: ["evil.exe"], bytes: 512, encrypted: false, depth: 1, detectedType: programType },
    ]);
    expect(traits).toEqual(["executable", "archive"]);
  });
  it("is joined of all its members", () => {
    const whole = tar([text, program]);
    const bytes = joined(namedGzip("a", whole.subarray(0, 700)), namedGzip("b.tar", whole.subarray(700)));
    expect(named(bytes)).toEqual(["a", "b.tar", "a.txt", "evil.exe"]);
  });
  it("of more than membersMax members counts as damaged", () => {
    const members = (count: number): Uint8Array => joined(...Array.from({ length: count }, () => gzip("a")));
    expect(inspectBytes(members(membersMax)).traits).toEqual(["archive"]);
    expect(inspectBytes(members(membersMax + 1)).traits).toEqual(["archive", "archive-damaged"]);
  });
  it("is read when something else follows", () => {
    expect(inspectBytes(joined(gzip(tar([text])), "\0\0\0\0")).traits).toEqual(["archive"]);
  });
  it.each([
    ["ends early", gzip("hello ".repeat(1000)).subarray(0, 30)],
    ["cannot be unpacked", patched(gzip("hello ".repeat(1000)), 12, "\xff\xff\xff\xff")],
    ["has no end", gzip("hello").subarray(0, 20)],
  ])("is damaged when it %s", (_, bytes) => {
    expect(inspectBytes(bytes).traits).toContain("archive-damaged");
  });
});
