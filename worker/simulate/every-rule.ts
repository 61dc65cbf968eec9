import type { Stage } from "#core/contract/facts.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import { type CompiledMailPolicy, compilePolicy } from "#core/policy/compile.ts";
import { RuleWatch } from "./rule-watch.ts";

/** Looks at every rule of a policy's proxy action, also at those that are off. The document is one that compiles. */
export function watchEveryRule(document: PolicyDocument, policy: CompiledMailPolicy, now: () => number): RuleWatch {
  return new RuleWatch(everyRule(document, policy.name), isOff(document, policy.action.definition.name), now);
}

/** The proxy action of a policy with the rules that are off as if they were observed. */
function everyRule(document: PolicyDocument, policyName: string): CompiledMailPolicy["action"] {
  const observed = <T extends Ruleset | undefined>(ruleset: T): T =>
    ruleset === undefined
      ? ruleset
      : {
          ...ruleset,
          rules: ruleset.rules.map((rule) => (rule.state === "off" ? { ...rule, state: "observe" } : rule)),
        };
  const proxyActions = document.proxyActions.map((action) => {
    const rulesets = Object.entries(action.rulesets).map(([stage, ruleset]) => [stage, observed(ruleset)]);
    return { ...action, rulesets: Object.fromEntries(rulesets) };
  });
  const compiled = compilePolicy({ ...document, proxyActions });
  const policies = compiled.ok ? compiled.policy.listeners.flatMap((listener) => listener.policies) : [];
  const found = policies.find(({ name }) => name === policyName);
  if (found === undefined) throw new Error(`no policy ${policyName}`);
  return found.action;
}

function isOff(document: PolicyDocument, proxyAction: string): (stage: Stage, ruleId: string) => boolean {
  const action = document.proxyActions.find(({ name }) => name === proxyAction);
  const off = Object.entries(action?.rulesets ?? {}).flatMap(([stage, ruleset]: [string, Ruleset | undefined]) =>
    (ruleset?.rules ?? []).flatMap(({ state, id, name }) => (state === "off" ? [`${stage} ${id ?? name}`] : [])),
  );
  const known = new Set(off);
  return (stage, ruleId) => known.has(`${stage} ${ruleId}`);
}
