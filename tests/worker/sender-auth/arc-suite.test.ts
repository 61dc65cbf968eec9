import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { checkSignatures } from "../../support/sender-checks.ts";

const scenarioSchema = z.object({
  description: z.string(),
  tests: z.record(z.string(), z.object({ message: z.string(), cv: z.string() })),
  "txt-records": z.record(z.string(), z.string()).nullish(),
});

const file = new URL("../../fixtures/sender-auth/arc-draft-validation-tests.yml", import.meta.url);
const scenarios = parseAllDocuments(readFileSync(file, "utf8")).map((document) =>
  scenarioSchema.parse(document.toJS()),
);

/** The suite was written for drafts. An h= without a name signs no field at all, not even From (RFC 6376 §3.5, §6.1.1). */
const otherThanTheDraft: Readonly<Record<string, string>> = { ams_fields_h_empty: "fail" };

test("the published ARC validation suite has 171 cases", () => {
  expect(scenarios.flatMap(({ tests }) => Object.keys(tests))).toHaveLength(171);
});

describe.each(scenarios)("$description", ({ tests, "txt-records": records }) => {
  test.each(Object.entries(tests))("%s", async (id, { message, cv }) => {
    const zone = Object.fromEntries(Object.entries(records ?? {}).map(([name, text]) => [name, [{ TXT: text }]]));
    const { arc } = await checkSignatures(message.replace(/\r?\n/g, "\r\n"), zone);
    // Where a seal says cv=fail the suite wants no new result: it stays a failure (RFC 8617 §5.2).
    const wanted = cv.trim() === "" ? "fail" : cv.trim().toLowerCase();
    expect(arc.result).toBe(otherThanTheDraft[id] ?? wanted);
  });
});
