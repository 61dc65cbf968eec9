import type { DecisionRecord } from "#core/contract/decision.ts";
import type { Facts } from "#core/contract/facts.ts";
import { decide, type StageDecision } from "#core/policy/decide.ts";
import { DecisionRecorder } from "#core/policy/decision-record.ts";
import type { Pop3Verb } from "#core/pop3/command.ts";
import type { DecisionServices } from "../scan/content-decisions.ts";
import type { GoverningPolicy } from "../services.ts";

export type DeniedCommand = { allowed: false; text: string; record: DecisionRecord | null };
export type CommandDecision = { allowed: true } | DeniedCommand;

/**
 * Asks the command ruleset; `record` is given when the rule wants it logged. CAPA is filtered and never denied. `before`: what was known when the
 * same command was asked about already; the rules that fitted then were counted.
 */
export function decideCommand(
  { policy, revision }: GoverningPolicy,
  verb: Pop3Verb,
  facts: Facts,
  { recorder, now }: DecisionServices,
  before: Facts | null = null,
): CommandDecision {
  if (verb === "CAPA") return { allowed: true };
  const ask = (known: Facts): StageDecision => decide(policy.action, "command", { ...known, command: [verb] }, now());
  const decision = ask(facts);
  const counted = before === null ? [] : rulesOf(ask(before));
  for (const { id, effect } of rulesOf(decision)) {
    if (!counted.some((rule) => rule.id === id)) recorder.ruleHit(id, effect);
  }
  if (decision.action.kind === "allow") return { allowed: true };
  const log = new DecisionRecorder();
  log.add(decision);
  const text = ("reply" in decision.action ? decision.action.reply?.text : undefined) ?? "Command not allowed";
  return { allowed: false, text, record: decision.log ? log.record(revision) : null };
}

function rulesOf({ rule, observed }: StageDecision): { id: string; effect: "enforced" | "observed" }[] {
  const watching = observed.map(({ ruleId }) => ({ id: ruleId, effect: "observed" as const }));
  return rule === null ? watching : [{ id: rule.id, effect: "enforced" as const }, ...watching];
}

/** Whether a command would pass, asked for the capability list: counts nothing. */
export function wouldAllow({ policy }: GoverningPolicy, verb: Pop3Verb, facts: Facts, now: number): boolean {
  return decide(policy.action, "command", { ...facts, command: [verb] }, now).action.kind === "allow";
}
