import type { Verdict } from "#core/contract/decision.ts";
import type { PolicyTest } from "#core/contract/policy-test.ts";
import type { Simulated } from "#core/contract/simulation.ts";

/** What became of a message that was tried. Where no policy takes the connection, or only the envelope was given: refused, or not so far. */
export function verdictOfTrial({ policy, event }: Simulated): Verdict {
  if (policy === null) return "deny";
  if (event === null) return "allow";
  return event.decision?.verdict ?? "deny";
}

/** Null: the message fared as the test says; else how it fared otherwise, in a sentence. */
export function failureOf({ must }: PolicyTest, simulated: Simulated): string | null {
  const verdict = verdictOfTrial(simulated);
  const rule = simulated.event?.decision?.ruleName ?? null;
  const by = rule === null ? "" : ` by the rule "${rule}"`;
  if (!must.verdict.includes(verdict)) return `It must be ${must.verdict.join(" or ")}; it is ${verdict}${by}.`;
  if (must.rule !== undefined && rule !== must.rule)
    return `The rule "${must.rule}" must decide; ${rule === null ? "no rule does" : `the rule "${rule}" does`}.`;
  const { reply } = must;
  if (reply === undefined || simulated.conversation.some((exchange) => exchange.reply?.includes(reply) === true))
    return null;
  return `The client must hear "${reply}"; it hears "${simulated.conversation.at(-1)?.reply ?? ""}".`;
}
