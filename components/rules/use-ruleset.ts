"use client";
import { type KeyboardEvent, useState } from "react";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { orderKey } from "#components/ui/order-menu-items.tsx";
import { useSelection } from "#components/ui/use-selection.ts";
import { useStable } from "#components/ui/use-stable.ts";
import type { RulesetPlace } from "#core/policy/rule-orders.ts";
import type { RuleView } from "#lib/policies/queries.ts";
import { beforeOf, type OrderStep } from "./order-targets.ts";
import type { Gap } from "./row-drag.ts";
import type { RuleCommand } from "./rule-command.ts";
import { sectionsOf } from "./rule-sections.ts";
import { useRulesPage } from "./rules-page.tsx";
import { type PlaceInOrder, type SectionedRule, type SeenOrder, sectionDrop, sectionStep } from "./section-steps.ts";
import { useRuleChanges } from "./use-rule-changes.ts";

/** A question that is open about some rules. */
type Asking = { what: "move" | "section" | "reset" | "delete"; ids: string[] } | null;

/** A ruleset on the page: its rules as they were just made, which of them are shown, chosen and unfolded, and what their rows ask for. */
export function useRuleset(place: RulesetPlace, given: readonly RuleView[]) {
  const page = useRulesPage();
  const fixed = useDraftClosed() !== null;
  const { rules, announcement, ...changes } = useRuleChanges(place, given);
  const shown = page.found === null ? rules : rules.filter(({ id }) => page.found?.has(id));
  const ids = shown.map(({ id }) => id);
  const { sections, folded, standsFor, order, fold } = useFolding(shown);
  const selection = useSelection(ids);
  const chosen = ids.filter((id) => selection.chosen.has(id));
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [menuUsed, setMenuUsed] = useState<string | null>(null);
  const [asking, ask] = useState<Asking>(null);

  const moveTo = (ids: string[], to: PlaceInOrder) => changes.move(ids, { ...place, ...to }, "");
  function step(ids: string[], to: OrderStep): void {
    const found = stepOf({ rules: sectioned(rules), order, folded }, new Set(ids), to);
    if (found !== undefined) moveTo(ids, found);
  }
  const send = useStable((command: RuleCommand) => {
    const { kind, id } = command;
    if (kind === "state") changes.setState([id], command.state);
    else if (kind === "choose") selection.choose(id, command.on, command.range);
    else if (kind === "unfold") setUnfolded(toggled(unfolded, id));
    else if (kind === "menu") setMenuUsed(id);
    else if (kind === "clone") changes.clone(id);
    else if (kind === "move" || kind === "reset" || kind === "delete") ask({ what: kind, ids: [id] });
    else step([id], kind);
  });
  const placeAt = (block: readonly string[], gap: Gap) => sectionDrop(sectioned(rules), block, gap);
  /** One that is chosen stands for all that are, the first of a folded section for its rules. */
  const blockOf = (id: string) => (selection.chosen.has(id) ? chosen : [...(standsFor.get(id) ?? [id])]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!fixed)
      onRowKey(event, (id, to) => (to === "move" ? ask({ what: to, ids: blockOf(id) }) : step(blockOf(id), to)));
  };
  const state = { rules, shown, sections, folded, order, chosen, unfolded, menuUsed, asking, announcement, fixed };
  return {
    ...state,
    changes,
    ask,
    clear: () => selection.chooseAll(false),
    fold,
    chooseThese: selection.chooseThese,
    send,
    onKeyDown,
    blockOf,
    placeAt,
    moveTo,
  };
}

/** The sections of the rules that are shown. Of one that is folded the first rule alone is in the order, and stands for all. */
function useFolding(shown: readonly RuleView[]) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const sections = sectionsOf(shown);
  const standsFor = new Map(sections.flatMap(({ name, ids }) => (folded.has(name) ? [[ids[0], ids] as const] : [])));
  const hidden = new Set([...standsFor.values()].flatMap((inside) => inside.slice(1)));
  const order = shown.flatMap(({ id }) => (hidden.has(id) ? [] : [id]));
  return { sections, folded, standsFor, order, fold: (name: string) => setFolded(toggled(folded, name)) };
}

function stepOf(seen: SeenOrder, block: ReadonlySet<string>, to: OrderStep): PlaceInOrder | undefined {
  if (to === "up" || to === "down") return sectionStep(seen, block, to);
  const before = beforeOf(seen.order, block, to);
  return before === undefined ? undefined : { before };
}

function sectioned(rules: readonly RuleView[]): SectionedRule[] {
  return rules.map(({ id, rule: { section } }) => ({ id, section }));
}

/** Keys of a row, wherever in it the focus is. */
function onRowKey(event: KeyboardEvent, run: (id: string, to: OrderStep | "move") => void): void {
  const id = ruleOf(event.target);
  const to = orderKey(event) ?? (event.key === "m" && isPlain(event) ? "move" : null);
  if (id === null || to === null) return;
  run(id, to);
  event.preventDefault();
}

function ruleOf(target: EventTarget): string | null {
  return target instanceof Element ? (target.closest("[data-rule]")?.getAttribute("data-rule") ?? null) : null;
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

function isPlain({ target, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return !(target instanceof HTMLSelectElement || ctrlKey || metaKey || altKey || shiftKey);
}
