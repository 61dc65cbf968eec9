import { z } from "zod";
import { stageSchema } from "#core/contract/decision.ts";
import { noneMatchedSchema, ruleSchema, ruleStateSchema, rulesPerRulesetMax } from "#core/contract/rule.ts";
import { toTop } from "#core/policy/rule-orders.ts";
import { simpleRulesetSchema } from "#core/policy/simple-ruleset.ts";

const version = z.number().int().positive();

/** Of one command: more than a ruleset can have are never chosen. */
const many = <T extends z.ZodType>(one: T) => z.array(one).min(1).max(rulesPerRulesetMax);
const rulesetPlace = { proxyActionId: z.uuid(), ruleset: stageSchema };
/** The rule that others go before; null: at the end. */
const before = z.uuid().nullable();

/** A rule as its editor sends it. */
export const ruleInputSchema = ruleSchema.omit({ id: true });
export type RuleInput = z.infer<typeof ruleInputSchema>;

export const addRuleSchema = z.strictObject({
  ...rulesetPlace,
  before,
  rule: ruleInputSchema,
});
export type AddRule = z.infer<typeof addRuleSchema>;

/** `version` is the one that the editor saw. */
export const editRuleSchema = z.strictObject({ ruleId: z.uuid(), version, rule: ruleInputSchema });
export type EditRule = z.infer<typeof editRuleSchema>;

/** null: in none. */
const section = ruleSchema.shape.section.unwrap().nullable();

/** Blocks that go to a place, one after the other. */
export const moveRulesSchema = z.strictObject({
  moves: many(
    z.strictObject({
      ruleIds: many(z.uuid()),
      to: z.strictObject({
        ...rulesetPlace,
        before: z.union([z.uuid(), z.literal(toTop)]).nullable(),
        section: section.exactOptional(),
      }),
    }),
  ),
});
export type MoveRules = z.infer<typeof moveRulesSchema>;

export const setRuleStatesSchema = z.strictObject({
  states: many(z.strictObject({ ruleId: z.uuid(), state: ruleStateSchema })),
});
export type SetRuleStates = z.infer<typeof setRuleStatesSchema>;

export const setRuleSectionSchema = z.strictObject({
  ruleIds: many(z.uuid()),
  section,
});
export type SetRuleSection = z.infer<typeof setRuleSectionSchema>;

export const cloneRuleSchema = z.strictObject({ ruleId: z.uuid() });
export type CloneRule = z.infer<typeof cloneRuleSchema>;

export const deleteRulesSchema = z.strictObject({ rules: many(z.strictObject({ ruleId: z.uuid(), version })) });
export type DeleteRules = z.infer<typeof deleteRulesSchema>;

export const editNoneMatchedSchema = z.strictObject({
  proxyActionId: z.uuid(),
  version,
  ruleset: stageSchema,
  noneMatched: noneMatchedSchema,
});
export type EditNoneMatched = z.infer<typeof editNoneMatchedSchema>;

/** A ruleset as patterns. `version` is that of rulesetVersion, as the editor saw it. */
export const editSimpleRulesetSchema = z.strictObject({
  proxyActionId: z.uuid(),
  version,
  ruleset: stageSchema,
  simple: simpleRulesetSchema,
});
export type EditSimpleRuleset = z.infer<typeof editSimpleRulesetSchema>;
