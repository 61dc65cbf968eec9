import { Dialog } from "#components/ui/dialog.tsx";

const keys: readonly (readonly [string, string])[] = [
  ["j, k", "to the next or the previous rule; in a row ↓ and ↑ do it too"],
  ["x", "selects the rule; with Shift and a click, all from the one before"],
  ["o, Enter", "opens the rule"],
  ["Alt+↑, Alt+↓", "move the rule, or all that are selected with it"],
  ["m", "Move to…, also to another ruleset"],
  ["Tab", "in a row: state, name, sentence, findings, insert above, commands"],
  ["/", "to the search"],
  ["?", "this list"],
];

/** What the keys do on a page of rules, and the mouse. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title="Keys for rules">
      <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-1">
        {keys.map(([key, words]) => (
          <div key={key} className="contents">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-muted">
        With a mouse, or a finger that rests first, a rule is dragged by its number, and all that are selected with it.
      </p>
    </Dialog>
  );
}
