import { factIsKnown, type Stage } from "#core/contract/facts.ts";
import type { ProxyAction } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import { contentNeeds } from "../content-needs.ts";
import { goesOn } from "../decide.ts";
import type { AskedRule } from "./asked-rule.ts";
import type { Add } from "./finding.ts";
import type { Coverage } from "./rule-coverage.ts";
import { type PlacedRule, type RulesInOrder, ruleWords, takesForGood } from "./rules-in-order.ts";

/** What does the same in a rule's stead: a later rule, or null: `noneMatched`. */
type Stead = { by: PlacedRule | null };
/** Rules that follow each other, are on and have the same effect; `end`: the place behind the last. */
type Run = { effect: string; end: number };

/** Rules without which the same becomes of all mail. `shadowed`: the places of those of which more is said already. */
export function lintRedundant(
  ruleset: RulesInOrder,
  coverage: Coverage,
  shadowed: ReadonlySet<number>,
  add: Add,
): void {
  for (const [asked, run] of runsOf(ruleset.rules)) {
    const { rule, n } = asked;
    if (shadowed.has(n) || rule.state !== "on" || goesOn(rule.action, ruleset.stage)) continue;
    const stead = steadOf(ruleset, asked, run, coverage);
    if (stead === null || !readsTheSame(ruleset, n)) continue;
    const { by } = stead;
    const who = by === null ? "what stands for none matched" : ruleWords(by);
    add({
      code: "rule-redundant",
      severity: "note",
      path: [...ruleset.path, n],
      ...(by === null ? {} : { related: [...ruleset.path, by.n] }),
      what: `Without the rule "${rule.name}" of ${ruleset.where} the same becomes of all mail: ${who} does it as well.`,
      why: "Who reads the rules takes it for one that matters.",
      doThis: "Delete it, unless its counter is what you want.",
      source: null,
    });
  }
}

/** Everything between has to have the same effect: then it is the same whichever of them matches. */
function steadOf(ruleset: RulesInOrder, asked: AskedRule, run: Run, coverage: Coverage): Stead | null {
  const by = ruleset.neighbours
    .of(asked, asked.n + 1, run.end)
    .find((later) => takesForGood(later.rule, ruleset.stage) && coverage.covers(later, asked));
  if (by !== undefined) return { by };
  const isLast = run.end === ruleset.rules.length;
  return isLast && effectOf({ ...ruleset.noneMatched, alarm: false }) === run.effect ? { by: null } : null;
}

function runsOf(rules: RulesInOrder["rules"]): ReadonlyMap<AskedRule, Run> {
  const runs = new Map<AskedRule, Run>();
  let run: Run = { effect: "", end: 0 };
  for (const asked of rules) {
    if (asked === null) continue;
    const effect = asked.rule.state === "on" ? effectOf(asked.rule) : "";
    if (effect !== run.effect) {
      run.end = asked.n;
      run = { effect, end: rules.length };
    }
    runs.set(asked, run);
  }
  return runs;
}

function effectOf({ action, log, alarm }: Pick<Rule, "action" | "log" | "alarm">): string {
  return JSON.stringify([action, log, alarm]);
}

/** Whether as much of a message is read, held and asked of scanners without the rule: what cannot be read or asked can stop a message. */
function readsTheSame({ action, stage }: RulesInOrder, n: number): boolean {
  return needsText(action) === needsText(without(action, stage, n));
}

function needsText(action: ProxyAction): string {
  const { facts, traits, hold, ...others } = contentNeeds(action);
  // What is known before a message's content comes costs nothing.
  const ofContent = [...facts].filter((name) => !factIsKnown(name, action.protocol, beforeContent[action.protocol]));
  return JSON.stringify([others, ofContent.toSorted(), [...traits].toSorted(), hold.what]);
}

const beforeContent = { smtp: "recipient", pop3: "command" } as const;

function without(action: ProxyAction, stage: Stage, n: number): ProxyAction {
  const rulesets: { [S in Stage]?: Ruleset | undefined } = { ...action.rulesets };
  const ruleset = rulesets[stage];
  if (ruleset !== undefined) rulesets[stage] = { ...ruleset, rules: ruleset.rules.filter((_, at) => at !== n) };
  return { ...action, rulesets } as ProxyAction;
}
