import { ArrowUpDown, CirclePlus, type LucideIcon, Pencil, TextCursorInput, Trash2 } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import type { Change } from "#core/policy/diff.ts";

/** Without colours, which are for verdicts and faults: a rule that goes is none. */
const icons: Record<Change["kind"], LucideIcon> = {
  added: CirclePlus,
  removed: Trash2,
  renamed: TextCursorInput,
  changed: Pencil,
  moved: ArrowUpDown,
};

type ChangeListProps = {
  changes: readonly Change[];
  /** Objects whose changes can be chosen. */
  choice?: { ticked: ReadonlySet<string>; onTick: (at: string, on: boolean) => void };
};

/** Changes in words, each with the properties behind it. */
export function ChangeList({ changes, choice }: ChangeListProps) {
  return (
    <ul className="flex flex-col divide-y divide-line">
      {changes.map((change, index) => (
        <li key={index} className="flex flex-wrap items-start gap-x-3 gap-y-1 py-2">
          <span className="w-24 shrink-0">
            <Badge tone="inactive" icon={icons[change.kind]}>
              {change.kind}
            </Badge>
          </span>
          <div className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
            <p>{change.words}</p>
            {change.details.length > 0 && (
              <ul className="mt-1 font-mono text-muted text-sm">
                {change.details.map((detail) => (
                  <li key={detail}>{detail}</li>
                ))}
              </ul>
            )}
          </div>
          {choice !== undefined && (
            <Checkbox
              aria-label={`Choose: ${change.words}`}
              checked={choice.ticked.has(change.at)}
              onChange={({ target }) => choice.onTick(change.at, target.checked)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
