import { z } from "zod";
import { actionSchema } from "./action.ts";
import { conditionSchema } from "./condition.ts";
import { nameSchema } from "./name.ts";

export const ruleStateSchema = z.enum(["on", "observe", "off"]);
export type RuleState = z.infer<typeof ruleStateSchema>;

/** Characters. */
export const conditionTextMax = 65_536;

export const ruleSchema = z.strictObject({
  /** Stable over edits and moves: counters and events refer to it. Documents written by hand may leave it out. */
  id: z.uuid().optional(),
  name: nameSchema,
  /** Rules one after the other with the same section stand under its heading. It decides nothing. */
  section: nameSchema.optional(),
  /** on: enforced. observe: evaluated, counted and recorded, never enforced. off: skipped. */
  state: ruleStateSchema.default("on"),
  /** Absent: the rule matches everything. */
  when: conditionSchema.optional(),
  /** `when` as YAML, where it was written with comments; without a meaning once it says something else. */
  whenText: z.string().max(conditionTextMax).optional(),
  action: actionSchema,
  log: z.boolean().default(false),
  /** A match is shown under "Needs attention". */
  alarm: z.boolean().default(false),
  /** From then on the rule counts as off. */
  expires: z.iso.datetime().optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

export const rulesPerRulesetMax = 2_000;

export const noneMatchedSchema = z.strictObject({ action: actionSchema, log: z.boolean().default(false) });

/** First match wins; then `noneMatched`. */
export const rulesetSchema = z.strictObject({
  rules: z.array(ruleSchema).max(rulesPerRulesetMax).default([]),
  noneMatched: noneMatchedSchema.default({ action: { kind: "allow" }, log: false }),
});
export type Ruleset = z.infer<typeof rulesetSchema>;
