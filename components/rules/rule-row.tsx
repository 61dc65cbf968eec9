"use client";
import { Plus, RotateCcw } from "lucide-react";
import { memo } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { formatTimestamp } from "#components/ui/format.ts";
import { PresenceDot } from "#components/ui/open-elsewhere.tsx";
import { Sparkline } from "#components/ui/sparkline.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import { useZone } from "#components/ui/zone.tsx";
import { verdictOf } from "#core/contract/decision.ts";
import { ruleSentence } from "#core/policy/explain.ts";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import type { RuleView } from "#lib/policies/queries.ts";
import { FindingChip } from "./finding-chip.tsx";
import type { RuleCommand } from "./rule-command.ts";
import { RuleDetail } from "./rule-detail.tsx";
import { RuleFlags } from "./rule-flags.tsx";
import { detailGrid, ruleGrid, sectioned } from "./rule-grid.ts";
import { RuleLists } from "./rule-lists.tsx";
import { type RuleLinks, RuleMenu } from "./rule-menu.tsx";
import { RulePosition } from "./rule-position.tsx";
import { RuleStateSelect } from "./rule-state-select.tsx";

export type RuleRowProps = {
  view: RuleView;
  position: number;
  of: number;
  findings: readonly FindingView[];
  links: RuleLinks;
  chosen: boolean;
  unfolded: boolean;
  menuUsed: boolean;
  /** Nobody moves it here. */
  fixed: boolean;
  /** `2 min ago`, `none in 34 d`. */
  lastHit: string;
  send: (command: RuleCommand) => void;
};

/** One rule. It is drawn again when something in it is another: all but `send`, which stays, is data. */
export const RuleRow = memo(Rows, (before, after) => JSON.stringify(before) === JSON.stringify(after));

function Rows(props: RuleRowProps) {
  const { view, position, of, findings, links, chosen, unfolded, menuUsed, fixed, lastHit, send } = props;
  const { id, rule, hits } = view;
  const sentence = ruleSentence(rule);
  const off = rule.state === "off";
  return (
    <>
      <tr
        id={`rule-${id}`}
        data-row
        data-rule={id}
        className={classNames(
          ruleGrid,
          "group/row relative",
          rule.section !== undefined && sectioned,
          chosen && "bg-accent-tint",
          off && "text-muted",
        )}
      >
        <td className="inline-flex">
          <Checkbox
            aria-label={`Select rule ${rule.name}`}
            disabled={fixed}
            checked={chosen}
            onChange={({ target, nativeEvent }) => {
              const range = nativeEvent instanceof MouseEvent && nativeEvent.shiftKey;
              send({ kind: "choose", id, on: target.checked, range });
            }}
          />
        </td>
        <RulePosition position={position} fixed={fixed} />
        <td>
          <RuleStateSelect
            name={rule.name}
            state={rule.state}
            disabled={fixed}
            onChoose={(state) => send({ kind: "state", id, state })}
          />
        </td>
        <td data-wide className="flex min-w-0 items-center gap-2 max-sm:order-1">
          <RuleWords view={view} sentence={sentence} href={links.edit} unfolded={unfolded} send={send} />
          <RuleLists rule={rule} />
          <RuleFlags view={view} />
          <FindingChip
            findings={findings}
            name={rule.name}
            unfolded={unfolded}
            onUnfold={() => send({ kind: "unfold", id })}
          />
          <a
            href={links.above}
            aria-label={`Insert a rule above ${rule.name}`}
            className="-top-2.5 absolute start-7 z-10 inline-flex size-5 items-center justify-center rounded-full border border-control bg-surface text-text opacity-0 focus-visible:opacity-100 group-focus-within/row:opacity-100 group-hover/row:opacity-100 group-first/row:top-0 max-sm:hidden"
          >
            <Plus aria-hidden size={13} />
          </a>
        </td>
        <td data-label="Action" className="max-sm:order-1">
          {off ? (
            <Badge tone="inactive">{rule.action.kind}</Badge>
          ) : (
            <VerdictBadge verdict={verdictOf(rule.action.kind)} would={rule.state === "observe"} />
          )}
        </td>
        <td data-label="Hits 24 h" className="flex items-center gap-1 max-sm:order-1 sm:justify-end">
          <HitCount view={view} />
        </td>
        <td
          data-label="Last hit"
          className={classNames("truncate max-sm:order-1", hits === null && "text-muted")}
          title={hits?.lastHitAt}
        >
          {lastHit}
        </td>
        <td className="max-sm:ms-auto">
          <RuleMenu
            id={id}
            name={rule.name}
            links={links}
            position={position}
            of={of}
            used={menuUsed}
            disabled={fixed}
            send={send}
          />
        </td>
      </tr>
      {unfolded && (
        <tr className={detailGrid}>
          <td data-wide className="sm:col-span-full">
            <RuleDetail view={view} sentence={sentence} findings={findings} />
          </td>
        </tr>
      )}
    </>
  );
}

type RuleWordsProps = Pick<RuleRowProps, "view" | "unfolded" | "send"> & { sentence: string; href: string };

/** Name and sentence: on one line, below each other in comfortable rows. */
function RuleWords({ view: { id, rule }, sentence, href, unfolded, send }: RuleWordsProps) {
  const off = rule.state === "off";
  return (
    <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2 sm:flex-nowrap sm:group-data-[density=comfortable]/rules:flex-col">
      <a
        href={href}
        className={classNames(
          "max-w-full rounded-sm underline decoration-1 underline-offset-2 sm:max-w-[50%] sm:shrink-0 sm:truncate sm:group-data-[density=comfortable]/rules:max-w-full",
          off ? "text-muted italic" : "text-accent",
        )}
      >
        {rule.name}
        {off && <span className="sr-only"> (disabled)</span>}
      </a>
      <PresenceDot object={`rule ${id}`} />
      <button
        type="button"
        aria-expanded={unfolded}
        title={sentence}
        onClick={() => send({ kind: "unfold", id })}
        className="min-w-0 max-w-full rounded-sm text-start text-muted max-sm:[overflow-wrap:anywhere] sm:truncate"
      >
        {sentence}
      </button>
    </span>
  );
}

function HitCount({ view }: { view: RuleView }) {
  const { hits } = view;
  if (hits === null)
    return (
      <>
        <ResetMark view={view} />
        <span className="text-muted">0</span>
      </>
    );
  const { enforced, observed, hours } = hits;
  const most = Math.max(0, ...hours);
  return (
    <>
      <ResetMark view={view} />
      {most > 0 && <Sparkline values={hours} label={`Hits by hour, at most ${most}`} className="max-lg:hidden" />}
      <span className="whitespace-nowrap">
        {enforced}
        {observed > 0 && (
          <span className="text-muted text-sm" title="observed">
            {" "}
            +{observed}
          </span>
        )}
      </span>
    </>
  );
}

/** That the count is of less than all the time, beside it. */
function ResetMark({ view: { countedSince, resetBy } }: { view: RuleView }) {
  const zone = useZone();
  if (countedSince === null || resetBy === undefined) return null;
  const words = `since ${formatTimestamp(new Date(countedSince), zone)} by ${resetBy}`;
  return (
    <span title={`Counters reset: ${words}`} className="flex min-w-0 items-center gap-1 text-muted text-sm">
      <RotateCcw aria-hidden size={12} className="shrink-0" />
      <span className="sm:sr-only">{words}</span>
    </span>
  );
}
