import type { RuleState } from "#core/contract/rule.ts";

/** What a row of the table asks of it. */
export type RuleCommand = { id: string } & (
  | { kind: "state"; state: RuleState }
  | { kind: "choose"; on: boolean; range: boolean }
  | { kind: "unfold" | "menu" | "clone" | "up" | "down" | "top" | "bottom" | "move" | "reset" | "delete" }
);
