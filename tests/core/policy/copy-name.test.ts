import { describe, expect, it } from "vitest";
import { nameSchema } from "#core/contract/name.ts";
import { copyName } from "#core/policy/copy-name.ts";

describe("the name of a copy", () => {
  it.each([
    ["executables", [], "executables (copy)"],
    ["executables", ["executables (copy)"], "executables (copy 2)"],
    ["executables (copy)", ["executables (copy)"], "executables (copy 2)"],
    ["executables (copy 2)", ["executables (copy 2)"], "executables (copy)"],
    ["executables", ["executables (copy)", "executables (copy 2)"], "executables (copy 3)"],
  ])("of %s where there are %j is %s", (name, taken, copy) => {
    expect(copyName(name, new Set(taken))).toBe(copy);
  });

  it("is one that a name may be, however long the original's is", () => {
    const name = "n".repeat(100);
    const copy = copyName(name, new Set([name]));
    expect(nameSchema.safeParse(copy).success).toBe(true);
    expect(copyName(name, new Set([name, copy]))).not.toBe(copy);
  });
});
