"use client";
import { Lock, Plus } from "lucide-react";
import { type ReactNode, useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import { verdictOf } from "#core/contract/decision.ts";
import type { RulesetView } from "#lib/policies/queries.ts";
import { cloneRuleAction, deleteRuleAction, moveRuleAction } from "#lib/proxy-actions/actions.ts";
import { editorHref } from "./editor-href.ts";
import { type RuleCommands, type RuleFindings, RuleRow } from "./rule-row.tsx";
import { stageTitle } from "./stages.ts";

type RulesetTableProps = {
  proxyActionId: string;
  proxyAction: string;
  ruleset: RulesetView;
  /** The page's address without an editor. */
  baseHref: string;
  /** What the lint says of each rule, by id. */
  findings: RuleFindings;
  /** Where another view of the ruleset is chosen. */
  views?: ReactNode;
};

/** One ruleset: its rules in order, the first that matches decides, then the default at the bottom. */
export function RulesetTable({ proxyActionId, proxyAction, ruleset, baseHref, findings, views }: RulesetTableProps) {
  const { announcement, commands } = useRuleCommands();
  const { stage, rules, noneMatched, defaultSentence } = ruleset;
  const editor = editorHref(baseHref);
  const newAt = (before: string | undefined) => editor("new", `${proxyActionId}:${stage}:${before ?? "end"}`);
  const names = rules.map(({ rule }) => rule.name);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-semibold">{stageTitle(stage)}</h3>
        <span className="flex flex-wrap items-center gap-2">
          {views}
          <LinkButton
            href={newAt(undefined)}
            size="small"
            scroll={false}
            prefetch={false}
            aria-label={`Add rule to ${stage} of ${proxyAction}`}
          >
            <Plus aria-hidden size={14} />
            Add rule
          </LinkButton>
        </span>
      </header>
      <p role="status" className="sr-only">
        {announcement}
      </p>
      <Table caption={`${stageTitle(stage)} rules of ${proxyAction}, in order`} className="sm:table-fixed">
        <colgroup>
          <col className="w-9" />
          <col className="w-28" />
          <col />
          <col className="w-36" />
          <col className="w-28" />
          <col className="w-28" />
          <col className="w-12" />
        </colgroup>
        {rules.length > 0 && <Head />}
        <tbody>
          {rules.map((view, index) => (
            <RuleRow
              key={view.id}
              view={view}
              position={index + 1}
              names={names}
              findings={findings[view.id] ?? []}
              links={{ edit: editor("edit", view.id), above: newAt(view.id), below: newAt(rules[index + 1]?.id) }}
              commands={commands}
            />
          ))}
          <Row className="bg-sunken">
            <Td numeric className="text-muted">
              <Lock aria-hidden size={14} className="inline" />
            </Td>
            <Td className="text-muted">Default</Td>
            <Td wide>
              <TextLink href={editor("default", `${proxyActionId}:${stage}`)} scroll={false} prefetch={false}>
                None matched
              </TextLink>{" "}
              <span className="text-muted">{defaultSentence}</span>
            </Td>
            <Td label="Action">
              <VerdictBadge verdict={verdictOf(noneMatched.action.kind)} />
            </Td>
            <Td className="max-sm:hidden" colSpan={3} />
          </Row>
        </tbody>
      </Table>
    </div>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <Th>
          <span className="block text-end">#</span>
        </Th>
        <Th>State</Th>
        <Th>Rule</Th>
        <Th>Action</Th>
        <Th>
          <span className="block text-end">Hits 24 h</span>
        </Th>
        <Th>Last hit</Th>
        <Th>
          <span className="sr-only">Commands</span>
        </Th>
      </tr>
    </thead>
  );
}

function useRuleCommands(): { announcement: string; commands: RuleCommands } {
  const toast = useToast();
  const [announcement, setAnnouncement] = useState("");
  const [busy, startTransition] = useTransition();
  const commands: RuleCommands = {
    move: (view, to) => {
      if (busy) return;
      startTransition(async () => {
        const result = await answered(moveRuleAction({ ruleId: view.id, to }));
        if (!result.ok) toast("fault", result.error.message);
        else setAnnouncement(`Rule “${view.rule.name}” is at position ${result.value.position} of ${result.value.of}.`);
      });
    },
    clone: (view) => {
      startTransition(async () => {
        const result = await answered(cloneRuleAction({ ruleId: view.id }));
        if (!result.ok) toast("fault", result.error.message);
        else toast("done", `A copy of “${view.rule.name}” stands below it, off.`, result.undo);
      });
    },
    remove: async (view) => {
      const result = await answered(deleteRuleAction({ ruleId: view.id, version: view.version }));
      if (!result.ok) toast("fault", result.error.message);
      else toast("done", `Rule “${view.rule.name}” deleted from the draft.`, result.undo);
    },
  };
  return { announcement, commands };
}
