import type { Action } from "#core/contract/action.ts";
import type { Stage } from "#core/contract/facts.ts";
import type { CompiledProxyAction, CompiledRuleset } from "./compile.ts";

// RFC 3463 §3.7: X.6.0, other or undefined media error.
const uninspectable: Action = {
  kind: "deny",
  reply: { code: 554, enhanced: "5.6.0", text: "The structure of the message cannot be inspected" },
};

const contentStages = ["header", "attachment", "message"] as const satisfies readonly Stage[];

/** What is done with a message that cannot be read in full; null: nothing. Rules that only observe or allow refuse nothing, readable or not. */
export function unreadAction({ needs, rulesets, definition }: CompiledProxyAction): Action | null {
  if (!needs.header && !needs.attachment) return null;
  if (!contentStages.some((stage) => mayRefuse(rulesets.get(stage)))) return null;
  return definition.protocol === "pop3" ? { kind: "replace" } : uninspectable;
}

function mayRefuse(ruleset: CompiledRuleset | undefined): boolean {
  if (ruleset === undefined) return false;
  const refuses = ruleset.rules.some((rule) => rule.state === "on" && rule.action.kind !== "allow");
  return refuses || ruleset.noneMatched.action.kind !== "allow";
}
