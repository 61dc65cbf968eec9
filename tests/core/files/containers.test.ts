import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { joined, le16, le32, le64, patched } from "./builders/bytes.ts";
import { portableExecutable } from "./type-samples.ts";

const programType = "application/vnd.microsoft.portable-executable";
const sectorBytes = 2048;

function both32(value: number): Uint8Array {
  return joined(le32(value), le32(value).toReversed());
}

function record(name: Uint8Array | string, sector: number, bytes: number, flags = 0): Uint8Array {
  const raw = joined(name);
  const body = joined(
    "\0",
    both32(sector),
    both32(bytes),
    "\0".repeat(7),
    Uint8Array.of(flags),
    "\0".repeat(6),
    Uint8Array.of(raw.length),
    raw,
  );
  const padding = "\0".repeat((body.length + 1) % 2);
  return joined(Uint8Array.of(body.length + 1 + padding.length), body, padding);
}

function sector(...pieces: (Uint8Array | string)[]): Uint8Array {
  const bytes = new Uint8Array(sectorBytes);
  bytes.set(joined(...pieces));
  return bytes;
}

/** An image with a folder and a program; `wide`: the same once more as Joliet has it. */
function iso(wide = false): Uint8Array {
  const root = record("\0", 20, sectorBytes, 2);
  const primary = patched(sector("\x01CD001\x01"), 156, root);
  const joliet = patched(patched(sector("\x02CD001\x01"), 88, "%/E"), 156, record("\0", 23, sectorBytes, 2));
  const end = sector("\xffCD001\x01");
  const wideName = Uint8Array.from(Buffer.from("Grüße.exe", "utf16le").swap16());
  return joined(
    new Uint8Array(16 * sectorBytes),
    primary,
    wide ? joliet : end,
    end,
    sector(),
    sector(root, record("\x01", 20, sectorBytes, 2), record("DIR", 21, sectorBytes, 2)),
    sector(record("\0", 21, sectorBytes, 2), record("EVIL.EXE;1", 22, 512)),
    sector(portableExecutable()),
    sector(record(wideName, 22, 512)),
  );
}

function named(bytes: Uint8Array): string[] {
  return inspectBytes(bytes).entries.flatMap(({ names }) => names);
}

describe("a disk image's files", () => {
  it("are listed with their folders and looked into", () => {
    const { detectedType, traits, entries } = inspectBytes(iso());
    expect({ detectedType, traits }).toEqual({
      detectedType: "application/x-iso9660-image",
      traits: ["executable", "archive"],
    });
    expect(entries).toMatchObject([
      { names: ["DIR"], bytes: 0, detectedType: null },
      { names: ["DIR/EVIL.EXE"], bytes: 512, detectedType: programType },
    ]);
  });
  it("are listed with their long names too", () => {
    expect(named(iso(true))).toContain("Grüße.exe");
  });
  it("are damaged when they stand outside", () => {
    expect(inspectBytes(iso().subarray(0, 22 * sectorBytes + 100)).traits).toContain("archive-damaged");
    expect(inspectBytes(iso()).traits).not.toContain("archive-damaged");
  });
  it("are not read of an image without folders of this kind", () => {
    const bytes = patched(new Uint8Array(40_000), 0x8001, "BEA01");
    expect(inspectBytes(bytes).traits).toEqual(["archive", "archive-unread"]);
  });
});

describe("a cabinet's files", () => {
  const file = (name: string, bytes: number): Uint8Array => joined(le32(bytes, 0), le16(0, 0, 0, 0x20), `${name}\0`);
  const header = (count: number): Uint8Array =>
    joined("MSCF", le32(0, 100, 0, 36, 0), Uint8Array.of(3, 1), le16(1, count, 0, 0, 0));
  it("are known by name and size", () => {
    const bytes = joined(header(2), file("evil.exe", 512), file("a.txt", 5), "x".repeat(60));
    const { traits, entries } = inspectBytes(bytes);
    expect(traits).toEqual(["archive", "archive-unread"]);
    expect(entries.map(({ names, bytes: size }) => [names[0], size])).toEqual([
      ["evil.exe", 512],
      ["a.txt", 5],
    ]);
  });
  it("are damaged when some are missing", () => {
    expect(inspectBytes(joined(header(9), file("evil.exe", 512), "x".repeat(60))).traits).toContain("archive-damaged");
  });
});

describe("what Outlook packs into winmail.dat", () => {
  const part = (level: number, kind: number, body: Uint8Array | string): Uint8Array =>
    joined(Uint8Array.of(level), le32(kind, joined(body).length), body, le16(0));
  it("is an entry with its name", () => {
    const bytes = joined(
      joined(le32(0x223e_9f78), le16(1)),
      part(1, 0x0008_9006, "\0\0\x01\0"),
      part(2, 0x0006_9002, "\0".repeat(14)),
      part(2, 0x0001_8010, "evil.exe\0"),
      part(2, 0x0006_800f, portableExecutable()),
      part(2, 0x0006_9002, "\0".repeat(14)),
      part(2, 0x0001_8010, "a.txt\0"),
      part(2, 0x0006_800f, "hello"),
    );
    const { detectedType, traits, entries } = inspectBytes(bytes);
    expect({ detectedType, traits }).toEqual({ detectedType: "application/vnd.ms-tnef", traits: ["executable"] });
    expect(entries.map(({ names, detectedType: type }) => [names[0], type])).toEqual([
      ["evil.exe", programType],
      ["a.txt", "text/plain"],
    ]);
    expect(inspectBytes(bytes.subarray(0, 300)).traits).toContain("archive-damaged");
  });
});

describe("files in notes", () => {
  const begin = "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3";
  const stored = (content: Uint8Array | string): Uint8Array =>
    joined(
      "\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac",
      le64(joined(content).length),
      "\0".repeat(12),
      content,
    );
  it("are entries", () => {
    const { traits, entries } = inspectBytes(
      joined(begin, "\0".repeat(1000), stored(portableExecutable()), "\0".repeat(7), stored("@echo off\r\ndel x")),
    );
    expect(traits).toEqual(["executable", "script", "embedded-object"]);
    expect(entries.map(({ detectedType }) => detectedType)).toEqual([programType, "text/x-msdos-batch"]);
  });
  it("are none in notes of words", () => {
    expect(inspectBytes(joined(begin, "\0".repeat(1000))).traits).toEqual([]);
  });
});
