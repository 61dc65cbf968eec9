"use client";
import { EllipsisVertical } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { OrderMenuItems } from "#components/ui/order-menu-items.tsx";
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
      <OrderMenuItems position={position} of={of} onMove={onMove} onMoveTo={onMoveTo} />
      <MenuSeparator />
      <MenuItem danger onSelect={onDelete}>
        Delete
      </MenuItem>
    </Menu>
  );
}
