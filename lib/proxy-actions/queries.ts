import { type Protocol, type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import type { Profile } from "#core/contract/proxy-action-profile.ts";
import { noneMatchedSchema, type Rule, type Ruleset, ruleSchema } from "#core/contract/rule.ts";
import { database } from "#lib/db.ts";
import { inspectionNames } from "#lib/inspection/queries.ts";
import { listNames } from "#lib/lists/queries.ts";
import { ruleFromRow } from "#lib/revisions/draft-document.ts";
import { profileDigest, profileFromRow } from "./profile.ts";
import { rulesetVersion } from "./ruleset-version.ts";

/** Where a rule stands, for its editor. */
export type RulePlace = { proxyActionId: string; proxyAction: string; protocol: Protocol; ruleset: Stage };
export type EditableRule = { place: RulePlace; id: string; version: number; rule: Rule };

/** A rule of the draft as its editor takes it; null when it is gone. */
export async function readRule(id: string): Promise<EditableRule | null> {
  const row = await database().rule.findUnique({ where: { id }, include: { proxyAction: true } });
  if (row === null) return null;
  const place = await readPlace(row.proxyActionId, row.ruleset);
  if (place === null) return null;
  return { place, id, version: row.version, rule: ruleSchema.parse(ruleFromRow(row)) };
}

/** A ruleset of a proxy action, where a rule can be put; null when there is none. */
export async function readPlace(proxyActionId: string, ruleset: string): Promise<RulePlace | null> {
  const row = await database().proxyAction.findUnique({ where: { id: proxyActionId } });
  if (row === null) return null;
  const protocol: Protocol = row.protocol === "pop3" ? "pop3" : "smtp";
  const stages: readonly Stage[] = stagesByProtocol[protocol];
  const stage = stages.find((known) => known === ruleset);
  return stage === undefined ? null : { proxyActionId, proxyAction: row.name, protocol, ruleset: stage };
}

/** The section of the two rules that stand around a place, above the rule `before`; undefined where they are in none, or in two. */
export async function sectionAround(
  { proxyActionId, ruleset }: RulePlace,
  before: string,
): Promise<string | undefined> {
  const rows = await database().rule.findMany({
    where: { proxyActionId, ruleset },
    orderBy: { rank: "asc" },
    select: { id: true, section: true },
  });
  const at = rows.findIndex(({ id }) => id === before);
  const section = rows[at]?.section ?? undefined;
  return rows[at - 1]?.section === section ? section : undefined;
}

export type EditableDefault = { place: RulePlace; version: number; noneMatched: Ruleset["noneMatched"] };

/** What a ruleset does when no rule matched, for its editor; null when there is no such ruleset. */
export async function readDefault(proxyActionId: string, ruleset: string): Promise<EditableDefault | null> {
  const place = await readPlace(proxyActionId, ruleset);
  const row = await database().proxyAction.findUnique({ where: { id: proxyActionId } });
  if (place === null || row === null) return null;
  const given = new Map(Object.entries(Object(row.noneMatched))).get(ruleset);
  return { place, version: row.version, noneMatched: noneMatchedSchema.parse(given ?? { action: "allow" }) };
}

export type EditableRuleset = {
  place: RulePlace;
  /** That of rulesetVersion. */
  version: number;
  ruleset: Ruleset;
};

/** A whole ruleset, for its editor as patterns; null when there is no such ruleset. */
export async function readRuleset(proxyActionId: string, stage: string): Promise<EditableRuleset | null> {
  const found = await readDefault(proxyActionId, stage);
  if (found === null) return null;
  const rows = await database().rule.findMany({ where: { proxyActionId, ruleset: stage }, orderBy: { rank: "asc" } });
  const rules = rows.map((row) => ruleSchema.parse(ruleFromRow(row)));
  const { place, noneMatched } = found;
  return { place, version: rulesetVersion(rows, noneMatched), ruleset: { rules, noneMatched } };
}

/** What rules of the draft can name. */
export type RuleChoices = { lists: { name: string; kind: string }[]; dictionaries: string[]; notices: string[] };

export async function readRuleChoices(): Promise<RuleChoices> {
  const [lists, dictionaries, notices] = [
    await listNames(),
    await inspectionNames("dictionary"),
    await inspectionNames("notice"),
  ];
  return { lists, dictionaries, notices };
}

/** Where rules can stand. */
export type ProxyActionChoice = { id: string; name: string; protocol: Protocol };

/** The proxy actions of the draft by name alone, in order. */
export async function proxyActionChoices(): Promise<ProxyActionChoice[]> {
  const rows = await database().proxyAction.findMany({
    orderBy: { rank: "asc" },
    select: { id: true, name: true, protocol: true },
  });
  return rows.map(({ id, name, protocol }) => ({ id, name, protocol: protocol === "pop3" ? "pop3" : "smtp" }));
}

/** How many rules the draft has. */
export function draftRuleCount(): Promise<number> {
  return database().rule.count();
}

export type ProxyActionSummary = {
  id: string;
  name: string;
  protocol: Protocol;
  direction: Profile["direction"];
  rules: number;
  /** The policies of the draft that use it. */
  usedBy: string[];
};

/** The proxy actions of the draft, in order. */
export async function readProxyActions(): Promise<ProxyActionSummary[]> {
  const rows = await database().proxyAction.findMany({
    orderBy: { rank: "asc" },
    include: { policies: { orderBy: { rank: "asc" }, select: { name: true } }, _count: { select: { rules: true } } },
  });
  return rows.map((row) => {
    const { name, protocol, direction } = profileFromRow(row);
    const usedBy = row.policies.map((policy) => policy.name);
    return { id: row.id, name, protocol, direction, rules: row._count.rules, usedBy };
  });
}

export type EditableProfile = { id: string; seen: string; profile: Profile; usedBy: string[] };

/** A proxy action without its rules, as its form takes it; null when it is gone. */
export async function readProfile(id: string): Promise<EditableProfile | null> {
  const row = await database().proxyAction.findUnique({
    where: { id },
    include: { policies: { orderBy: { rank: "asc" }, select: { name: true } } },
  });
  if (row === null) return null;
  const profile = profileFromRow(row);
  return { id, seen: profileDigest(profile), profile, usedBy: row.policies.map(({ name }) => name) };
}
