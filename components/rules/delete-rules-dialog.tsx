import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ruleSentence } from "#core/policy/explain.ts";
import type { RuleView } from "#lib/policies/queries.ts";

const rulesShownMax = 10;

type DeleteRulesDialogProps = { rules: readonly RuleView[]; onClose: () => void; onDelete: () => void };

/** Asks before rules are taken out of the draft. */
export function DeleteRulesDialog({ rules, onClose, onDelete }: DeleteRulesDialogProps) {
  const [only] = rules;
  const what = rules.length === 1 && only !== undefined ? `rule “${only.rule.name}”` : `${rules.length} rules`;
  const left = rules.length - rulesShownMax;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Delete ${what}`}
      confirmLabel="Delete from the draft"
      danger
      onConfirm={onDelete}
    >
      <ul className="flex flex-col gap-1">
        {rules.slice(0, rulesShownMax).map(({ id, rule }) => (
          <li key={id} className="[overflow-wrap:anywhere]">
            {rules.length > 1 && <strong className="font-medium">{rule.name}: </strong>}
            {ruleSentence(rule)}
          </li>
        ))}
      </ul>
      {left > 0 && <p className="text-muted">and {left} more</p>}
      <p className="mt-2">
        {rules.length === 1 ? "It stays" : "They stay"} in force until the draft is published, and the deletion can be
        undone for an hour. Counters and messages stay in the record.
      </p>
    </ConfirmDialog>
  );
}
