import type { Protocol, Stage } from "#core/contract/facts.ts";
import type { Rule } from "#core/contract/rule.ts";

/** What the editor of a new rule begins with: a refusal, as the ruleset has it. */
export function newRule(protocol: Protocol, stage: Stage): Rule {
  const refusal = protocol === "pop3" && stage !== "command" ? "replace" : "deny";
  return { name: "", state: "on", action: { kind: refusal }, log: true, alarm: false };
}
