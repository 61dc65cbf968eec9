import { type Protocol, type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import { noneMatchedSchema, type Rule, type Ruleset, ruleSchema } from "#core/contract/rule.ts";
import { database } from "#lib/db.ts";
import { ruleFromRow } from "#lib/revisions/draft-document.ts";

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

export type EditableDefault = { place: RulePlace; version: number; noneMatched: Ruleset["noneMatched"] };

/** What a ruleset does when no rule matched, for its editor; null when there is no such ruleset. */
export async function readDefault(proxyActionId: string, ruleset: string): Promise<EditableDefault | null> {
  const place = await readPlace(proxyActionId, ruleset);
  const row = await database().proxyAction.findUnique({ where: { id: proxyActionId } });
  if (place === null || row === null) return null;
  const given = new Map(Object.entries(Object(row.noneMatched))).get(ruleset);
  return { place, version: row.version, noneMatched: noneMatchedSchema.parse(given ?? { action: "allow" }) };
}

/** How many rules the draft has. */
export function draftRuleCount(): Promise<number> {
  return database().rule.count();
}
