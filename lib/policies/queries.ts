import { type Protocol, type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import type { Policy, PolicyDocument, ProxyAction, Route } from "#core/contract/policy-document.ts";
import { noneMatchedSchema, type Rule, type Ruleset } from "#core/contract/rule.ts";
import { actionWords, ruleSentence } from "#core/policy/explain.ts";
import { database } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import { type RuleHits, ruleHits } from "./rule-hits.ts";

export type RuleView = {
  id: string;
  version: number;
  rule: Rule;
  sentence: string;
  hits: RuleHits;
  /** Against the live revision. */
  draft: "as published" | "new" | "edited";
};
export type RulesetView = {
  stage: Stage;
  rules: RuleView[];
  noneMatched: Ruleset["noneMatched"];
  /** `Otherwise allow.` */
  defaultSentence: string;
};
export type ProxyActionView = {
  id: string;
  version: number;
  name: string;
  protocol: Protocol;
  direction: "incoming" | "outgoing";
  rulesets: RulesetView[];
  /** The policies that use it: a change is felt in all of them. */
  usedBy: string[];
};
export type PolicyView = { policy: Policy; route: Route; proxyAction: ProxyActionView };

/** The policies of the draft that what enters at an interface meets, in order; all of them for null. */
export async function readPolicies(interfaceName: string | null, now: Date): Promise<PolicyView[]> {
  const draft = await readDraft(database());
  const policies = draft.policies.filter(({ from }) => interfaceName === null || from.interface === interfaceName);
  const actions = await proxyActionViews(draft, new Set(policies.map(({ proxyAction }) => proxyAction)), now);
  const routes = new Map(draft.routes.map((route) => [route.name, route]));
  return policies.flatMap((policy) => {
    const route = routes.get(policy.to.route);
    const proxyAction = actions.get(policy.proxyAction);
    return route === undefined || proxyAction === undefined ? [] : [{ policy, route, proxyAction }];
  });
}

async function proxyActionViews(
  draft: PolicyDocument,
  names: Set<string>,
  now: Date,
): Promise<Map<string, ProxyActionView>> {
  const actions = draft.proxyActions.filter(({ name }) => names.has(name));
  const select = { id: true, name: true, version: true } as const;
  const rows = new Map((await database().proxyAction.findMany({ select })).map((row) => [row.name, row]));
  const versions = new Map(
    (await database().rule.findMany({ select: { id: true, version: true } })).map((row) => [row.id, row.version]),
  );
  const hits = await ruleHits([...versions.keys()], now);
  const live = await publishedRules();
  const ruleView = (rule: Rule): RuleView => {
    const id = rule.id ?? "";
    const published = live.get(id);
    const draftState = published === undefined ? "new" : published === JSON.stringify(rule) ? "as published" : "edited";
    return {
      id,
      version: versions.get(id) ?? 1,
      rule,
      sentence: ruleSentence(rule),
      hits: hits(id),
      draft: draftState,
    };
  };
  return new Map(
    actions.flatMap((action) => {
      const row = rows.get(action.name);
      if (row === undefined) return [];
      const { name, protocol, direction } = action;
      const usedBy = draft.policies.filter((policy) => policy.proxyAction === name).map((policy) => policy.name);
      return [[name, { ...row, protocol, direction, rulesets: rulesetViews(action, ruleView), usedBy }]];
    }),
  );
}

const emptyRuleset: Ruleset = { rules: [], noneMatched: noneMatchedSchema.parse({ action: "allow" }) };

/** Every stage that the protocol has: one without a ruleset lets everything through. */
function rulesetViews(action: ProxyAction, ruleView: (rule: Rule) => RuleView): RulesetView[] {
  const given = new Map(rulesetsOf(action).map(({ stage, ruleset }) => [stage, ruleset]));
  return stagesByProtocol[action.protocol].map((stage: Stage) => {
    const { rules, noneMatched } = given.get(stage) ?? emptyRuleset;
    return {
      stage,
      rules: rules.map(ruleView),
      noneMatched,
      defaultSentence: `Otherwise ${actionWords(noneMatched.action)}.`,
    };
  });
}

async function publishedRules(): Promise<Map<string, string>> {
  const live = await liveRevision(database());
  const actions = live === null ? [] : parseRevision(live).proxyActions;
  const rules = actions.flatMap((action) => rulesetsOf(action).flatMap(({ ruleset }) => ruleset.rules));
  return new Map(rules.map((rule) => [rule.id ?? "", JSON.stringify(rule)]));
}
