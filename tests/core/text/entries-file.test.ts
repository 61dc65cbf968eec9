import fc from "fast-check";
import { expect, it } from "vitest";
import { readEntriesFile } from "#core/text/entries-file.ts";
import { csvOf } from "#lib/csv.ts";

it("takes the column named entry, else the first", async () => {
  expect((await readEntriesFile("who,Entry\r\nMara,a.test\r\nBo,b.test\r\n")).entries).toEqual(["a.test", "b.test"]);
  expect((await readEntriesFile("a.test,Mara\nb.test,Bo")).entries).toEqual(["a.test", "b.test"]);
});

it("takes plain lines, without comments, blank lines and repetitions", async () => {
  expect((await readEntriesFile("# ours\n10.0.0.0/8\n\n192.0.2.1\n10.0.0.0/8\n")).entries).toEqual([
    "10.0.0.0/8",
    "192.0.2.1",
  ]);
});

it("says which rows it left out, and why", async () => {
  const { entries, problems } = await readEntriesFile(`a.test\n${"x".repeat(1_025)}\nb.test`);
  expect(entries).toEqual(["a.test", "b.test"]);
  expect(problems).toEqual(["Row 2: longer than 1024 characters."]);
});

it("says that a quote is not closed", async () => {
  expect((await readEntriesFile('a.test\n"b.test')).problems).toEqual([expect.stringMatching(/^Row 2: /)]);
});

it("reads what the export wrote, also what looks like a formula", async () => {
  const entry = fc
    .stringMatching(/^[!-~]([ -~]{0,40}[!-~])?$/)
    .filter((text) => !text.startsWith("#") && !/^'/.test(text));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(entry, { maxLength: 20 }), async (entries) => {
      const csv = csvOf([["entry"], ...entries.map((one) => [one])]);
      expect(await readEntriesFile(csv)).toEqual({ entries, problems: [] });
    }),
  );
});
