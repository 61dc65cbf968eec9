import { type FactName, type Facts, facts as factTable, type Stage } from "#core/contract/facts.ts";
import type { CompiledRuleset } from "./compile.ts";
import type { Unknown } from "./compile-condition.ts";
import { decides, tell } from "./tell.ts";

const contentStages: readonly Stage[] = ["header", "attachment", "message"];
/** Known once the content of a message is seen. */
const contentFacts = (Object.keys(factTable) as FactName[]).filter((name) => {
  const { since }: { since: { smtp?: Stage; pop3?: Stage } } = factTable[name];
  const stage = since.smtp ?? since.pop3;
  return name !== "recipientCount" && stage !== undefined && contentStages.includes(stage);
});

/**
 * What may decide at a stage of which not all was seen. `known`: what is known all the same. `rule`: the first one that may match, null:
 * none matched. Null: nothing, whatever comes there.
 */
export function openRule(
  ruleset: CompiledRuleset | undefined,
  stage: Stage,
  known: Facts,
  unknown: Unknown,
  now: number,
): { rule: { id: string; name: string } | null } | null {
  if (!decides(ruleset, stage, now)) return null;
  const missing = new Map(unknown);
  for (const name of contentFacts) if (known[name] === undefined) missing.set(name, null);
  const told = tell(ruleset, stage, known, missing, now);
  if ("unknown" in told) return { rule: told.rule };
  // A rule that lets it through decides, too.
  return told.rule === null && told.action.kind === "allow" ? null : { rule: told.rule };
}
