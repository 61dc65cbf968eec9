import { describe, expect, it } from "vitest";
import {
  dictionaryDraftOf,
  newNotice,
  newScanner,
  noticeDraftOf,
  readDictionary,
  readNotice,
  readScanner,
  scannerDraftOf,
} from "#components/inspection/inspection-draft.ts";
import { type Dictionary, dictionarySchema } from "#core/contract/dictionary.ts";
import { noticeSchema } from "#core/contract/notice.ts";
import { scannerSchema } from "#core/contract/scanner.ts";

describe("the form of a scanner", () => {
  it.each([
    { name: "av", kind: "clamd", at: { socket: "/run/clamav/clamd.ctl" } },
    { name: "six", kind: "rspamd", at: { host: "::1", port: 11333 }, onFailure: "pass" },
    { name: "icap", kind: "icap", at: { host: "10.0.0.1", port: 1344 }, service: "avscan", scans: "message" },
  ])("gives back what it was given: $name", (given) => {
    const scanner = scannerSchema.parse(given);
    expect(readScanner(scannerDraftOf(scanner))).toEqual({ ok: true, value: scanner });
  });

  it("says what is missing, and takes empty numbers for the defaults", () => {
    const problems = (at: string) => {
      const read = readScanner({ ...newScanner, name: "av", at });
      return read.ok ? {} : read.problems;
    };
    expect(problems("")).toEqual({ at: "This is needed." });
    expect(problems("localhost")).toEqual({ at: "Write host:port, or a path that begins with /." });
    const whole = readScanner({ ...newScanner, name: "av", at: "localhost:3310" });
    expect(whole).toMatchObject({ ok: true, value: { timeLimitMs: 10_000, cacheMinutes: 60 } });
  });
});

describe("the form of a dictionary", () => {
  const dictionary: Dictionary = dictionarySchema.parse({
    name: "PCI",
    threshold: 5,
    count: "all",
    entries: [
      { word: "confidential" },
      { phrase: "not for release" },
      { pattern: "\\bkey=\\w+/x" },
      { classifier: "payment-card", weight: 5, max: 3, near: { words: ["card", "visa"], within: 80 } },
      { word: "{odd", caseSensitive: true },
      { word: "two words in a word" },
      { phrase: "single" },
      { word: "/slash/" },
    ],
  });

  it("gives back what it was given, an entry a line", () => {
    const draft = dictionaryDraftOf(dictionary);
    expect(draft.entries.split("\n")).toHaveLength(8);
    expect(draft.entries.split("\n").slice(0, 3)).toEqual(["confidential", "not for release", "/\\bkey=\\w+/x/"]);
    expect(readDictionary(draft)).toEqual({ ok: true, value: dictionary });
  });

  it("says which line it cannot read, and that there must be one", () => {
    const none = readDictionary({ ...dictionaryDraftOf(dictionary), entries: " \n" });
    expect(none).toEqual({ ok: false, problems: { entries: "This is needed." } });
    const draft = { ...dictionaryDraftOf(dictionary), entries: "word\n\n{ classifier: [ }" };
    expect(readDictionary(draft)).toEqual({
      ok: false,
      problems: { entries: "Line 3: it begins with { and is no YAML mapping." },
    });
  });
});

describe("the form of a notice", () => {
  it("gives back what it was given, and names a variable that there is not", () => {
    const notice = noticeSchema.parse({ name: "gone", text: "%(filename)% is gone", html: "<p>%(filename)%</p>" });
    expect(readNotice(noticeDraftOf(notice))).toEqual({ ok: true, value: notice });
    expect(readNotice({ ...newNotice, name: "x" }).ok).toBe(true);
    const wrong = readNotice({ ...newNotice, name: "x", text: "%(file)%" });
    expect(wrong.ok ? "" : wrong.problems.text).toMatch(/there is no such variable/);
  });
});
