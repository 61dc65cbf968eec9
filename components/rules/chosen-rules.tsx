import { Button } from "#components/ui/button.tsx";
import { type RuleState, ruleStateSchema } from "#core/contract/rule.ts";

type ChosenRulesProps = {
  count: number;
  of: number;
  onState: (state: RuleState) => void;
  onMove: () => void;
  onSection: () => void;
  onReset: () => void;
  onDelete: () => void;
  onClear: () => void;
};

const stateLabels: Record<RuleState, string> = { on: "Turn on", observe: "Observe", off: "Turn off" };

/** What can be done with the rules that are chosen. */
export function ChosenRules({ count, of, onState, onMove, onSection, onReset, onDelete, onClear }: ChosenRulesProps) {
  if (count === 0) return null;
  return (
    <div
      role="group"
      aria-label="Selected rules"
      className="flex flex-wrap items-center gap-2 rounded-md border border-accent bg-accent-tint p-1 ps-2"
    >
      <span>
        {count} of {of} {of === 1 ? "rule" : "rules"} selected
      </span>
      {ruleStateSchema.options.map((state) => (
        <Button key={state} size="small" onClick={() => onState(state)}>
          {stateLabels[state]}
        </Button>
      ))}
      <Button size="small" onClick={onMove}>
        Move to…
      </Button>
      <Button size="small" onClick={onSection}>
        Section…
      </Button>
      <Button size="small" onClick={onReset}>
        Reset counters…
      </Button>
      <Button size="small" variant="danger" onClick={onDelete}>
        Delete
      </Button>
      <Button size="small" variant="quiet" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
