import { linesOf } from "#components/ui/lines.ts";
import { type ReadForm, readForm } from "#components/ui/read-form.ts";
import type { Protocol, Stage } from "#core/contract/facts.ts";
import { type SimpleDefaults, type SimpleRuleset, simpleRulesetSchema } from "#core/policy/simple-ruleset.ts";
import { patternFact } from "../stages.ts";
import { type ActionForm, actionFormOf, readAction } from "./action-form.ts";
import { newRule } from "./new-rule.ts";

/** What a ruleset without rules begins with. */
export function simpleDefaults(protocol: Protocol, stage: Stage): SimpleDefaults {
  return { fact: patternFact(stage), matched: newRule(protocol, stage).action };
}

/** A list of patterns as its editor holds it. */
export type SimpleDraft = {
  fact: SimpleRuleset["fact"];
  text: string;
  matched: ActionForm;
  log: boolean;
  noneMatched: ActionForm;
  logNoneMatched: boolean;
};

export function simpleDraftOf({ fact, patterns, matched, log, noneMatched }: SimpleRuleset): SimpleDraft {
  return {
    fact,
    text: patterns.join("\n"),
    matched: actionFormOf(matched),
    log,
    noneMatched: actionFormOf(noneMatched.action),
    logNoneMatched: noneMatched.log,
  };
}

/** The list of patterns of the fields; what is wrong with them, and nothing while an action is not complete: its fields say so. */
export function readSimpleDraft(draft: SimpleDraft): ReadForm<SimpleRuleset> {
  const matched = readAction(draft.matched);
  const noneMatched = readAction(draft.noneMatched);
  if (matched === null || noneMatched === null) return { ok: false, problems: {} };
  return readForm(simpleRulesetSchema, {
    fact: draft.fact,
    patterns: linesOf(draft.text),
    matched,
    log: draft.log,
    noneMatched: { action: noneMatched, log: draft.logNoneMatched },
  });
}
