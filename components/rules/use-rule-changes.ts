"use client";
import { useOptimistic, useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { useToast } from "#components/ui/toast.tsx";
import type { RuleState } from "#core/contract/rule.ts";
import { type BlockMove, isSamePlace, type RulesetPlace } from "#core/policy/rule-orders.ts";
import type { ActionResult } from "#lib/action.ts";
import { resetCountersAction } from "#lib/policies/actions.ts";
import type { RuleView } from "#lib/policies/queries.ts";
import {
  cloneRuleAction,
  deleteRulesAction,
  moveRulesAction,
  setRuleSectionAction,
  setRuleStatesAction,
} from "#lib/proxy-actions/actions.ts";
import { arrangedRules, changedRules, placeAfter, type RuleChange } from "./arranged-rules.ts";
import { MoveQueue } from "./move-queue.ts";
import type { PlaceInOrder } from "./section-steps.ts";

/** The rules of a ruleset with what was just asked for, before the server has answered, and the commands that ask. */
export function useRuleChanges(place: RulesetPlace, given: readonly RuleView[]) {
  const [rules, show] = useOptimistic(given, (now: readonly RuleView[], change: RuleChange) =>
    changedRules(now, change, place),
  );
  const [announcement, announce] = useState("");
  const { tell, send, startTransition } = useTelling();

  const [queue] = useState(() => new MoveQueue((moves, words) => tell(moveRulesAction({ moves }), words)));

  return {
    rules,
    announcement,
    namesOf: (ids: readonly string[]) => namesOf(rules, ids),
    /** Whether a move within the ruleset would change anything. */
    wouldChange: (ids: string[], to: PlaceInOrder) => {
      const after = arrangedRules(rules, { ruleIds: ids, to: { ...place, ...to } }, place);
      return after.some((view, n) => view !== rules[n]);
    },
    move: (ids: string[], to: BlockMove["to"], where: string) => {
      const move = { ruleIds: ids, to };
      const words = `${namesOf(rules, ids)} ${isSamePlace(place, to) ? placeAfter(rules, move, place) : `moved to ${where}`}.`;
      // At once: what is set inside of the transition is seen when it ends.
      announce(words);
      startTransition(async () => {
        show({ kind: "move", move });
        await queue.add({ move, words });
      });
    },
    setState: (ids: readonly string[], state: RuleState) =>
      startTransition(async () => {
        show({ kind: "state", ids, state });
        const states = ids.map((ruleId) => ({ ruleId, state }));
        await tell(setRuleStatesAction({ states }), `${namesOf(rules, ids)} set to ${state} in the draft.`);
      }),
    setSection: (ids: readonly string[], section: string | null) =>
      send(
        () => setRuleSectionAction({ ruleIds: [...ids], section }),
        `${namesOf(rules, ids)} ${sectionWords(section)}.`,
      ),
    clone: (id: string) =>
      send(() => cloneRuleAction({ ruleId: id }), `A copy of ${namesOf(rules, [id])} stands below it, off.`),
    resetCounters: (ids: readonly string[]) =>
      send(() => resetCountersAction({ ruleIds: [...ids] }), `${namesOf(rules, ids)} counted anew from now on.`),
    remove: (ids: readonly string[]) =>
      startTransition(async () => {
        show({ kind: "delete", ids });
        const wanted = new Set(ids);
        const asked = rules.filter(({ id }) => wanted.has(id)).map(({ id, version }) => ({ ruleId: id, version }));
        await tell(deleteRulesAction({ rules: asked }), `${namesOf(rules, ids)} deleted from the draft.`);
      }),
  };
}

/** Asks for edits of the draft, tells what became of each, and offers to undo it. */
function useTelling() {
  const toast = useToast();
  const [, startTransition] = useTransition();
  /** Whether it was done. */
  async function tell(asked: Promise<ActionResult<unknown>>, words: string): Promise<boolean> {
    const result = await answered(asked);
    if (result.ok) toast("done", words, result.undo);
    else toast("fault", result.error.message);
    return result.ok;
  }
  const send = (ask: () => Promise<ActionResult<unknown>>, words: string) =>
    startTransition(async () => {
      await tell(ask(), words);
    });
  return { tell, send, startTransition };
}

function sectionWords(section: string | null): string {
  return section === null ? "in no section of the draft any more" : `in section “${section}” of the draft`;
}

/** `Rule “executables”`, `3 rules`. */
function namesOf(rules: readonly RuleView[], ids: readonly string[]): string {
  const [only] = rules.filter(({ id }) => id === ids[0]);
  return ids.length === 1 && only !== undefined ? `Rule “${only.rule.name}”` : `${ids.length} rules`;
}
