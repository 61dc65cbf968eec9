import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";

/**
 * The document with an id for every rule: those that have none get `makeId` of their place:
 * proxy action, ruleset and rule as JSON text, unique in a document that passed its check.
 */
export function withRuleIds(document: PolicyDocument, makeId: (place: string) => string): PolicyDocument {
  return mapRules(document, (rule, place) => (rule.id === undefined ? { ...rule, id: makeId(place) } : rule));
}

/** The document without rule ids: what it means, whoever keeps it. */
export function withoutRuleIds(document: PolicyDocument): PolicyDocument {
  return mapRules(document, ({ id: _, ...rule }) => rule);
}

function mapRules(document: PolicyDocument, change: (rule: Rule, place: string) => Rule): PolicyDocument {
  const proxyActions = document.proxyActions.map((action) => {
    const rulesets: Record<string, Ruleset> = {};
    for (const [stage, ruleset] of Object.entries<Ruleset | undefined>(action.rulesets)) {
      if (ruleset === undefined) continue;
      const rules = ruleset.rules.map((rule) => change(rule, JSON.stringify([action.name, stage, rule.name])));
      rulesets[stage] = { ...ruleset, rules };
    }
    return { ...action, rulesets };
  });
  return { ...document, proxyActions };
}
