"use client";
import { EllipsisVertical } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { OrderMenuItems } from "#components/ui/order-menu-items.tsx";
import type { RuleCommand } from "./rule-command.ts";

export type RuleLinks = { edit: string; above: string; below: string };

type RuleMenuProps = {
  id: string;
  name: string;
  links: RuleLinks;
  position: number;
  of: number;
  /** Whether it was opened once: only then there is a menu behind the button, for there may be thousands of rows. */
  used: boolean;
  disabled: boolean;
  send: (command: RuleCommand) => void;
};

/** Everything that can be done with a rule, without dragging. */
export function RuleMenu({ id, name, links, position, of, used, disabled, send }: RuleMenuProps) {
  const button = { variant: "quiet", size: "small", disabled, "aria-label": `Commands for rule ${name}` } as const;
  const icon = <EllipsisVertical aria-hidden size={16} />;
  if (!used) {
    return (
      <Button {...button} aria-haspopup="menu" onClick={() => send({ kind: "menu", id })}>
        {icon}
      </Button>
    );
  }
  return (
    <Menu defaultOpen trigger={<Button {...button}>{icon}</Button>}>
      <MenuLink href={links.edit}>Edit</MenuLink>
      <MenuLink href={links.above}>Insert above</MenuLink>
      <MenuLink href={links.below}>Insert below</MenuLink>
      <MenuItem onSelect={() => send({ kind: "clone", id })}>Clone below, off</MenuItem>
      <MenuSeparator />
      <OrderMenuItems
        position={position}
        of={of}
        elsewhere
        onMove={(to) => send({ kind: to, id })}
        onMoveTo={() => send({ kind: "move", id })}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => send({ kind: "reset", id })}>Reset counters…</MenuItem>
      <MenuItem danger onSelect={() => send({ kind: "delete", id })}>
        Delete
      </MenuItem>
    </Menu>
  );
}
