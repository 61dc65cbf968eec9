import { expect, it } from "vitest";
import { conditionProblems } from "#components/rules/editor/condition-problems.ts";

const place = {
  protocol: "smtp",
  stage: "attachment",
  lists: new Map([["offices", "networks"]]),
  notices: new Set<string>(),
  dictionaries: ["PCI"],
} as const;

it("a condition that the worker takes has no problems", () => {
  expect(
    conditionProblems("any:\n  - fileName: { like: '*.exe' }\n  - clientAddress: { inList: offices }\n", place),
  ).toEqual([]);
  expect(conditionProblems("", place)).toEqual([]);
});

it("what is not filled in yet is blank, at its test", () => {
  const text = "all:\n  - fileName: { like: '' }\n  - partBytes: { over: }\n  - sender: { in: [] }\n";
  const problems = conditionProblems(text, place);
  expect(problems.map(({ path, blank }) => [path.join("."), blank])).toEqual([
    ["all.0.fileName.like", true],
    ["all.1.partBytes.over", true],
    ["all.2.sender.in", true],
  ]);
});

it("a number that is none is said so", () => {
  expect(conditionProblems("partBytes: { over: many }", place)).toEqual([
    { path: ["partBytes", "over"], message: "Give it a number.", blank: false },
  ]);
});

it("a pattern of another dialect is explained, at its test", () => {
  const [problem] = conditionProblems("any:\n  - fileName: { pattern: '^(?!ok)' }\n", place);
  expect(problem).toMatchObject({ path: ["any", 0, "fileName", "pattern"], blank: false });
  expect(problem?.message).toMatch(/^negative look-ahead \(\?!…\), at character 2, is not part of RE2.*None group/);
});

it("what names something that is not there, or is not known in the ruleset, is found", () => {
  const codes = (text: string) => conditionProblems(text, place).map(({ message }) => message);
  expect(codes("sender: { inList: partners }")).toEqual(['there is no list "partners"']);
  expect(codes("messageBytes: { over: 5 }")).toEqual(["messageBytes is not known in the attachment ruleset of smtp"]);
  expect(codes("clientAddress: { in: [lan] }")[0]).toMatch(/"lan" is no network/);
});

it("text that is no condition is a problem of the whole", () => {
  expect(conditionProblems("any: [", place)[0]?.path).toEqual([]);
  expect(conditionProblems("sender: &a { is: x }", place)[0]?.message).toMatch(/^Anchors, aliases and tags/);
});
