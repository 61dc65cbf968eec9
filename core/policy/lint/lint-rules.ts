import { type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import type { CompiledLists } from "../compile-condition.ts";
import { goesOn } from "../decide.ts";
import { RuleAsker } from "./asked-rule.ts";
import { Effort } from "./effort.ts";
import type { Add, Finding } from "./finding.ts";
import { OrderLint } from "./lint-order.ts";
import { lintRedundant } from "./lint-redundant.ts";
import { Coverage } from "./rule-coverage.ts";
import { Neighbours } from "./rule-neighbours.ts";
import { type RulesInOrder, takesForGood } from "./rules-in-order.ts";

/** Rules that never match or do nothing of their own, that match or refuse everything, or that have had their time. */
export function lintRules(document: PolicyDocument, lists: CompiledLists, now: number, add: Add): void {
  const effort = new Effort(document.lists);
  const asker = new RuleAsker(lists, document.lists, effort);
  const coverage = new Coverage(lists, effort);
  const order = new OrderLint(coverage, add);
  let compared: RulesInOrder["path"] | null = null;
  document.proxyActions.forEach((action, i) => {
    const rulesets: { [S in Stage]?: Ruleset | undefined } = action.rulesets;
    for (const stage of stagesByProtocol[action.protocol]) {
      const given = rulesets[stage];
      if (given === undefined) continue;
      const rules = given.rules.map((rule, n) => (isAlive(rule, now) ? asker.ask(rule, n) : null));
      const ruleset: RulesInOrder = {
        path: ["proxyActions", i, "rulesets", stage, "rules"],
        where: `${action.name}, ${stage}`,
        action,
        stage,
        noneMatched: given.noneMatched,
        rules,
        neighbours: new Neighbours(rules),
      };
      lintExpired(given.rules, ruleset, now, add);
      const shadowed = order.look(ruleset);
      lintRedundant(ruleset, coverage, shadowed, add);
      lintMatchAll(ruleset, shadowed, add);
      if (effort.hasRunOut) compared ??= ruleset.path;
    }
  });
  if (compared !== null) add(unfinished(compared));
}

function isAlive({ state, expires }: Rule, now: number): boolean {
  return state !== "off" && (expires === undefined || Date.parse(expires) > now);
}

function lintExpired(rules: readonly Rule[], { path, where }: RulesInOrder, now: number, add: Add): void {
  rules.forEach((rule, n) => {
    if (rule.state === "off" || isAlive(rule, now)) return;
    add({
      code: "rule-expired",
      severity: "note",
      path: [...path, n],
      what: `The rule "${rule.name}" of ${where} expired at ${rule.expires ?? ""}.`,
      why: "It is no longer asked.",
      doThis: "Delete it, or give it a later date.",
      source: null,
    });
  });
}

const envelope: readonly Stage[] = ["greeting", "sender", "recipient"];
const refusals: readonly string[] = ["deny", "tempfail", "drop", "block"];

function lintMatchAll({ rules, path, where, stage }: RulesInOrder, shadowed: ReadonlySet<number>, add: Add): void {
  const at = rules.findIndex((asked) => asked?.matchesAll === true && takesForGood(asked.rule, stage));
  const rule = rules[at]?.rule;
  if (rule === undefined || shadowed.has(at)) return;
  const isFirst = !rules
    .slice(0, at)
    .some((earlier) => earlier?.rule.state === "on" && !goesOn(earlier.rule.action, stage));
  if (isFirst && envelope.includes(stage) && refusals.includes(rule.action.kind)) {
    add({
      code: "refuses-everything",
      severity: "warning",
      path: [...path, at],
      what: `The rule "${rule.name}" of ${where} refuses every ${stage === "greeting" ? "connection" : stage}.`,
      why: "No mail passes.",
      doThis: "Give it a condition, or refuse through the policy's disposition, which says so at the connection.",
      source: null,
    });
    return;
  }
  const below = rules.slice(at + 1).filter((later) => later !== null).length;
  add({
    code: "rule-matches-everything",
    severity: below > 0 ? "warning" : "note",
    path: [...path, at],
    what: `The rule "${rule.name}" of ${where} matches everything that reaches it.`,
    why:
      below > 0
        ? `${below === 1 ? "The rule below it is" : `The ${below} rules below it are`} never reached, and what stands for none matched neither.`
        : "What stands for none matched is never reached.",
    doThis:
      below > 0
        ? "Move it to the end, or give it a condition."
        : "Set its action for none matched and delete the rule.",
    source: null,
  });
}

function unfinished(path: RulesInOrder["path"]): Finding {
  return {
    code: "rules-not-compared",
    severity: "note",
    path: [...path],
    what: "There are more rules than can be compared with each other in good time: from here on not all were.",
    why: "Of rules that were not compared it is not told whether one takes what another asks for.",
    doThis:
      "Ask for values instead of expressions and wildcards where it can be said so, and put rules that differ in one value into one.",
    source: null,
  };
}
