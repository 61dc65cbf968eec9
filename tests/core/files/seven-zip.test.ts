import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { archiveFixture } from "./archive-fixtures.ts";
import { joined, patched } from "./builders/bytes.ts";
import { portableExecutable } from "./type-samples.ts";

const programType = "application/vnd.microsoft.portable-executable";

function summary(bytes: Uint8Array): { names: string | undefined; type: string | null; bytes: number | null }[] {
  return inspectBytes(bytes).entries.map(({ names, detectedType, bytes: size }) => ({
    names: names[0],
    type: detectedType,
    bytes: size,
  }));
}

const folder = { names: "d", type: null, bytes: 0 };

describe("a 7z's entries", () => {
  it.each(["lzma2.7z", "lzma.7z", "stored.7z", "deflate.7z", "bzip2.7z", "filter.7z"] as const)(
    "are listed and looked into: %s",
    (name) => {
      const bytes = archiveFixture(name);
      const { detectedType, traits } = inspectBytes(bytes);
      expect({ detectedType, traits }).toEqual({
        detectedType: "application/x-7z-compressed",
        traits: ["executable", "archive"],
      });
      expect(summary(bytes)).toEqual([
        folder,
        { names: "d/Grüße.txt", type: "text/plain", bytes: 152 },
        { names: "evil.exe", type: programType, bytes: 512 },
      ]);
    },
  );
  it("are known by name and size when none of ours unpacks them", () => {
    expect(inspectBytes(archiveFixture("ppmd.7z")).traits).toEqual(["archive", "archive-unread"]);
    expect(summary(archiveFixture("ppmd.7z"))).toEqual([
      folder,
      { names: "d/Grüße.txt", type: null, bytes: 152 },
      { names: "evil.exe", type: null, bytes: 512 },
    ]);
  });
  it("are listed when their content is encrypted", () => {
    const { traits, entries } = inspectBytes(archiveFixture("content.7z"));
    expect(traits).toEqual(["encrypted", "archive"]);
    expect(entries.map(({ names, encrypted, bytes }) => [names[0], encrypted, bytes])).toEqual([
      ["d", false, 0],
      ["d/Grüße.txt", true, 152],
      ["evil.exe", true, 512],
    ]);
  });
  it("are not known when the header is encrypted", () => {
    expect(inspectBytes(archiveFixture("header.7z"))).toMatchObject({ traits: ["encrypted", "archive"], entries: [] });
  });
  it("are found behind a program that unpacks them", () => {
    const { detectedType, entries } = inspectBytes(joined(portableExecutable(), archiveFixture("lzma2.7z")));
    expect(detectedType).toBe(programType);
    expect(entries).toHaveLength(3);
  });
});

describe("a 7z is damaged when", () => {
  const whole = archiveFixture("lzma2.7z");
  it.each([
    ["it ends early", whole.subarray(0, whole.length - 5)],
    ["its header is broken", patched(whole, whole.length - 20, "\xff\xff\xff\xff")],
    ["its content is broken", patched(whole, 36, "\xff\xff\xff\xff\xff\xff\xff\xff")],
    ["it has none", whole.subarray(0, 40)],
  ])("%s", (_, bytes) => {
    expect(inspectBytes(bytes).traits).toContain("archive-damaged");
  });
});

describe("one compressed content is one entry, which is looked into", () => {
  it.each(["t.tar.xz", "t.tar.bz2"] as const)("%s", (name) => {
    const bytes = archiveFixture(name);
    expect(inspectBytes(bytes).traits).toEqual(["executable", "archive"]);
    expect(summary(bytes).map((entry) => entry.names)).toEqual([undefined, "d/", "d/Grüße.txt", "evil.exe"]);
  });
  it.each(["t.tar.xz", "t.tar.bz2"] as const)("also of two streams: %s", (name) => {
    const bytes = joined(archiveFixture(name), archiveFixture(name));
    expect(inspectBytes(bytes).entries[0]?.bytes).toBe(2 * 10_240);
  });
  it.each(["t.tar.xz", "t.tar.bz2"] as const)("and damaged when it ends early: %s", (name) => {
    const bytes = archiveFixture(name);
    expect(inspectBytes(bytes.subarray(0, bytes.length - 80)).traits).toContain("archive-damaged");
  });
});

describe("a zip's entry is read that is packed with", () => {
  it.each(["lzma.zip", "bzip2.zip", "xz.zip"] as const)("%s", (name) => {
    expect(summary(archiveFixture(name))).toEqual([{ names: "evil.exe", type: programType, bytes: 512 }]);
    expect(inspectBytes(archiveFixture(name)).traits).toEqual(["executable", "archive"]);
  });
  it("but not with what we do not unpack, or encrypted", () => {
    expect(inspectBytes(archiveFixture("deflate64.zip")).traits).toEqual(["archive", "archive-unread"]);
    expect(inspectBytes(archiveFixture("aes.zip")).traits).toEqual(["encrypted", "archive"]);
  });
});
