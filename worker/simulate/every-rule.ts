import type { Stage } from "#core/contract/facts.ts";
import type { PolicyDocument, ProxyAction } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import { type CompiledMailPolicy, compileProxyAction } from "#core/policy/compile.ts";
import { CompiledLists } from "#core/policy/compile-condition.ts";
import { RuleWatch } from "./rule-watch.ts";

type Action = CompiledMailPolicy["action"];

/** Looks at every rule of a policy's proxy action, also at those that are off. The document is one that compiles. */
export function watchEveryRule(document: PolicyDocument, { action }: CompiledMailPolicy, now: () => number): RuleWatch {
  const off = compiledOff(action, document);
  const rulesets = new Map(action.rulesets);
  for (const [stage, given] of rulesetsOf(action.definition)) {
    const compiled = action.rulesets.get(stage);
    if (compiled === undefined) continue;
    const [on, others] = [[...compiled.rules], [...(off?.rulesets.get(stage)?.rules ?? [])]];
    const rules = given.rules.flatMap(({ state }) => (state === "off" ? others : on).splice(0, 1));
    rulesets.set(stage, { ...compiled, rules });
  }
  return new RuleWatch({ ...action, rulesets }, isOff(action.definition), now);
}

/** The rules that are off alone, as if they were observed; null: there are none. */
function compiledOff({ definition, content }: Action, { lists }: PolicyDocument): Action | null {
  const rulesets = rulesetsOf(definition).map(([stage, ruleset]) => {
    const rules = ruleset.rules.flatMap((rule) => (rule.state === "off" ? { ...rule, state: "observe" } : []));
    return [stage, { ...ruleset, rules }] as const;
  });
  if (rulesets.every(([, { rules }]) => rules.length === 0)) return null;
  const observed = { ...definition, rulesets: Object.fromEntries(rulesets) };
  return compileProxyAction(observed, new CompiledLists(lists), content);
}

function rulesetsOf({ rulesets }: ProxyAction): [Stage, Ruleset][] {
  const given: { [S in Stage]?: Ruleset | undefined } = rulesets;
  const stages = Object.keys(given) as Stage[];
  return stages.flatMap((stage): [Stage, Ruleset][] => {
    const ruleset = given[stage];
    return ruleset === undefined ? [] : [[stage, ruleset]];
  });
}

function isOff(action: ProxyAction): (stage: Stage, ruleId: string) => boolean {
  const off = rulesetsOf(action).flatMap(([stage, { rules }]) =>
    rules.flatMap(({ state, id, name }) => (state === "off" ? [`${stage} ${id ?? name}`] : [])),
  );
  const known = new Set(off);
  return (stage, ruleId) => known.has(`${stage} ${ruleId}`);
}
