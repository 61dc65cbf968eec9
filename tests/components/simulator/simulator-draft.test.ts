import { describe, expect, it } from "vitest";
import { blankDraft, readTrial, type SimulatorDraft, tooLarge } from "#components/simulator/simulator-draft.ts";
import { trySchema } from "#lib/simulator/simulator-input.ts";

const now = new Date("2026-01-05T12:00:00.000Z");
const draft: SimulatorDraft = { ...blankDraft("External"), recipients: "bob@example.test", text: "Subject: a\n\nb" };
const file = (name: string) => ({ name, bytes: 1, base64: btoa(name) });

function problems(change: Partial<SimulatorDraft>) {
  const read = readTrial({ ...draft, ...change }, null, now);
  return read.ok ? {} : read.problems;
}

describe("the form of a trial", () => {
  it("asks what the server takes", () => {
    const read = readTrial(draft, null, now);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    expect(trySchema.safeParse(read.value).success).toBe(true);
  });

  it.each([
    ["no recipient", { recipients: "" }, { recipients: "Name at least 1." }],
    [
      "10,000 recipients",
      { recipients: Array.from({ length: 10_000 }, (_, n) => `u${n}@example.test`).join("\n") },
      { recipients: "At most 100." },
    ],
    ["an address that is none", { client: "mars" }, { client: expect.any(String) }],
    ["a port that is none", { port: "many" }, { port: "Write a whole number." }],
    ["a mailbox of nobody", { protocol: "pop3" as const, user: "" }, { user: "This is needed." }],
    [
      "a language that is none",
      { protocol: "pop3" as const, language: "a b" },
      { language: "expected a language tag such as de, or *" },
    ],
    [
      "nothing filled in, all at once",
      { text: "", recipients: "" },
      { message: expect.any(String), recipients: "Name at least 1." },
    ],
    ["no text", { text: "" }, { message: expect.stringMatching(/^There is no message/) }],
    [
      "an empty file",
      { files: [{ name: "a.eml", bytes: 0, base64: "" }] },
      { message: expect.stringMatching(/^There is no message/) },
    ],
  ])("says at its field what is wrong: %s", (_, change, expected) => {
    expect(problems(change)).toMatchObject(expected);
  });

  it("gives a mailbox every file, and a message of SMTP the first", () => {
    const files = ["a", "b", "c"].map(file);
    const read = readTrial({ ...draft, user: "joe", protocol: "pop3", files }, null, now);
    expect(read).toMatchObject({ value: { message: { base64: btoa("a") }, others: [btoa("b"), btoa("c")] } });
    expect(readTrial({ ...draft, files }, null, now)).toMatchObject({ value: { others: [] } });
  });

  it("refuses what is too much before it is read", () => {
    expect(tooLarge([6 * 1_048_576])).toBeNull();
    expect(tooLarge([50 * 1_048_576])).toMatch(/^A message of up to 6 MiB can be tried; this one has 50 MiB\./);
    expect(tooLarge([4_000_000, 4_000_000])).toMatch(/^Messages of up to 6 MiB together/);
    expect(tooLarge(Array.from({ length: 11 }, () => 1))).toMatch(/^At most 10 messages/);
  });
});
