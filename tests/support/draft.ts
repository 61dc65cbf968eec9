import type { Stage } from "#core/contract/facts.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import type { Actor } from "#lib/actor.ts";
import { database, transaction } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { importDocument } from "#lib/revisions/mutations.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";

export const mara: Actor = { name: "Mara", address: "192.0.2.7" };

/** The draft as it stands. */
export function draft(): Promise<PolicyDocument> {
  return readDraft(database());
}

/** Makes a YAML document the draft. */
export function importDraft(yaml: string): Promise<{ changes: number }> {
  return transaction((tx) => importDocument(tx, mara, { yaml }));
}

/** The rules of a ruleset of the draft, in order. */
export async function rulesOf(proxyAction: string, stage: Stage): Promise<Rule[]> {
  const action = (await draft()).proxyActions.find(({ name }) => name === proxyAction);
  if (action === undefined) throw new Error(`no proxy action ${proxyAction}`);
  return rulesetsOf(action).find((placed) => placed.stage === stage)?.ruleset.rules ?? [];
}

/** Id and version of a rule's row. */
export async function ruleRow(name: string): Promise<{ id: string; version: number; proxyActionId: string }> {
  return database().rule.findFirstOrThrow({
    where: { name },
    select: { id: true, version: true, proxyActionId: true },
  });
}
