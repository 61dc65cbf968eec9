import { expect, test } from "vitest";
import { changesStep, checksStep, publishStep } from "#components/changes/step-words.ts";

test("changes are counted by what became of the object, with whose they are", () => {
  const changes = (["changed", "added", "moved", "changed"] as const).map((kind) => ({ kind }));
  expect(changesStep(changes, "you 3, Mara 1")).toBe("4: 1 added, 2 changed, 1 moved; by you 3, Mara 1");
  expect(changesStep([], "")).toBe("none");
});

test("checks name what keeps it from being published and what is to be acknowledged", () => {
  expect(checksStep(null, 0, [])).toBe("can be enforced; no policy tests; no findings");
  expect(checksStep("no route", 1, [{ severity: "harm" }, { severity: "note" }])).toBe(
    "cannot be enforced as it is; 1 policy test, run when it is published; 2 findings, 1 of harm, to be acknowledged",
  );
});

test("a publish says who gets it", () => {
  expect(publishStep(42, null, 2)).toBe("r42, for 2 workers");
  expect(publishStep(42, "no route", 2)).toBe("not possible yet");
});
