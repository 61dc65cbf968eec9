import { type Protocol, type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import type { Interface, Policy, PolicyDocument, ProxyAction, Route } from "#core/contract/policy-document.ts";
import { noneMatchedSchema, type Rule, type Ruleset } from "#core/contract/rule.ts";
import { systemRules } from "#core/policy/system-rules/system-rules.ts";
import { database } from "#lib/db.ts";
import { policyFromRow, policyReferences, readDraft } from "#lib/revisions/draft-document.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import { listWorkers } from "#lib/workers/queries.ts";
import { findRules } from "./find-rules.ts";
import { type RuleHits, ruleHits } from "./rule-hits.ts";
import { type SystemRuleView, systemRuleView } from "./system-rule-view.ts";

export type RuleView = {
  id: string;
  version: number;
  rule: Omit<Rule, "id" | "whenText">;
  /** null: it never matched. */
  hits: RuleHits | null;
  /** Since when hits of it are counted, ISO 8601: its first publish, or when its counters were reset; null: it was never published. */
  countedSince: string | null;
  /** Who reset them; absent: nobody has. */
  resetBy?: string;
  /** Against the live revision. */
  draft: "as published" | "new" | "edited";
};
export type RulesetView = {
  stage: Stage;
  rules: RuleView[];
  noneMatched: Ruleset["noneMatched"];
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
export type PolicyView = {
  id: string;
  version: number;
  /** Among all policies of the draft, from 1. */
  position: number;
  policy: Policy;
  route: Route;
  routeId: string;
  proxyAction: ProxyActionView;
  /** What happens whatever the rules say, in the order of a session. */
  system: SystemRuleView[];
};

/** The policies of the draft that what enters at an interface meets, in order; all of them for null. */
export async function readPolicies(interfaceName: string | null, now: Date): Promise<PolicyView[]> {
  const draft = await readDraft(database());
  const policies = draft.policies.filter(({ from }) => interfaceName === null || from.interface === interfaceName);
  const actions = await proxyActionViews(draft, new Set(policies.map(({ proxyAction }) => proxyAction)), now);
  const routes = new Map(draft.routes.map((route) => [route.name, route]));
  const rows = await database().policy.findMany({
    orderBy: { rank: "asc" },
    select: { id: true, version: true, name: true, routeId: true },
  });
  const scanners = await scannerIds();
  const places = new Map(rows.map(({ name, ...row }, index) => [name, { ...row, position: index + 1 }]));
  return policies.flatMap((policy) => {
    const route = routes.get(policy.to.route);
    const proxyAction = actions.get(policy.proxyAction);
    const place = places.get(policy.name);
    const action = draft.proxyActions.find(({ name }) => name === policy.proxyAction);
    if (route === undefined || proxyAction === undefined || action === undefined || place === undefined) return [];
    const ids = { policy: place.id, route: place.routeId, proxyAction: proxyAction.id, scanners };
    const system = systemRules(policy, action, route, draft.scanners).map((rule) => systemRuleView(rule, ids));
    return [{ ...place, policy, route, proxyAction, system }];
  });
}

/** The ids of the rules of the draft that a search finds. */
export async function foundRules(text: string): Promise<string[]> {
  return findRules(await readDraft(database()), text);
}

async function scannerIds(): Promise<ReadonlyMap<string, string>> {
  const rows = await database().inspectionObject.findMany({
    where: { kind: "scanner" },
    select: { id: true, name: true },
  });
  return new Map(rows.map(({ id, name }) => [name, id]));
}

export type EditablePolicy = { id: string; version: number; policy: Policy };

/** A policy of the draft as its editor takes it; null when it is gone. */
export async function readPolicy(id: string): Promise<EditablePolicy | null> {
  const row = await database().policy.findUnique({ where: { id }, include: policyReferences });
  return row === null ? null : { id, version: row.version, policy: policyFromRow(row) };
}

export type PolicyChoices = {
  interfaces: Pick<Interface, "name" | "zone">[];
  routes: { name: string; protocol: Protocol }[];
  proxyActions: { name: string; protocol: Protocol; direction: ProxyAction["direction"] }[];
  lists: { name: string; kind: string }[];
  /** Of every worker, by name. */
  certificates: string[];
};

/** Everything of the draft that a policy can name, in its order. */
export async function policyChoices(now: Date): Promise<PolicyChoices> {
  const { interfaces, routes, proxyActions, lists } = await readDraft(database());
  const workers = await listWorkers(now);
  const certificates = workers.flatMap(({ status }) => status?.certificates ?? []).map(({ name }) => name);
  return {
    interfaces: interfaces.map(({ name, zone }) => ({ name, zone })),
    routes: routes.map(({ name, protocol }) => ({ name, protocol })),
    proxyActions: proxyActions.map(({ name, protocol, direction }) => ({ name, protocol, direction })),
    lists: lists.map(({ name, kind }) => ({ name, kind })),
    certificates: [...new Set(certificates)].sort(),
  };
}

/** How many there are of what a policy needs. */
export type PolicyParts = { interfaces: number; routes: number; proxyActions: number };

/** The names of all policies of the draft, in order, and what there is to make one from. */
export async function policyOverview(): Promise<{ names: string[]; parts: PolicyParts }> {
  const rows = await database().policy.findMany({ orderBy: { rank: "asc" }, select: { name: true } });
  const interfaces = await database().interface.count();
  const routes = await database().route.count();
  const proxyActions = await database().proxyAction.count();
  return { names: rows.map(({ name }) => name), parts: { interfaces, routes, proxyActions } };
}

/** A proxy action of the draft with its rules; null when it has none of that name. */
export async function readProxyActionView(name: string, now: Date): Promise<ProxyActionView | null> {
  const views = await proxyActionViews(await readDraft(database()), new Set([name]), now);
  return views.get(name) ?? null;
}

async function proxyActionViews(
  draft: PolicyDocument,
  names: Set<string>,
  now: Date,
): Promise<Map<string, ProxyActionView>> {
  const actions = draft.proxyActions.filter(({ name }) => names.has(name));
  const select = { id: true, name: true, version: true } as const;
  const rows = new Map((await database().proxyAction.findMany({ select })).map((row) => [row.name, row]));
  const kept = new Map(
    (await database().rule.findMany({ select: { id: true, version: true, addedAt: true } })).map((row) => [
      row.id,
      row,
    ]),
  );
  const shown = actions.flatMap((action) => rulesetsOf(action).flatMap(({ ruleset }) => ruleset.rules));
  const hits = await ruleHits(
    shown.flatMap(({ id }) => id ?? []),
    now,
  );
  const resets = new Map((await database().ruleReset.findMany()).map(({ ruleId, ...reset }) => [ruleId, reset]));
  const live = await publishedRules();
  const publishes = await publishTimes();
  const ruleView = (given: Rule): RuleView => {
    const { id = "", whenText: _, ...rule } = given;
    const published = live.get(id);
    const draftState: RuleView["draft"] =
      published === undefined ? "new" : published === JSON.stringify(given) ? "as published" : "edited";
    const { version = 1, addedAt = now } = kept.get(id) ?? {};
    // One that is live without a publish came back with an older revision.
    const since = publishes.find((at) => at >= addedAt) ?? (live.has(id) ? addedAt : null);
    const counted = { id, version, rule, hits: hits(id), draft: draftState };
    const reset = resets.get(id);
    return since !== null && reset !== undefined && reset.at > since
      ? { ...counted, countedSince: reset.at.toISOString(), resetBy: reset.by }
      : { ...counted, countedSince: since?.toISOString() ?? null };
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
    return { stage, rules: rules.map(ruleView), noneMatched };
  });
}

/** When the draft was published, the first time first. */
async function publishTimes(): Promise<Date[]> {
  const rows = await database().revision.findMany({
    where: { kind: "publish" },
    orderBy: { number: "asc" },
    select: { publishedAt: true },
  });
  return rows.map(({ publishedAt }) => publishedAt);
}

async function publishedRules(): Promise<Map<string, string>> {
  const live = await liveRevision(database());
  const actions = live === null ? [] : parseRevision(live).proxyActions;
  const rules = actions.flatMap((action) => rulesetsOf(action).flatMap(({ ruleset }) => ruleset.rules));
  return new Map(rules.map((rule) => [rule.id ?? "", JSON.stringify(rule)]));
}
