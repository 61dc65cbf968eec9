import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import { newRuleId } from "#core/contract/simulation.ts";
import { PublicError } from "#lib/errors.ts";
import { readPlace } from "#lib/proxy-actions/queries.ts";
import type { TypedRule } from "./simulator-input.ts";

/** The draft with a rule as it is in its editor, saved or not: in the place of the one that is there, or where it is to be put. */
export async function withTypedRule(draft: PolicyDocument, typed: TypedRule): Promise<PolicyDocument> {
  const place = await readPlace(typed.proxyActionId, typed.ruleset);
  if (place === null) throw gone();
  const proxyActions = draft.proxyActions.map((one) => {
    if (one.name !== place.proxyAction) return one;
    const rulesets: { [stage: string]: Ruleset | undefined } = one.rulesets;
    const { rules = [], ...more } = rulesets[typed.ruleset] ?? {};
    return { ...one, rulesets: { ...rulesets, [typed.ruleset]: { ...more, rules: placed(rules, typed) } } };
  });
  return policyDocumentSchema.parse({ ...draft, proxyActions });
}

function placed(rules: readonly Rule[], { target, rule }: TypedRule): Rule[] {
  if (target.kind === "new" && target.before === null) return [...rules, { ...rule, id: newRuleId }];
  const index = rules.findIndex(({ id }) => id === (target.kind === "new" ? target.before : target.ruleId));
  if (index === -1) throw gone();
  return target.kind === "new"
    ? rules.toSpliced(index, 0, { ...rule, id: newRuleId })
    : rules.with(index, { ...rule, id: target.ruleId });
}

function gone(): PublicError {
  return new PublicError(
    "NOT_FOUND",
    "The place of this rule is gone from the draft: somebody moved or deleted what was there. Close the editor and open it where the rule is to be.",
  );
}
