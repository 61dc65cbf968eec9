import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { joined } from "./builders/bytes.ts";
import { type RarItem, rar4, rar5 } from "./builders/rar.ts";
import { zip } from "./builders/zip.ts";
import { portableExecutable } from "./type-samples.ts";

const program: RarItem = { name: "evil.exe", content: portableExecutable() };
const text: RarItem = { name: "a.txt", content: "hello" };
const programType = "application/vnd.microsoft.portable-executable";

function named(bytes: Uint8Array): string[] {
  return inspectBytes(bytes).entries.flatMap(({ names }) => names);
}

describe.each([
  ["rar 4", rar4],
  ["rar 5", rar5],
])("a %s's entries", (_, rar) => {
  it("are listed with name, size and, where they are stored, type", () => {
    const { detectedType, traits, entries } = inspectBytes(rar([text, program, { name: "d", folder: true }]));
    expect(detectedType).toBe("application/vnd.rar");
    expect(traits).toEqual(["executable", "archive"]);
    expect(entries).toEqual([
      { names: ["a.txt"], bytes: 5, encrypted: false, depth: 1, detectedType: "text/plain" },
      { names: ["evil.exe"], bytes: 512, encrypted: false, depth: 1, detectedType: programType },
      { names: ["d"], bytes: 0, encrypted: false, depth: 1, detectedType: null },
    ]);
  });
  it("that are packed are known by name and size", () => {
    const { traits, entries } = inspectBytes(rar([{ ...program, packed: true }]));
    expect(traits).toEqual(["archive", "archive-unread"]);
    expect(entries).toMatchObject([{ names: ["evil.exe"], bytes: 512, detectedType: null }]);
  });
  it("that are encrypted are listed", () => {
    const { traits, entries } = inspectBytes(rar([{ ...program, encrypted: true }, text]));
    expect(traits).toEqual(["encrypted", "archive"]);
    expect(entries.map(({ encrypted }) => encrypted)).toEqual([true, false]);
  });
  it("are not known when the headers are encrypted", () => {
    const { traits, entries } = inspectBytes(rar([text], { encryptedHeaders: true }));
    expect({ traits, entries }).toEqual({ traits: ["encrypted", "archive"], entries: [] });
  });
  it("are listed of a zip inside", () => {
    expect(named(rar([{ name: "in.zip", content: zip([{ name: "x.exe", content: portableExecutable() }]) }]))).toEqual([
      "in.zip",
      "x.exe",
    ]);
  });
  it("behind the end are listed, and the archive disagrees with itself", () => {
    const bytes = joined(rar([text]), zip([{ name: "x.exe" }]));
    expect(named(bytes)).toEqual(["a.txt", "x.exe"]);
    expect(inspectBytes(bytes).traits).toContain("archive-disagreement");
  });
  it("are found behind a program that unpacks them", () => {
    const { detectedType, traits } = inspectBytes(joined(portableExecutable(), rar([text])));
    expect(named(joined(portableExecutable(), rar([text])))).toEqual(["a.txt"]);
    expect({ detectedType, traits }).toEqual({ detectedType: programType, traits: ["executable", "archive"] });
  });
  it("are damaged when content is missing", () => {
    const bytes = rar([text, program]);
    expect(inspectBytes(bytes.subarray(0, bytes.length - 200)).traits).toContain("archive-damaged");
    expect(inspectBytes(bytes).traits).not.toContain("archive-damaged");
  });
});

describe("the names of a rar's entries", () => {
  it("are read in 16 bits and in the plain form of version 4", () => {
    expect(named(rar4([{ ...text, name: "evil.exe", unicode: "\x00\x00a.tx\x00t" }]))).toEqual(["a.txt", "evil.exe"]);
  });
  it("are UTF-8 in version 5", () => {
    expect(named(rar5([{ ...text, name: "Grüße.txt" }]))[0]).toBe("Grüße.txt");
  });
});
