import { type Protocol, type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import { noneMatchedSchema } from "#core/contract/rule.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { jsonObjectColumn } from "#lib/revisions/json-column.ts";

/** The proxy action, made to have the ruleset: one without rules is not in the document until its first rule. */
export async function openRuleset(tx: Transaction, id: string, ruleset: Stage) {
  const action = await tx.proxyAction.findUnique({ where: { id } });
  if (action === null) throw await editConflict(tx, "Rule", id, true);
  const protocol: Protocol = action.protocol === "pop3" ? "pop3" : "smtp";
  const stages: readonly Stage[] = stagesByProtocol[protocol];
  if (!stages.includes(ruleset))
    throw new PublicError(
      "INPUT_INVALID",
      `Not saved: "${action.name}" is for ${protocol}, which has no ${ruleset} ruleset. Choose another ruleset.`,
    );
  const noneMatched = jsonObjectColumn(action.noneMatched);
  if (ruleset in noneMatched) return action;
  const opened = { ...noneMatched, [ruleset]: jsonObjectColumn(noneMatchedSchema.parse({ action: "allow" })) };
  return tx.proxyAction.update({ where: { id }, data: { noneMatched: opened } });
}
