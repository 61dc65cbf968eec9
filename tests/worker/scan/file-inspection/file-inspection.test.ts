import { afterEach, describe, expect, it } from "vitest";
import type { FileFacts } from "#core/files/file-facts.ts";
import {
  FileInspection,
  type FileInspectionOptions,
  waitingFilesMax,
} from "#worker/scan/file-inspection/file-inspection.ts";
import { zip } from "../../../core/files/builders/zip.ts";
import { bytesOf } from "../../../support/chunk-invariance.ts";

const failing = new URL("./failing-thread.ts", import.meta.url);
let inspection: FileInspection | null = null;

function started(options: FileInspectionOptions = {}): FileInspection {
  inspection = new FileInspection(options);
  return inspection;
}

afterEach(async () => {
  await inspection?.stop();
  inspection = null;
});

type Answer = FileFacts & { temporary: boolean };

function answerTo(from: FileInspection, bytes: Uint8Array): Promise<Answer> {
  return new Promise((resolve) => from.inspectFile(bytes, (facts, temporary) => resolve({ ...facts, temporary })));
}

/** A file that is not quick, whose first name tells the failing thread what to do. */
function told(word: string): Uint8Array {
  return zip([{ name: word, content: "x" }]);
}

describe("FileInspection", () => {
  it("answers in a thread what is inside a file", async () => {
    const bytes = zip([{ name: "a.txt", content: "hello" }]);
    expect(await answerTo(started(), bytes)).toEqual({
      detectedType: "application/zip",
      family: "archive",
      traits: ["archive"],
      entries: [{ names: ["a.txt"], bytes: 5, encrypted: false, depth: 1, detectedType: "text/plain" }],
      problem: null,
      temporary: false,
    });
  });
  it("leaves the bytes to the caller, also when they are a slice of more", async () => {
    const bytes = zip([{ name: "a.txt", content: "hello" }]);
    const slice = Buffer.concat([Buffer.alloc(1000), bytes]).subarray(1000);
    const before = Buffer.from(slice);
    expect((await answerTo(started(), slice)).entries).toHaveLength(1);
    expect(slice.equals(before)).toBe(true);
  });
  it("answers before it returns when the first bytes tell it all", () => {
    const answers: string[] = [];
    started({ threads: 0 }).inspectFile(bytesOf("hello"), ({ detectedType }) => answers.push(detectedType));
    expect(answers).toEqual(["text/plain"]);
  });
  it("answers many files with few threads, each once", async () => {
    const from = started({ threads: 2 });
    const files = Array.from({ length: 40 }, (_, index) => zip([{ name: `${index}.txt`, content: "x" }]));
    const answers = await Promise.all(files.map((bytes) => answerTo(from, bytes)));
    expect(answers.map(({ entries }) => entries[0]?.names[0])).toEqual(files.map((_, index) => `${index}.txt`));
  });
});

describe("a thread that fails costs one file its answer and is replaced", () => {
  it.each([
    ["throw", "the inspection failed: a defect"],
    ["exit", "the inspection ended without an answer"],
    ["stall", "the inspection took more than 4000 ms"],
    ["hoard", /memory limit/],
  ])(
    "%s",
    async (word, problem) => {
      const from = started({ threads: 1, timeMsMax: word === "stall" ? 4_000 : 20_000, thread: failing });
      const [failed, next] = await Promise.all([answerTo(from, told(word)), answerTo(from, told("fine"))]);
      expect(failed).toMatchObject({ detectedType: "application/zip", traits: ["uninspectable"], temporary: false });
      expect(failed.problem).toMatch(problem);
      expect(next).toMatchObject({ detectedType: "text/plain", problem: null });
    },
    60_000,
  );
});

describe("a file that cannot be looked at now is answered so, as temporary", () => {
  it("when waitingFilesMax others wait", async () => {
    const from = started({ threads: 1, thread: failing });
    const ignored = (): void => undefined;
    for (let waiting = 0; waiting <= waitingFilesMax; waiting++) from.inspectFile(told("wait"), ignored);
    const answer = await answerTo(from, told("fine"));
    expect(answer).toMatchObject({ traits: ["uninspectable"], temporary: true });
    expect(answer.problem).toBe("too many files wait for inspection");
  });
  it("when it is stopped meanwhile, in a thread or waiting for one, or asked afterwards", async () => {
    const from = started({ threads: 1, thread: failing });
    const both = [answerTo(from, told("wait")), answerTo(from, told("wait"))];
    await from.stop();
    for (const answer of [...(await Promise.all(both)), await answerTo(from, told("late"))]) {
      expect(answer).toMatchObject({ traits: ["uninspectable"], temporary: true, problem: "the worker is stopping" });
    }
  });
});
