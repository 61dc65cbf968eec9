import type { FormProblems } from "#components/ui/read-form.ts";
import type { Action } from "#core/contract/action.ts";
import { type Condition, conditionSchema } from "#core/contract/condition.ts";
import { type Rule, type RuleState, ruleSchema } from "#core/contract/rule.ts";
import { type ActionForm, actionErrors, readAction } from "./action-form.ts";
import { type ConditionForm, conditionOf } from "./condition-rows.ts";
import type { YamlCondition } from "./condition-yaml.tsx";

/** A rule as its editor holds it. `yaml` is set while the condition is edited as text. */
export type RuleDraft = {
  name: string;
  state: RuleState;
  conditions: ConditionForm;
  yaml: YamlCondition | null;
  action: ActionForm;
  log: boolean;
  alarm: boolean;
  expires: string | undefined;
};

/** What is wrong with which field. */
export type RuleProblems = { name?: string; when?: string; action?: string };
export type ReadDraft = { ok: true; value: Omit<Rule, "id"> } | { ok: false; problems: RuleProblems & FormProblems };

/** The rule of the fields, or what is wrong with which of them. */
export function readRuleDraft(draft: RuleDraft): ReadDraft {
  const when = readWhen(draft);
  const action = readAction(draft.action);
  const name = ruleSchema.shape.name.safeParse(draft.name.trim());
  if (when.ok && action !== null && name.success) {
    const { state, log, alarm, expires } = draft;
    return {
      ok: true,
      value: {
        name: name.data,
        state,
        ...(when.when && { when: when.when }),
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
      ...(when.ok ? {} : { when: when.problem }),
      ...(action !== null
        ? {}
        : { action: Object.values(actionErrors(draft.action))[0] ?? "The action is not complete." }),
    },
  };
}

/** The parts that a sentence needs, or null while they cannot be read. */
export function sentenceParts(draft: RuleDraft): { when?: Condition; action: Action } | null {
  const when = readWhen(draft);
  const action = readAction(draft.action);
  if (!when.ok || action === null) return null;
  return { ...(when.when && { when: when.when }), action };
}

function readWhen({ conditions, yaml }: RuleDraft): YamlCondition {
  if (yaml !== null) return yaml;
  const input = conditionOf(conditions);
  if (input === undefined) return { ok: true, when: undefined };
  const blank = conditions.rows.findIndex(({ value, test }) => value.trim() === "" && test !== "is");
  if (blank >= 0) return { ok: false, problem: `Condition ${blank + 1} has no value.` };
  const parsed = conditionSchema.safeParse(input);
  if (parsed.success) return { ok: true, when: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, problem: `${issue?.path.join(".") ?? "condition"}: ${issue?.message ?? "not complete"}` };
}
