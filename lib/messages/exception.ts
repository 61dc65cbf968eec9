import { z } from "zod";
import { type DecisionRecord, stopsMessage } from "#core/contract/decision.ts";
import { database } from "#lib/db.ts";

type Judged = { proxyAction: string; decision: DecisionRecord | null };

/**
 * Where in the draft a rule would stand that lets such mail through, as the editor of rules takes it: before the rule that decided, or at the end
 * of the ruleset whose default did. Null: nothing was done to it, no rule did that, or the draft has no such place.
 */
export async function exceptionTarget({ proxyAction, decision }: Judged): Promise<string | null> {
  if (decision === null || decision.stage === null) return null;
  const { verdict, stage, ruleId } = decision;
  if (!stopsMessage(verdict) && verdict !== "strip") return null;
  if (ruleId === null) {
    const action = await database().proxyAction.findUnique({ where: { name: proxyAction }, select: { id: true } });
    return action === null ? null : `${action.id}:${stage}:end`;
  }
  if (!z.uuid().safeParse(ruleId).success) return null;
  const rule = await database().rule.findUnique({
    where: { id: ruleId },
    select: { proxyActionId: true, ruleset: true },
  });
  return rule === null ? null : `${rule.proxyActionId}:${rule.ruleset}:${ruleId}`;
}
