"use client";
import { BellRing } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { MoveDialog } from "#components/ui/move-dialog.tsx";
import { orderKey } from "#components/ui/order-menu-items.tsx";
import { SeverityBadge } from "#components/ui/severity-badge.tsx";
import { Row, Td } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import { verdictOf } from "#core/contract/decision.ts";
import type { Finding } from "#core/policy/lint/finding.ts";
import type { RuleView } from "#lib/policies/queries.ts";
import type { MoveRule } from "#lib/proxy-actions/rule-input.ts";
import { ExpiryBadge } from "./expiry-badge.tsx";
import { type RuleLinks, RuleMenu } from "./rule-menu.tsx";
import { RuleStateSelect } from "./rule-state-select.tsx";

export type RuleCommands = {
  move(view: RuleView, to: MoveRule["to"]): void;
  clone(view: RuleView): void;
  remove(view: RuleView): Promise<void>;
};

/** What the lint says of each rule, by id. */
export type RuleFindings = Readonly<Record<string, readonly Omit<Finding, "path">[]>>;

type RuleRowProps = {
  view: RuleView;
  position: number;
  names: readonly string[];
  findings: readonly Omit<Finding, "path">[];
  links: RuleLinks;
  commands: RuleCommands;
};

/** One rule. Alt+↑ and Alt+↓ move it, wherever in the row the focus is. */
export function RuleRow({ view, position, names, findings, links, commands }: RuleRowProps) {
  const [asking, setAsking] = useState<"move" | "delete" | null>(null);
  const { rule, sentence, hits } = view;
  function onKeyDown(event: KeyboardEvent) {
    const to = orderKey(event);
    if (to === null) return;
    event.preventDefault();
    commands.move(view, to);
  }
  return (
    <Row onKeyDown={onKeyDown} id={`rule-${view.id}`}>
      <Td numeric className="text-muted">
        {position}
      </Td>
      <Td>
        <RuleStateSelect id={view.id} name={rule.name} state={rule.state} />
      </Td>
      <Td wide>
        <span className="inline-flex flex-wrap items-center gap-2">
          <TextLink
            href={links.edit}
            scroll={false}
            prefetch={false}
            className={classNames(rule.state === "off" && "italic")}
          >
            {rule.name}
          </TextLink>
          {view.draft !== "as published" && <Badge tone="accent">{view.draft}</Badge>}
          {rule.alarm && (
            <Badge tone="warn" icon={BellRing}>
              alarm
            </Badge>
          )}
          {rule.expires !== undefined && <ExpiryBadge expires={rule.expires} />}
        </span>
        <span className="block text-muted [overflow-wrap:anywhere]">{sentence}</span>
        {findings.map(({ code, severity, what, why, doThis }) => (
          <span key={code} className="mt-1 block [overflow-wrap:anywhere]">
            <SeverityBadge severity={severity} /> {what} {why} {doThis}
          </span>
        ))}
      </Td>
      <Td label="Action">
        {rule.state === "off" ? (
          <Badge tone="inactive">{rule.action.kind}</Badge>
        ) : (
          <VerdictBadge verdict={verdictOf(rule.action.kind)} would={rule.state === "observe"} />
        )}
      </Td>
      <Td label="Hits 24 h" numeric>
        {hits.enforced}
        {hits.observed > 0 && <span className="block text-muted text-sm">+{hits.observed} observed</span>}
      </Td>
      <Td label="Last hit" className="whitespace-nowrap">
        {hits.lastHitAt === null ? (
          <span className="text-muted">never</span>
        ) : (
          <Time at={hits.lastHitAt} form="relative" />
        )}
      </Td>
      <Td>
        <RuleMenu
          name={rule.name}
          links={links}
          position={position}
          of={names.length}
          onMove={(to) => commands.move(view, to)}
          onMoveTo={() => setAsking("move")}
          onClone={() => commands.clone(view)}
          onDelete={() => setAsking("delete")}
        />
        {asking === "move" && (
          <MoveDialog
            what={`rule “${rule.name}”`}
            position={position}
            names={names}
            onClose={() => setAsking(null)}
            onMove={(to) => commands.move(view, { position: to })}
          />
        )}
        <ConfirmDialog
          open={asking === "delete"}
          onOpenChange={(open) => setAsking(open ? "delete" : null)}
          title={`Delete rule “${rule.name}”`}
          confirmLabel="Delete from the draft"
          danger
          onConfirm={() => commands.remove(view)}
        >
          <p>{sentence}</p>
          <p className="mt-2">
            It stays in force until the draft is published. Its counters and messages stay in the record.
          </p>
        </ConfirmDialog>
      </Td>
    </Row>
  );
}
