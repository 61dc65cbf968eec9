import { ChevronDown, ChevronRight } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { sectionGrid } from "./rule-grid.ts";
import { RulePosition } from "./rule-position.tsx";
import type { RuleSection } from "./rule-sections.ts";

type SectionRowProps = {
  section: RuleSection;
  /** Of its first rule. */
  position: number;
  folded: boolean;
  chosen: boolean;
  /** Nobody changes rules here. */
  fixed: boolean;
  onFold: () => void;
  onChoose: (select: boolean) => void;
  onMove: () => void;
  onRename: () => void;
};

/** The heading of a section. Folded, it stands for its rules: keys and the pointer move them as a block. Else rules are let go above or below it. */
export function SectionRow(props: SectionRowProps) {
  const { section, position, folded, chosen, fixed, onFold, onChoose, onMove, onRename } = props;
  const { name, ids } = section;
  const Fold = folded ? ChevronRight : ChevronDown;
  return (
    <tr
      data-row
      data-rule={folded ? ids[0] : undefined}
      data-heading={folded ? undefined : ids[0]}
      className={sectionGrid}
    >
      <td className="inline-flex">
        <Checkbox
          aria-label={`Select section ${name}`}
          disabled={fixed}
          checked={chosen}
          onChange={({ target }) => onChoose(target.checked)}
        />
      </td>
      <RulePosition position={position} fixed={fixed || !folded} />
      <td data-wide className="min-w-0 sm:col-span-3">
        <button
          type="button"
          aria-expanded={!folded}
          onClick={onFold}
          className="flex max-w-full items-center gap-1 rounded-sm text-start"
        >
          <Fold aria-hidden size={14} className="shrink-0" />
          <span className="min-w-0 truncate font-semibold">{name}</span>
          <span className="whitespace-nowrap text-muted">{ids.length === 1 ? "1 rule" : `${ids.length} rules`}</span>
        </button>
      </td>
      <td className="flex gap-1 sm:col-span-3 sm:justify-end">
        <Button size="small" variant="quiet" disabled={fixed} aria-label={`Move section ${name}`} onClick={onMove}>
          Move to…
        </Button>
        <Button size="small" variant="quiet" disabled={fixed} aria-label={`Rename section ${name}`} onClick={onRename}>
          Rename…
        </Button>
      </td>
    </tr>
  );
}
