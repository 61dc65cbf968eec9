import { Select } from "#components/ui/select.tsx";
import { type RuleState, ruleStateSchema } from "#core/contract/rule.ts";

type RuleStateSelectProps = { name: string; state: RuleState; disabled: boolean; onChoose: (state: RuleState) => void };

/** Whether a rule is on, observes, or is off. */
export function RuleStateSelect({ name, state, disabled, onChoose }: RuleStateSelectProps) {
  return (
    <Select
      className="h-6! w-full"
      aria-label={`State of rule ${name}`}
      value={state}
      disabled={disabled}
      onChange={({ target }) => onChoose(ruleStateSchema.parse(target.value))}
    >
      <option value="on">On</option>
      <option value="observe">Observe</option>
      <option value="off">Off</option>
    </Select>
  );
}
