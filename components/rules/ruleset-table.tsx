"use client";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type MouseEvent, type ReactNode, startTransition, useEffect, useRef, useState } from "react";
import { formatRelative, formatRoughSpan } from "#components/ui/format.ts";
import { LinkButton } from "#components/ui/link-button.tsx";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import type { RulesetView, RuleView } from "#lib/policies/queries.ts";
import { ChosenRules } from "./chosen-rules.tsx";
import { DefaultRow } from "./default-row.tsx";
import { DeleteRulesDialog } from "./delete-rules-dialog.tsx";
import { DropLine } from "./drop-line.tsx";
import { editorHref } from "./editor-href.ts";
import { MoveRulesDialog } from "./move-rules-dialog.tsx";
import { ResetCountersDialog } from "./reset-counters-dialog.tsx";
import { RuleRow } from "./rule-row.tsx";
import { rulesLines } from "./rule-sections.ts";
import { RulesHead } from "./rules-head.tsx";
import { useRulesPage } from "./rules-page.tsx";
import { SectionDialog } from "./section-dialog.tsx";
import { SectionRow } from "./section-row.tsx";
import { stageTitle } from "./stages.ts";
import { useRuleFindings } from "./use-rule-findings.ts";
import { useRuleset } from "./use-ruleset.ts";

type RulesetTableProps = {
  proxyActionId: string;
  proxyAction: string;
  ruleset: RulesetView;
  /** The page's address without an editor. */
  baseHref: string;
  /** Where another view of the ruleset is chosen. */
  views?: ReactNode;
};

/** One ruleset: its rules in order, the first that matches decides, then the default at the bottom. */
export function RulesetTable(props: RulesetTableProps) {
  const { proxyActionId, proxyAction, ruleset, baseHref, views } = props;
  const { stage } = ruleset;
  const place = { proxyActionId, ruleset: stage };
  const table = useRuleset(place, ruleset.rules);
  const { rules, shown, chosen, asking, changes, ask } = table;
  const { places } = useRulesPage();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-semibold">{stageTitle(stage)}</h3>
        <span className="flex flex-wrap items-center gap-2">
          {views}
          <LinkButton
            href={editorHref(baseHref)("new", `${proxyActionId}:${stage}:end`)}
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
        {table.announcement}
      </p>
      <ChosenRules
        count={chosen.length}
        of={rules.length}
        onState={(state) => changes.setState(chosen, state)}
        onMove={() => ask({ what: "move", ids: chosen })}
        onSection={() => ask({ what: "section", ids: chosen })}
        onReset={() => ask({ what: "reset", ids: chosen })}
        onDelete={() => ask({ what: "delete", ids: chosen })}
        onClear={table.clear}
      />
      <Rules {...props} table={table} />
      {shown.length < rules.length && (
        <p className="text-muted">
          {rules.length - shown.length} of {rules.length} rules do not match the search.
        </p>
      )}
      {asking?.what === "move" && (
        <MoveRulesDialog
          ids={asking.ids}
          rules={rules}
          place={place}
          choices={places}
          onClose={() => ask(null)}
          onMove={(to, where) => changes.move(asking.ids, to, where)}
        />
      )}
      {asking?.what === "section" && (
        <SectionDialog
          rules={rules.filter(({ id }) => asking.ids.includes(id))}
          sections={[...new Set(table.sections.map(({ name }) => name))]}
          onClose={() => ask(null)}
          onChoose={(section) => changes.setSection(asking.ids, section)}
        />
      )}
      {asking?.what === "reset" && (
        <ResetCountersDialog
          what={changes.namesOf(asking.ids).replace("Rule", "rule")}
          many={asking.ids.length > 1}
          onClose={() => ask(null)}
          onReset={() => changes.resetCounters(asking.ids)}
        />
      )}
      {asking?.what === "delete" && (
        <DeleteRulesDialog
          rules={rules.filter(({ id }) => asking.ids.includes(id))}
          onClose={() => ask(null)}
          onDelete={() => changes.remove(asking.ids)}
        />
      )}
    </div>
  );
}

/** Rows of a ruleset that the server draws: the others are drawn where they are seen, once the page has come to life. */
const firstRows = 50;

