import type { Verdict } from "#core/contract/decision.ts";
import type { PolicyTest } from "#core/contract/policy-test.ts";
import type { Simulated } from "#core/contract/simulation.ts";

/** What became of one treatment of a message, and by which rule. */
type Fared = { verdict: Verdict; rule: string | null };

/**
 * What became of a message that was tried, of each treatment of it. Where nothing was reported the last reply tells: a client that hears a
 * refusal, or that no policy takes, is refused; else the envelope is let through so far.
 */
export function faredOf({
  policy,
  events,
  conversation,
}: Pick<Simulated, "policy" | "events" | "conversation">): Fared[] {
  if (events.length > 0)
    return events.map(({ decision }) => ({ verdict: decision?.verdict ?? "deny", rule: decision?.ruleName ?? null }));
  const last = conversation.at(-1)?.reply ?? null;
  const refuses = policy === null || last === null || /^[45]/.test(last);
  return [{ verdict: refuses ? (last?.startsWith("4") ? "tempfail" : "deny") : "allow", rule: null }];
}

/** Null: the message fared as the test says, in every treatment; else how it fared otherwise, in a sentence. */
export function failureOf({ must }: PolicyTest, simulated: Simulated): string | null {
  for (const { verdict, rule } of faredOf(simulated)) {
    const by = rule === null ? "" : ` by the rule "${rule}"`;
    if (!must.verdict.includes(verdict)) return `It must be ${must.verdict.join(" or ")}; it is ${verdict}${by}.`;
    if (must.rule !== undefined && rule !== must.rule)
      return `The rule "${must.rule}" must decide; ${rule === null ? "no rule does" : `the rule "${rule}" does`}.`;
  }
  const { reply } = must;
  const heard = simulated.conversation.flatMap((exchange) => exchange.reply ?? []);
  if (reply === undefined || heard.some((said) => said.includes(reply))) return null;
  return `The client must hear "${reply}"; it hears "${heard.at(-1) ?? ""}".`;
}
