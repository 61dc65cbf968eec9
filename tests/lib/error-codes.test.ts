import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorCodes, withCode } from "#lib/error-codes.ts";

test("docs/api.md lists every code with its status and its meaning", () => {
  const table = readFileSync("docs/api.md", "utf8").matchAll(/^\| `([A-Z_]+)` \| (\d{3}) \| (.*) \|$/gm);
  const told = [...table].map(([, code = "", status, meaning]) => [code, { status: Number(status), meaning }]);
  expect(Object.fromEntries(told)).toEqual(errorCodes);
});

test("a code ends the line that says what happened, above the details", () => {
  expect(withCode("Not saved.", "IN_USE")).toBe("Not saved. (IN_USE)");
  expect(withCode("Not saved.\nline 3: no", "POLICY_INVALID")).toBe("Not saved. (POLICY_INVALID)\nline 3: no");
});
