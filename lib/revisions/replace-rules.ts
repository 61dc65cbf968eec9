import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import { idOfRuleKey, ruleKey } from "#core/policy/document-parts.ts";
import type { DocumentEdit } from "#core/policy/patch.ts";
import { sameValue } from "#core/policy/same-value.ts";
import type { Transaction } from "#lib/db.ts";
import { rulesetsOf } from "./rule-identity.ts";

type PlacedRule = Rule & { proxyActionId: string; ruleset: string; rank: number };

/** Writes the rules of the edits as the document has them: what is in them, and the order of the rulesets that they touch. */
export async function writeRules(
  tx: Transaction,
  document: PolicyDocument,
  edits: readonly DocumentEdit[],
): Promise<void> {
  const own = edits.filter(({ path }) => path[0] === "rules");
  if (own.length === 0) return;
  const wanted = await placedRules(tx, document, new Set(own.map(({ path: [, name, stage] }) => placeOf(name, stage))));
  const written = new Set(own.filter(({ before, after }) => !sameValue(before, after)).map(({ key }) => key));
  await upsertRules(
    tx,
    wanted.filter((rule) => written.has(ruleKey(rule))),
  );
  await writeRanks(tx, wanted);
  const there = new Set(wanted.map(ruleKey));
  const gone = own.filter(({ key, after }) => after === null && !there.has(key));
  await tx.rule.deleteMany({ where: { id: { in: gone.map(({ key }) => idOfRuleKey(key)) } } });
}

async function placedRules(
  tx: Transaction,
  document: PolicyDocument,
  places: ReadonlySet<string>,
): Promise<PlacedRule[]> {
  const rows = await tx.proxyAction.findMany({ select: { id: true, name: true } });
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  return document.proxyActions.flatMap(({ name, ...action }) => {
    const proxyActionId = ids.get(name);
    if (proxyActionId === undefined) throw new Error(`the proxy action ${name} has no row`);
    return rulesetsOf({ name, ...action }).flatMap(({ stage, ruleset }) =>
      places.has(placeOf(name, stage))
        ? ruleset.rules.map((rule, rank) => ({ ...rule, proxyActionId, ruleset: stage, rank }))
        : [],
    );
  });
}

function placeOf(name = "", stage = ""): string {
  return JSON.stringify([name, stage]);
}

/** One statement with one parameter: a document may have thousands of rules. */
async function upsertRules(tx: Transaction, rules: readonly PlacedRule[]): Promise<void> {
  if (rules.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO "Rule" AS rule (id, "proxyActionId", ruleset, rank, name, section, state, "when", "whenText", action, log, alarm, expires, version)
    SELECT id, "proxyActionId", ruleset, rank, name, section, state, "when", "whenText", action, log, alarm, expires, 1
    FROM jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) AS row(id uuid, "proxyActionId" uuid, ruleset text, rank int,
      name text, section text, state text, "when" jsonb, "whenText" text, action jsonb, log boolean, alarm boolean, expires text)
    ON CONFLICT (id) DO UPDATE SET "proxyActionId" = excluded."proxyActionId", ruleset = excluded.ruleset, name = excluded.name, section = excluded.section,
      state = excluded.state, "when" = excluded."when", "whenText" = excluded."whenText", action = excluded.action, log = excluded.log, alarm = excluded.alarm,
      expires = excluded.expires, version = rule.version + 1`;
}

async function writeRanks(tx: Transaction, rules: readonly PlacedRule[]): Promise<void> {
  const places = rules.map(({ id, rank }) => ({ id, rank }));
  await tx.$executeRaw`
    UPDATE "Rule" SET rank = place.rank
    FROM jsonb_to_recordset(${JSON.stringify(places)}::jsonb) AS place(id uuid, rank int)
    WHERE "Rule".id = place.id AND "Rule".rank <> place.rank`;
}
