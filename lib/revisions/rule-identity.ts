import { randomUUID } from "node:crypto";
import { type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import type { PolicyDocument, ProxyAction } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import { withRuleIds } from "#core/policy/rule-ids.ts";

/** The rulesets that a proxy action has, in the order of a session. */
export function rulesetsOf(action: ProxyAction): { stage: Stage; ruleset: Ruleset }[] {
  const byStage: Partial<Record<Stage, Ruleset | undefined>> = action.rulesets;
  return stagesByProtocol[action.protocol].flatMap((stage) => {
    const ruleset = byStage[stage];
    return ruleset === undefined ? [] : [{ stage, ruleset }];
  });
}

type PlacedRule = { rule: Rule; place: string };

function placedRules(document: PolicyDocument): PlacedRule[] {
  return document.proxyActions.flatMap((action) =>
    rulesetsOf(action).flatMap(({ stage, ruleset }) =>
      ruleset.rules.map((rule) => ({ rule, place: JSON.stringify([action.name, stage, rule.name]) })),
    ),
  );
}

/**
 * Gives an id to each rule of a document: its own, else that of the rule of the same name in the same place of `before`, else a new one.
 * Counters and events refer to rules by id, so a document that comes in again without ids must not orphan them.
 */
export function withKnownRuleIds(document: PolicyDocument, before: PolicyDocument): PolicyDocument {
  const known = new Map(placedRules(before).map(({ rule, place }) => [place, rule.id]));
  const taken = new Set(placedRules(document).map(({ rule }) => rule.id));
  return withRuleIds(document, (place) => {
    const id = known.get(place);
    if (id === undefined || taken.has(id)) return randomUUID();
    taken.add(id);
    return id;
  });
}
