import { expect, test } from "vitest";
import { setting } from "#lib/env.ts";
import { useConsoleSettings } from "../support/console-settings.ts";

useConsoleSettings();

test("a setting that is missing or bad is named, and its value is not shown", () => {
  process.env["NEXTAUTH_SECRET"] = "too short";
  expect(() => setting("NEXTAUTH_SECRET")).toThrow(/NEXTAUTH_SECRET is not valid: expected at least 32 characters/);
  expect(() => setting("NEXTAUTH_SECRET")).not.toThrow(/too short/);
  delete process.env["NEXTAUTH_SECRET"];
  expect(() => setting("NEXTAUTH_SECRET")).toThrow(/NEXTAUTH_SECRET is not set/);
});
