import type { RuleState } from "#core/contract/rule.ts";
import type { Finding } from "#core/policy/lint/finding.ts";

/** What a row of the table asks of it. */
export type RuleCommand = { id: string } & (
  | { kind: "state"; state: RuleState }
  | { kind: "choose"; on: boolean; range: boolean }
  | { kind: "unfold" | "menu" | "clone" | "up" | "down" | "top" | "bottom" | "move" | "delete" }
);

/** What the lint says of each rule, by id. */
export type RuleFindings = Readonly<Record<string, readonly RuleFinding[]>>;
export type RuleFinding = Pick<Finding, "code" | "severity" | "what" | "why" | "doThis">;
