import type { Verdict } from "#core/contract/decision.ts";
import type { PolicyTest } from "#core/contract/policy-test.ts";
import type { Simulated } from "#core/contract/simulation.ts";

/** What became of one treatment of a message, and by which rule. */
type Fared = { verdict: Verdict; rule: string | null };

/**
 * What became of a message that was tried, of each treatment of it, and of each command of a mailbox that was denied. Where nothing was
 * reported the last refusal tells: a client that hears one, or that no policy takes, is refused; else it is let through so far.
 */
export function faredOf({
  policy,
  events,
  conversation,
}: Pick<Simulated, "policy" | "events" | "conversation">): Fared[] {
  const fared = events.map(({ decision }) => ({
    verdict: decision?.verdict ?? "deny",
    rule: decision?.ruleName ?? null,
  }));
  // A mailbox goes on after a command that is denied, which not every rule reports.
  const denied = conversation.find(({ reply }) => reply?.startsWith("-ERR") === true)?.reply ?? null;
  if (denied !== null && !fared.some(({ verdict }) => refusals.has(verdict)))
    return [{ verdict: verdictOfRefusal(denied), rule: null }, ...fared];
  if (fared.length > 0) return fared;
  const last = conversation.at(-1)?.reply ?? null;
  const refuses = policy === null || last === null || /^[45]/.test(last);
  return [{ verdict: refuses ? verdictOfRefusal(last) : "allow", rule: null }];
}

const refusals: ReadonlySet<Verdict> = new Set(["deny", "tempfail", "drop", "block"]);

/** RFC 3206 §4: SYS/TEMP is the 4xx of POP3. */
function verdictOfRefusal(reply: string | null): Verdict {
  return reply !== null && /^(?:4|-ERR \[SYS\/TEMP\])/.test(reply) ? "tempfail" : "deny";
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
