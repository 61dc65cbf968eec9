import { type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import type { PolicyDocument, ProxyAction } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import { type CompiledLists, compileCondition, quantifierOf } from "../compile-condition.ts";
import { factsOf } from "../content-needs.ts";
import type { Add, Finding } from "./finding.ts";
import { policiesOf, type Traffic } from "./traffic.ts";

type PlacedRule = { rule: Rule; action: ProxyAction; stage: Stage; path: Finding["path"] };

/** What only what came through tells of rules: that they match nothing, or whom they would turn away. */
export function lintTraffic(document: PolicyDocument, lists: CompiledLists, traffic: Traffic, add: Add): void {
  const idle = new Set(traffic.idle.rules);
  const inForce = new Set(traffic.rules.map(([id]) => id));
  for (const placed of rulesOf(document)) {
    const { rule } = placed;
    if (rule.state === "off" || rule.id === undefined) continue;
    if (idle.has(rule.id)) add(idleFinding(placed, traffic.idle.days));
    if (!inForce.has(rule.id)) lintHosts(document, placed, lists, traffic, add);
  }
}

function idleFinding({ rule, action, stage, path }: PlacedRule, days: number): Finding {
  return {
    code: "rule-idle",
    severity: "note",
    path,
    what: `The rule "${rule.name}" of ${action.name}, ${stage} has matched nothing in ${days} days.`,
    why: "It was in force all that time. What nobody needs any more hides what matters.",
    doThis: "Delete it or let it expire, unless it waits for what is rare.",
    source: null,
  };
}

const refusals: readonly string[] = ["deny", "tempfail", "drop", "block"];

/** A rule that is not in force yet and refuses by the client's name alone: who greeted so of late. */
function lintHosts(
  document: PolicyDocument,
  { rule, action, stage, path }: PlacedRule,
  lists: CompiledLists,
  { days, hosts }: Traffic,
  add: Add,
): void {
  const { when } = rule;
  if (when === undefined || !refusals.includes(rule.action.kind)) return;
  const asked = factsOf(when);
  if (asked.size !== 1 || !asked.has("helo")) return;
  const { holds } = compileCondition(when, lists, quantifierOf(rule.action));
  const policies = policiesOf(document, action);
  const greeted = hosts.filter(({ policy }) => policies.has(policy));
  const refused = greeted.filter(({ helo }) => holds({ helo: [helo] }));
  const [first] = refused.toSorted((a, b) => b.sessions - a.sessions);
  if (first === undefined) return;
  const sum = (some: typeof hosts): number => some.reduce((all, { sessions }) => all + sessions, 0);
  add({
    code: "hosts-refused",
    severity: "warning",
    path,
    what: `${sum(refused)} of ${sum(greeted)} sessions of the last ${days} days greeted with a name that the rule "${rule.name}" of ${action.name}, ${stage} refuses, "${first.helo}" most often.`,
    why: "Mail that came until now does not come any more, unless an earlier rule lets it through.",
    doThis: "Let it observe first, or replay the draft on past messages.",
    source: "RFC 5321 §4.1.4",
  });
}

function rulesOf({ proxyActions }: PolicyDocument): PlacedRule[] {
  return proxyActions.flatMap((action, i) => {
    const rulesets: { [S in Stage]?: Ruleset | undefined } = action.rulesets;
    return stagesByProtocol[action.protocol].flatMap((stage) =>
      (rulesets[stage]?.rules ?? []).map((rule, n): PlacedRule => {
        return { rule, action, stage, path: ["proxyActions", i, "rulesets", stage, "rules", n] };
      }),
    );
  });
}
