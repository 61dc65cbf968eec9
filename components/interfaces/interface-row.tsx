"use client";
import { EllipsisVertical } from "lucide-react";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { deletionWords } from "#components/ui/deletion-words.ts";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { MoveDialog } from "#components/ui/move-dialog.tsx";
import { PresenceDot } from "#components/ui/open-elsewhere.tsx";
import { OrderMenuItems, orderKey } from "#components/ui/order-menu-items.tsx";
import { Row, Td } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { InterfaceView } from "#lib/interfaces/queries.ts";
import type { OrderTarget } from "#lib/revisions/draft-order.ts";
import { ListenerList } from "./listener-list.tsx";
import { zoneWords } from "./zones.ts";

type InterfaceRowProps = {
  view: InterfaceView;
  position: number;
  names: readonly string[];
  onMove: (to: OrderTarget) => void;
  onDelete: () => Promise<void>;
};

const networksShownMax = 4;

export function InterfaceRow({ view, position, names, onMove, onDelete }: InterfaceRowProps) {
  const [asking, setAsking] = useState<"move" | "delete" | null>(null);
  const { name, zone, networks } = view.interface;
  const used = view.incoming.length + view.outgoing.length > 0;
  const href = `/interfaces?edit=${view.id}`;
  return (
    <Row
      onKeyDown={(event) => {
        const to = orderKey(event);
        if (to === null) return;
        event.preventDefault();
        onMove(to);
      }}
    >
      <Td wide className="align-top">
        <span className="inline-flex flex-wrap items-center gap-2">
          <TextLink href={href} scroll={false} prefetch={false}>
            {name}
          </TextLink>
          <PresenceDot object={`interface ${view.id}`} />
          <Badge tone="inactive">{zoneWords[zone].label}</Badge>
        </span>
      </Td>
      <Td label="Networks" className="align-top">
        <Networks networks={networks} />
      </Td>
      <Td label="Policies" className="align-top">
        <Policies view={view} />
      </Td>
      <Td wide label="Listeners" className="align-top">
        <ListenerList listeners={view.listeners} />
      </Td>
      <Td className="w-12 align-top">
        <Menu
          trigger={
            <Button variant="quiet" size="icon" aria-label={`Commands for interface ${name}`}>
              <EllipsisVertical aria-hidden size={16} />
            </Button>
          }
        >
          <MenuLink href={href}>Edit or rename</MenuLink>
          <MenuSeparator />
          <OrderMenuItems position={position} of={names.length} onMove={onMove} onMoveTo={() => setAsking("move")} />
          <MenuSeparator />
          <MenuItem danger disabled={used} onSelect={() => setAsking("delete")}>
            {used ? "Delete (policies use it)" : "Delete"}
          </MenuItem>
        </Menu>
        {asking === "move" && (
          <MoveDialog
            what={`interface “${name}”`}
            position={position}
            names={names}
            onClose={() => setAsking(null)}
            onMove={(to) => onMove({ position: to })}
          />
        )}
        <ConfirmDialog
          open={asking === "delete"}
          onOpenChange={(open) => setAsking(open ? "delete" : null)}
          title={`Delete interface “${name}”`}
          confirmLabel="Delete from the draft"
          danger
          onConfirm={onDelete}
        >
          {deletionWords}
        </ConfirmDialog>
      </Td>
    </Row>
  );
}

function Networks({ networks }: { networks: readonly string[] }) {
  if (networks.length === 0) return <span className="text-muted">none named</span>;
  const left = networks.length - networksShownMax;
  return (
    <span className="font-mono text-sm [overflow-wrap:anywhere]">
      {networks.slice(0, networksShownMax).join(", ")}
      {left > 0 && ` and ${left} more`}
    </span>
  );
}

function Policies({ view: { id, incoming, outgoing } }: { view: InterfaceView }) {
  if (incoming.length + outgoing.length === 0) return <span className="text-muted">none</span>;
  return (
    <ul>
      {incoming.length > 0 && (
        <li>
          <span className="text-muted">from here: </span>
          <TextLink href={`/policies?interface=${id}`} prefetch={false}>
            {incoming.join(", ")}
          </TextLink>
        </li>
      )}
      {outgoing.length > 0 && (
        <li>
          <span className="text-muted">to here: </span>
          {outgoing.join(", ")}
        </li>
      )}
    </ul>
  );
}
