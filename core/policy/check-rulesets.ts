import { type Action, legalActions } from "#core/contract/action.ts";
import { type Condition, conditionDepthMax } from "#core/contract/condition.ts";
import {
  type FactKind,
  type FactName,
  factIsKnown,
  facts,
  factValues,
  type Protocol,
  type Stage,
  stagesByProtocol,
} from "#core/contract/facts.ts";
import type { PolicyDocument, Problem } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import { compilePattern } from "#core/match/pattern.ts";
import { checkNotice, checkValues } from "./check-content.ts";
import { checkReaddressing } from "./check-envelope.ts";
import { checkNames, checkNetworks, type Path, type Report } from "./problem-report.ts";

/** The operators that name something; which of them a test may have is the schema's matter. */
type TestShape = { is?: unknown; in?: unknown; inList?: unknown; pattern?: unknown };
type Names = {
  /** Their kinds by name. */
  lists: ReadonlyMap<string, string>;
  notices: ReadonlySet<string>;
  dictionaries: readonly string[];
};
type Place = Names & { protocol: Protocol; stage: Stage; report: Report };

/** Where a condition stands, and what it can name. */
export type ConditionPlace = Omit<Place, "report">;

/** What checkDocument finds against a condition; paths begin at the condition. */
export function checkOneCondition(condition: Condition, place: ConditionPlace): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, code, message) => problems.push({ path, code, message });
  checkCondition(condition, [], { ...place, report }, 1);
  return problems;
}

/** Checks every rule of every proxy action; part of `checkDocument`. */
export function checkRulesets(document: PolicyDocument, report: Report): void {
  const names: Names = {
    lists: new Map(document.lists.map((list) => [list.name, list.kind])),
    notices: new Set(document.notices.map(({ name }) => name)),
    dictionaries: document.dictionaries.map(({ name }) => name),
  };
  const ids = new Set<string>();
  document.proxyActions.forEach(({ protocol, rulesets }, i) => {
    const given: { [S in Stage]?: Ruleset | undefined } = rulesets;
    for (const stage of stagesByProtocol[protocol]) {
      const ruleset = given[stage];
      if (ruleset === undefined) continue;
      const path: Path = ["proxyActions", i, "rulesets", stage];
      checkRuleset(ruleset, path, { ...names, protocol, stage, report });
      ruleset.rules.forEach(({ id }, n) => {
        if (id === undefined) return;
        if (ids.has(id)) report([...path, "rules", n, "id"], "duplicate-name", `the rule id ${id} stands twice`);
        ids.add(id);
      });
    }
  });
}

function checkRuleset(ruleset: Ruleset, path: Path, place: Place): void {
  checkNames(ruleset.rules, [...path, "rules"], place.report);
  checkAction(ruleset.noneMatched.action, [...path, "noneMatched", "action"], place);
  ruleset.rules.forEach((rule, n) => {
    const at: Path = [...path, "rules", n];
    checkAction(rule.action, [...at, "action"], place);
    if (rule.when !== undefined) checkCondition(rule.when, [...at, "when"], place, 1);
  });
}

function checkAction(action: Action, path: Path, { protocol, stage, notices, report }: Place): void {
  const legal = legalActions(protocol, stage);
  checkReaddressing(action, stage, path, report);
  checkNotice(action, path, notices, report);
  if (legal.includes(action.kind)) return;
  const message = `${action.kind} is not possible in the ${stage} ruleset of ${protocol}: use ${legal.join(", ")}`;
  report(path, "illegal", message);
}

function checkCondition(condition: Condition, path: Path, place: Place, depth: number): void {
  if (depth > conditionDepthMax) {
    place.report(path, "illegal", `conditions are nested more than ${conditionDepthMax} deep`);
    return;
  }
  for (const [key, value] of Object.entries(condition)) {
    if (value === undefined) continue;
    if (key === "all" || key === "any" || key === "none") {
      (value as Condition[]).forEach((child, i) => {
        checkCondition(child, [...path, key, i], place, depth + 1);
      });
    } else checkTest(key as FactName, value as TestShape, [...path, key], place);
  }
}

function checkTest(fact: FactName, test: TestShape, path: Path, place: Place): void {
  const { protocol, stage, lists, dictionaries, report } = place;
  const { kind } = facts[fact];
  if (!factIsKnown(fact, protocol, stage)) {
    report(path, "illegal", `${fact} is not known in the ${stage} ruleset of ${protocol}`);
  }
  const values = fact === "dictionary" ? dictionaries : factValues(fact);
  if (values !== null) checkValues(test, fact, values, path, report);
  if (kind === "network" && Array.isArray(test.in)) checkNetworks(test.in, [...path, "in"], report);
  if (typeof test.pattern === "string") {
    const result = compilePattern(test.pattern);
    if (!result.ok) report([...path, "pattern"], "bad-pattern", result.reason);
  }
  if (typeof test.inList === "string") checkList(test.inList, kind, [...path, "inList"], { lists, report });
}

function checkList(name: string, fact: FactKind, path: Path, { lists, report }: Pick<Place, "lists" | "report">): void {
  const kind = lists.get(name);
  if (kind === undefined) report(path, "unknown-name", `there is no list "${name}"`);
  else if ((kind === "networks") !== (fact === "network")) {
    report(path, "wrong-kind", `the list "${name}" holds ${kind}, which this fact cannot be in`);
  }
}
