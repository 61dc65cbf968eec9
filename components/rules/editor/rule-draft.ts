import type { FormProblems } from "#components/ui/read-form.ts";
import type { Action } from "#core/contract/action.ts";
import type { Condition } from "#core/contract/condition.ts";
import { type Rule, type RuleState, ruleSchema } from "#core/contract/rule.ts";
import type { ConditionPlace } from "#core/policy/check-rulesets.ts";
import { conditionText, readConditionText } from "#core/policy/condition-yaml.ts";
import { type ActionForm, actionErrors, actionFormOf, readAction } from "./action-form.ts";
import { conditionProblems } from "./condition-problems.ts";

/** A rule as its editor holds it. */
export type RuleDraft = {
  name: string;
  /** Empty: in none. */
  section: string;
  state: RuleState;
  /** As YAML, in which the builder edits too. */
  condition: string;
  action: ActionForm;
  log: boolean;
  alarm: boolean;
  expires: string | undefined;
};

/** What is wrong with which field. */
export type RuleProblems = { name?: string; section?: string; when?: string; action?: string };
export type ReadDraft = { ok: true; value: Omit<Rule, "id"> } | { ok: false; problems: RuleProblems & FormProblems };

export function ruleDraftOf(rule: Omit<Rule, "id">): RuleDraft {
  const { name, section = "", state, action, log, alarm, expires } = rule;
  return { name, section, state, condition: conditionText(rule), action: actionFormOf(action), log, alarm, expires };
}

/** The rule of the fields, or what is wrong with which of them. */
export function readRuleDraft(draft: RuleDraft, place: ConditionPlace): ReadDraft {
  const [wrong] = conditionProblems(draft.condition, place);
  const read = readConditionText(draft.condition);
  const action = readAction(draft.action);
  const name = ruleSchema.shape.name.safeParse(draft.name.trim());
  const section = ruleSchema.shape.section.safeParse(draft.section.trim() || undefined);
  if (read.ok && wrong === undefined && action !== null && name.success && section.success) {
    const { state, log, alarm, expires } = draft;
    return {
      ok: true,
      value: {
        name: name.data,
        ...(section.data !== undefined && { section: section.data }),
        state,
        ...read.condition,
        action,
        log,
        alarm,
        ...(expires && { expires }),
      },
    };
  }
  return {
    ok: false,
    problems: {
      ...(name.success
        ? {}
        : { name: draft.name.trim() === "" ? "Give the rule a name." : (name.error.issues[0]?.message ?? "") }),
      ...(section.success ? {} : { section: section.error.issues[0]?.message ?? "" }),
      ...(wrong === undefined ? {} : { when: wrong.message }),
      ...(action !== null
        ? {}
        : { action: Object.values(actionErrors(draft.action))[0] ?? "The action is not complete." }),
    },
  };
}

/** The parts that a sentence needs, or null while they cannot be read. */
export function sentenceParts(draft: RuleDraft): { when?: Condition; action: Action } | null {
  const read = readConditionText(draft.condition);
  const action = readAction(draft.action);
  if (!read.ok || action === null) return null;
  const { when } = read.condition;
  return { ...(when && { when }), action };
}
