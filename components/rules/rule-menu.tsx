"use client";
import { EllipsisVertical } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import type { MoveRule } from "#lib/proxy-actions/rule-input.ts";

export type RuleLinks = { edit: string; above: string; below: string };

type RuleMenuProps = {
  name: string;
  links: RuleLinks;
  position: number;
  of: number;
  onMove: (to: MoveRule["to"]) => void;
  onMoveTo: () => void;
  onClone: () => void;
  onDelete: () => void;
};

/** Everything that can be done with a rule, without dragging. */
export function RuleMenu({ name, links, position, of, onMove, onMoveTo, onClone, onDelete }: RuleMenuProps) {
  const first = position === 1;
  const last = position === of;
  return (
    <Menu
      trigger={
        <Button variant="quiet" size="icon" aria-label={`Commands for rule ${name}`}>
          <EllipsisVertical aria-hidden size={16} />
        </Button>
      }
    >
      <MenuLink href={links.edit}>Edit</MenuLink>
      <MenuLink href={links.above}>Insert above</MenuLink>
      <MenuLink href={links.below}>Insert below</MenuLink>
      <MenuItem onSelect={onClone}>Clone below, off</MenuItem>
      <MenuSeparator />
      <MenuItem disabled={first} onSelect={() => onMove("up")}>
        Move up (Alt+↑)
      </MenuItem>
      <MenuItem disabled={last} onSelect={() => onMove("down")}>
        Move down (Alt+↓)
      </MenuItem>
      <MenuItem disabled={first} onSelect={() => onMove("top")}>
        Move to top
      </MenuItem>
      <MenuItem disabled={last} onSelect={() => onMove("bottom")}>
        Move to bottom
      </MenuItem>
      <MenuItem disabled={of < 2} onSelect={onMoveTo}>
        Move to…
      </MenuItem>
      <MenuSeparator />
      <MenuItem danger onSelect={onDelete}>
        Delete
      </MenuItem>
    </Menu>
  );
}
