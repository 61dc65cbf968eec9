import { z } from "zod";
import { actionSchema } from "#core/contract/action.ts";
import { stageSchema } from "#core/contract/decision.ts";
import { type FactName, facts } from "#core/contract/facts.ts";
import { noneMatchedSchema, ruleSchema, ruleStateSchema, rulesPerRulesetMax } from "#core/contract/rule.ts";
import { orderTargetSchema } from "#lib/revisions/draft-order.ts";

const version = z.number().int().positive();
const simplePatternsMax = 20_000;

/** A rule as its editor sends it. */
export const ruleInputSchema = ruleSchema.omit({ id: true });
export type RuleInput = z.infer<typeof ruleInputSchema>;

export const addRuleSchema = z.strictObject({
  proxyActionId: z.uuid(),
  ruleset: stageSchema,
  /** The rule it is put before; null: at the end. */
  before: z.uuid().nullable(),
  rule: ruleInputSchema,
});
export type AddRule = z.infer<typeof addRuleSchema>;

/** `version` is the one that the editor saw. */
export const editRuleSchema = z.strictObject({ ruleId: z.uuid(), version, rule: ruleInputSchema });
export type EditRule = z.infer<typeof editRuleSchema>;

export const moveRuleSchema = z.strictObject({
  ruleId: z.uuid(),
  to: orderTargetSchema,
});
export type MoveRule = z.infer<typeof moveRuleSchema>;

export const setRuleStateSchema = z.strictObject({ ruleId: z.uuid(), state: ruleStateSchema });
export type SetRuleState = z.infer<typeof setRuleStateSchema>;

export const cloneRuleSchema = z.strictObject({ ruleId: z.uuid() });
export type CloneRule = z.infer<typeof cloneRuleSchema>;

export const deleteRuleSchema = z.strictObject({ ruleId: z.uuid(), version });
export type DeleteRule = z.infer<typeof deleteRuleSchema>;

export const editNoneMatchedSchema = z.strictObject({
  proxyActionId: z.uuid(),
  version,
  ruleset: stageSchema,
  noneMatched: noneMatchedSchema,
});
export type EditNoneMatched = z.infer<typeof editNoneMatchedSchema>;

const factNames = Object.keys(facts).filter((name): name is FactName => name in facts);

/** A ruleset as patterns. `seen` are its rules as the editor saw them, in order, and `version` the proxy action's, whose default is written too. */
export const editSimpleRulesetSchema = z.strictObject({
  proxyActionId: z.uuid(),
  version,
  ruleset: stageSchema,
  seen: z.array(z.strictObject({ id: z.uuid(), version })).max(rulesPerRulesetMax),
  simple: z.strictObject({
    fact: z.enum(factNames),
    patterns: z.array(z.string().trim().min(1).max(1024)).max(simplePatternsMax),
    matched: actionSchema,
    log: z.boolean(),
    noneMatched: noneMatchedSchema,
  }),
});
export type EditSimpleRuleset = z.infer<typeof editSimpleRulesetSchema>;
