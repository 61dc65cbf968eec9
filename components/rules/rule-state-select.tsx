"use client";
import { useOptimistic, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Select } from "#components/ui/select.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { type RuleState, ruleStateSchema } from "#core/contract/rule.ts";
import { setRuleStateAction } from "#lib/proxy-actions/actions.ts";

/** Turns a rule on, to observe, or off: in the draft. */
export function RuleStateSelect({ id, name, state }: { id: string; name: string; state: RuleState }) {
  const toast = useToast();
  const [shown, show] = useOptimistic(state);
  const [, startTransition] = useTransition();
  function choose(value: string) {
    startTransition(async () => {
      const next = ruleStateSchema.parse(value);
      show(next);
      const result = await answered(setRuleStateAction({ ruleId: id, state: next }));
      if (!result.ok) toast("fault", result.error.message);
    });
  }
  return (
    <Select aria-label={`State of rule ${name}`} value={shown} onChange={({ target }) => choose(target.value)}>
      <option value="on">On</option>
      <option value="observe">Observe</option>
      <option value="off">Off</option>
    </Select>
  );
}
