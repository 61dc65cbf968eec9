import { describe, expect, it } from "vitest";
import { conditionOf, formOf } from "#components/rules/editor/condition-rows.ts";
import { type Condition, conditionSchema } from "#core/contract/condition.ts";

const flat: [string, Condition][] = [
  ["one test", { fileName: { like: "*.exe" } }],
  ["several facts that must all hold", { senderDomain: { inList: "partners" }, recipientCount: { over: 5 } }],
  ["entries", { recipientDomain: { in: ["a.test", "b.test"] } }],
  ["any of several", { any: [{ fileName: { like: "*.exe" } }, { contentType: { is: "application/x-dosexec" } }] }],
  ["none of several", { none: [{ senderDomain: { is: "a.test" } }, { sender: { is: "" } }] }],
  ["the same fact twice", { all: [{ subject: { like: "*offer*" } }, { subject: { like: "*today*" } }] }],
  ["networks", { clientAddress: { in: ["192.0.2.0/24"] } }],
];

describe("a flat condition", () => {
  it.each(flat)("becomes rows and comes back as it was: %s", (_words, condition) => {
    const form = formOf(condition);
    expect(form).not.toBeNull();
    if (form !== null) expect(conditionSchema.parse(conditionOf(form))).toEqual(condition);
  });

  it("without any test matches everything", () => {
    expect(formOf(undefined)).toEqual({ join: "all", rows: [] });
    expect(conditionOf({ join: "any", rows: [] })).toBeUndefined();
  });

  it("with two bounds of one number becomes two rows that mean the same", () => {
    const form = formOf({ messageBytes: { over: 5, under: 9 } });
    expect(form && conditionOf(form)).toEqual({ all: [{ messageBytes: { over: 5 } }, { messageBytes: { under: 9 } }] });
  });
});

describe("what the form cannot show", () => {
  const nested: Condition[] = [
    { any: [{ fileName: { like: "a" } }, { all: [{ sender: { is: "b" } }] }] },
    { fileName: { like: "a" }, none: [{ sender: { is: "b" } }] },
    { any: [{ fileName: { like: "a" } }], none: [{ sender: { is: "b" } }] },
    { any: [{ fileName: { like: "a" }, sender: { is: "b" } }] },
  ];
  it.each(nested)("is left to YAML: %j", (condition) => {
    expect(formOf(condition)).toBeNull();
  });
});

it("refuses a number that is none", () => {
  const form = { join: "all", rows: [{ key: 0, fact: "messageBytes", test: "over", value: "many" }] } as const;
  expect(conditionSchema.safeParse(conditionOf({ join: form.join, rows: [...form.rows] })).success).toBe(false);
});