/** Whether all rows are drawn by now. */
function useAllRows(): boolean {
  const [all, setAll] = useState(false);
  useEffect(() => startTransition(() => setAll(true)), []);
  return all;
}

const noFindings: readonly FindingView[] = [];

type RulesProps = RulesetTableProps & { table: ReturnType<typeof useRuleset> };

function Rules({ proxyActionId, proxyAction, ruleset, baseHref, table }: RulesProps) {
  const findings = useRuleFindings();
  const { stage, noneMatched } = ruleset;
  const { rules, shown, unfolded, menuUsed, fixed, send, onKeyDown } = table;
  const { madeAt } = useRulesPage();
  const rows = useAllRows() ? shown : shown.slice(0, firstRows);
  const body = useRef<HTMLTableSectionElement>(null);
  const router = useRouter();
  const editor = editorHref(baseHref);
  const newAt = (before: string | undefined, section: string | undefined) =>
    `${editor("new", `${proxyActionId}:${stage}:${before ?? "end"}`)}${section === undefined ? "" : `&section=${encodeURIComponent(section)}`}`;
  const chosen = new Set(table.chosen);
  const positions = new Map(rules.map(({ id }, index) => [id, index + 1]));
  return (
    <div className="relative rounded-md border border-line bg-surface">
      {!fixed && (
        <DropLine
          place={body}
          placeAt={table.placeAt}
          blockOf={table.blockOf}
          namesOf={table.changes.namesOf}
          wouldChange={table.changes.wouldChange}
          onMove={table.moveTo}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveElementInteractions: keys and clicks of the controls inside, taken once for all rows */}
      <table className="data-table w-full sm:block" onKeyDown={onKeyDown} onClick={(event) => follow(event, router)}>
        <caption className="sr-only">
          {stageTitle(stage)} rules of {proxyAction}, in order
        </caption>
        {rules.length > 0 && <RulesHead />}
        <tbody ref={body} className="sm:block">
          {rulesLines(rows, table.sections, table.folded).map((line) => {
            if ("section" in line)
              return (
                <SectionRow
                  key={`section ${line.section.ids[0]}`}
                  section={line.section}
                  position={positions.get(line.section.ids[0] ?? "") ?? 0}
                  folded={table.folded.has(line.section.name)}
                  chosen={line.section.ids.every((id) => chosen.has(id))}
                  fixed={fixed}
                  onFold={() => table.fold(line.section.name)}
                  onChoose={(select) => table.chooseThese(line.section.ids, select)}
                  onMove={() => table.ask({ what: "move", ids: [...line.section.ids] })}
                  onRename={() => table.ask({ what: "section", ids: [...line.section.ids] })}
                />
              );
            const { view } = line;
            const {
              id,
              rule: { section },
            } = view;
            const position = positions.get(id) ?? 0;
            return (
              <RuleRow
                key={id}
                view={view}
                position={position}
                of={rules.length}
                findings={findings.get(id) ?? noFindings}
                links={{
                  edit: editor("edit", id),
                  above: newAt(id, section),
                  below: newAt(rules[position]?.id, section),
                }}
                chosen={chosen.has(id)}
                unfolded={unfolded.has(id)}
                menuUsed={menuUsed === id}
                fixed={fixed}
                lastHit={lastHitWords(view, madeAt)}
                send={send}
              />
            );
          })}
          <DefaultRow noneMatched={noneMatched} href={editor("default", `${proxyActionId}:${stage}`)} />
        </tbody>
      </table>
    </div>
  );
}

/** `2 min ago`, `none in 34 d`. */
function lastHitWords({ hits, countedSince }: RuleView, now: number): string {
  if (hits !== null) return formatRelative(Date.parse(hits.lastHitAt), now);
  return countedSince === null ? "not counted" : `none in ${formatRoughSpan(now - Date.parse(countedSince))}`;
}

/** Links of rows are plain ones, for there may be thousands: an ordinary click on one goes there without loading the page anew. */
function follow(event: MouseEvent, router: ReturnType<typeof useRouter>): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.defaultPrevented)
    return;
  const href = event.target instanceof Element ? event.target.closest("[data-rule] a")?.getAttribute("href") : null;
  // A place on this page is the browser's own to go to.
  if (href === null || href === undefined || href.startsWith("#")) return;
  event.preventDefault();
  router.push(href, { scroll: false });
}
