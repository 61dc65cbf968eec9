import { expect, test } from "vitest";
import { checkSettings, setting } from "#lib/env.ts";
import { useConsoleSettings } from "../support/console-settings.ts";

useConsoleSettings();

test("a setting that is missing or bad is named, and its value is not shown", () => {
  process.env["NEXTAUTH_SECRET"] = "too short";
  expect(() => setting("NEXTAUTH_SECRET")).toThrow(/NEXTAUTH_SECRET is not valid: expected at least 32 characters/);
  expect(() => setting("NEXTAUTH_SECRET")).not.toThrow(/too short/);
  delete process.env["NEXTAUTH_SECRET"];
  expect(() => setting("NEXTAUTH_SECRET")).toThrow(/NEXTAUTH_SECRET is not set/);
});

test("a check lists all that is wrong at once", () => {
  process.env["NEXTAUTH_URL"] = "ftp://example.org";
  const problems = checkSettings().map((problem) => problem.split(":")[0]);
  expect(problems).toContain("NEXTAUTH_URL");
  expect(problems).toContain("POSTERN_SIGNING_KEY_FILE");
});
