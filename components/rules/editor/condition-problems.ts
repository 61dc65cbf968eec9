import { facts } from "#core/contract/facts.ts";
import { type ConditionPlace, checkOneCondition } from "#core/policy/check-rulesets.ts";
import { type ConditionPath, type ConditionTest, conditionTree, testsAmong } from "#core/policy/condition-tree.ts";
import { type ConditionProblem, parseConditionText, readConditionText } from "#core/policy/condition-yaml.ts";

/** `blank`: nothing is wrong with what is there, it is only not finished. */
export type FieldProblem = ConditionProblem & { blank: boolean };

/** All that is wrong with a condition as it is being written: what the console and the worker would refuse. */
export function conditionProblems(text: string, place: ConditionPlace): FieldProblem[] {
  const read = readConditionText(text);
  if (read.ok) {
    const { when } = read.condition;
    return when === undefined ? [] : checkOneCondition(when, place).map((problem) => ({ ...problem, blank: false }));
  }
  const yaml = parseConditionText(text);
  const tree = typeof yaml === "string" ? null : conditionTree(yaml);
  const tests = tree === null ? [] : testsAmong(tree);
  return read.problems.map((problem) => {
    const test = tests.find(({ path }) => leadsTo(problem.path, path));
    return test === undefined ? { ...problem, blank: false } : inWords(problem, test);
  });
}

function inWords({ path, message }: ConditionProblem, { fact, value }: ConditionTest): FieldProblem {
  if (value.trim() === "") return { path, message: "Give it a value.", blank: true };
  return { path, message: facts[fact].kind === "number" ? "Give it a number." : message, blank: false };
}

/** Whether a problem's path ends in the place of another path. */
export function leadsTo(path: ConditionPath, place: ConditionPath): boolean {
  return place.every((part, i) => path[i] === part);
}
