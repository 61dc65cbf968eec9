import { describe, expect, it } from "vitest";
import { z } from "zod";
import { numberBounds } from "#components/ui/number-bounds.ts";
import { numberOf, problemAt, problemsSoFar, readForm, textOf } from "#components/ui/read-form.ts";

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  count: z.number().int().min(2).max(1000).default(10),
  address: z.union([z.ipv4(), z.ipv6()]).optional(),
  lines: z.array(z.string().max(3)).min(1),
  code: z.string().regex(/^x/, "begin with x").optional(),
});
const good = { name: "a", lines: ["b"] };

function problems(input: object): unknown {
  const read = readForm(schema, { ...good, ...input });
  return read.ok ? {} : read.problems;
}

describe("a form", () => {
  it("is read with the schema, defaults included", () => {
    expect(readForm(schema, good)).toEqual({ ok: true, value: { ...good, count: 10 } });
  });

  it.each([
    ["an empty text", { name: "" }, { name: "This is needed." }],
    ["a missing one", { name: undefined }, { name: "This is needed." }],
    ["a long text", { name: "abcdef" }, { name: "At most 5 characters." }],
    ["a number that is none", { count: Number.NaN }, { count: "Write a whole number." }],
    ["a part of a number", { count: 2.5 }, { count: "Write a whole number." }],
    ["a small number", { count: 1 }, { count: "At least 2." }],
    ["a large number", { count: 1001 }, { count: "At most 1,000." }],
    ["no address", { address: "10.0" }, { address: "Write an IPv4 or IPv6 address." }],
    ["no line", { lines: [] }, { lines: "Name at least 1." }],
    ["a line that is too long", { lines: ["a", "four"] }, { "lines.1": "At most 3 characters." }],
    ["what has words of its own", { code: "y" }, { code: "begin with x" }],
  ])("says what is wrong with %s", (_, input, expected) => {
    expect(problems(input)).toEqual(expected);
  });

  it("does not say before the first try that fields are empty", () => {
    const read = readForm(schema, { name: "", count: 1, lines: ["a"] });
    expect(problemsSoFar(read, false)).toEqual({ count: "At least 2." });
    expect(problemsSoFar(read, true)).toMatchObject({ name: "This is needed." });
  });

  it("finds the problem of a line at its field", () => {
    expect(problemAt({ "lines.1": "wrong" }, "lines")).toBe("wrong");
    expect(problemAt({ "lines.1": "wrong" }, "line")).toBeUndefined();
  });
});

describe("what people type", () => {
  it.each([
    ["", undefined],
    ["  ", undefined],
    ["25", 25],
    [" 10,000 ", 10_000],
  ])("%j is the number %s", (text, number) => {
    expect(numberOf(text)).toBe(number);
  });

  it.each(["1.5", "-1", "0x10", "1e3", "ten"])("%j is no number", (text) => {
    expect(numberOf(text)).toBeNaN();
  });

  it("is a text without the blanks around it, or nothing", () => {
    expect([textOf(" a b "), textOf("  ")]).toEqual(["a b", undefined]);
  });
});

describe("the bounds of a number", () => {
  it("are told of plain, defaulted and optional ones", () => {
    const plain = z.number().int().min(1).max(9);
    expect(numberBounds(plain)).toEqual({ min: 1, max: 9, byDefault: null });
    expect(numberBounds(plain.default(5))).toEqual({ min: 1, max: 9, byDefault: 5 });
    expect(numberBounds(plain.optional())).toEqual({ min: 1, max: 9, byDefault: null });
  });
});
