import { linesOf } from "#components/ui/lines.ts";
import { textOf } from "#components/ui/read-form.ts";
import type { TextTest } from "#core/contract/condition.ts";

/** A test as a form holds it: "" is no test, `empty` that there is nothing; entries of `in` are lines. */
export type TextTestDraft = { test: string; value: string };

export function testDraftOf(given: TextTest | undefined): TextTestDraft {
  const [[test, value] = ["", ""]] = Object.entries(given ?? {}).filter(([, of]) => of !== undefined);
  if (test === "is" && value === "") return { test: "empty", value: "" };
  return { test, value: Array.isArray(value) ? value.join("\n") : (value ?? "") };
}

/** The test of the fields, not yet parsed; a value that is missing is null, which is said of it and not of the test. */
export function testInput({ test, value }: TextTestDraft): unknown {
  if (test === "") return undefined;
  if (test === "empty") return { is: "" };
  // Blanks at the ends of a pattern are part of it.
  if (test === "pattern" || test === "like") return { [test]: value.trim() === "" ? null : value };
  const lines = linesOf(value);
  const given = test === "in" && lines.length > 0 ? lines : textOf(value);
  return { [test]: given ?? null };
}
