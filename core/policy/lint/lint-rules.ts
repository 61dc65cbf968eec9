import { type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import type { CompiledLists } from "../compile-condition.ts";
import { goesOn } from "../decide.ts";
import { actionWords } from "../explain.ts";
import type { Add } from "./finding.ts";
import { Coverage } from "./rule-coverage.ts";

type Place = { path: (string | number)[]; where: string; stage: Stage };

/** Rules that never match, that refuse everything, or that have had their time. */
export function lintRules(document: PolicyDocument, lists: CompiledLists, now: number, add: Add): void {
  const coverage = new Coverage(lists);
  document.proxyActions.forEach((action, i) => {
    const rulesets: { [S in Stage]?: Ruleset | undefined } = action.rulesets;
    for (const stage of stagesByProtocol[action.protocol]) {
      const ruleset = rulesets[stage];
      if (ruleset === undefined) continue;
      const place = { path: ["proxyActions", i, "rulesets", stage, "rules"], where: `${action.name}, ${stage}`, stage };
      lintExpired(ruleset.rules, place, now, add);
      const alive = ruleset.rules.map((rule) => (isAlive(rule, now) ? rule : null));
      lintShadowed(alive, place, coverage, add);
      lintCatchAll(alive, place, add);
    }
  });
}

function isAlive({ state, expires }: Rule, now: number): boolean {
  return state !== "off" && (expires === undefined || Date.parse(expires) > now);
}

function lintExpired(rules: readonly Rule[], { path, where }: Place, now: number, add: Add): void {
  rules.forEach((rule, n) => {
    if (rule.state === "off" || isAlive(rule, now)) return;
    add({
      code: "rule-expired",
      severity: "note",
      path: [...path, n],
      what: `The rule "${rule.name}" of ${where} expired at ${rule.expires ?? ""}.`,
      why: "It is no longer asked.",
      doThis: "Delete it, or give it a later date.",
      source: null,
    });
  });
}

/** Only a rule that is enforced, ends its ruleset and does not expire takes matches away from the later ones for good. */
function lintShadowed(
  rules: readonly (Rule | null)[],
  { path, where, stage }: Place,
  coverage: Coverage,
  add: Add,
): void {
  const above: { rule: Rule; position: number }[] = [];
  rules.forEach((rule, n) => {
    if (rule === null) return;
    const broader = above.find((earlier) => coverage.covers(earlier.rule, rule));
    if (broader !== undefined) {
      const same = actionWords(broader.rule.action) === actionWords(rule.action);
      add({
        code: "rule-shadowed",
        severity: same ? "note" : "warning",
        path: [...path, n],
        what: `The rule "${rule.name}" of ${where} never matches: rule ${broader.position} "${broader.rule.name}" takes all that it would.`,
        why: same ? "It does nothing of its own." : `Its action, ${actionWords(rule.action)}, is never taken.`,
        doThis: "Move it up, make the earlier one narrower, or delete it.",
        source: null,
      });
    }
    if (rule.state === "on" && rule.expires === undefined && !goesOn(rule.action, stage))
      above.push({ rule, position: n + 1 });
  });
}

function lintCatchAll(rules: readonly (Rule | null)[], { path, where, stage }: Place, add: Add): void {
  const envelope: readonly Stage[] = ["greeting", "sender", "recipient"];
  if (!envelope.includes(stage)) return;
  const first = rules.findIndex((rule) => rule !== null && rule.state === "on" && rule.expires === undefined);
  const rule = rules[first] ?? null;
  if (rule === null || rule.when !== undefined || !["deny", "tempfail", "drop", "block"].includes(rule.action.kind))
    return;
  add({
    code: "refuses-everything",
    severity: "warning",
    path: [...path, first],
    what: `The rule "${rule.name}" of ${where} refuses every ${stage === "greeting" ? "connection" : stage}.`,
    why: "No mail passes.",
    doThis: "Give it a condition, or refuse through the policy's disposition, which says so at the connection.",
    source: null,
  });
}
