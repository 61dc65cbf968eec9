import type { Verdict } from "#core/contract/decision.ts";
import type { JudgedFacts } from "#core/contract/judged-facts.ts";
import type { CompiledMailPolicy, CompiledPolicy } from "./compile.ts";
import { MessageReplay } from "./message-replay.ts";
import { comparePolicies, type PolicyPair } from "./policy-pair.ts";
import type { ReplayTrace } from "./replay-trace.ts";

/** A message as it was judged. `at`: when, in milliseconds since 1970. */
export type JudgedMessage = { judged: JudgedFacts; at: number; policy: string; verdict: Verdict };

/** What would be decided, or why that cannot be said. `rule`: that decided, or of which it cannot be said; null: none. */
export type Replayed = { rule: { id: string; name: string } | null } & (
  | { kind: "decided"; verdict: Verdict }
  | { kind: "not-replayable"; why: string }
);

/**
 * Judges messages again by what is kept of them: never says what the worker would not, and says nothing where it needs what nobody
 * knows. Pure.
 */
export class PolicyReplay {
  readonly #policy: CompiledPolicy;
  readonly #pairs = new WeakMap<CompiledMailPolicy, Map<CompiledMailPolicy, PolicyPair>>();

  constructor(policy: CompiledPolicy) {
    this.#policy = policy;
  }

  /** `under`: the revision that judged it. `trace`, used once, takes the rules that are asked on the way; it costs as much again. */
  replay(message: JudgedMessage, under: CompiledPolicy, trace: ReplayTrace | null = null): Replayed {
    const { judged, at } = message;
    if (judged.limited) return unsaid("a limit or a fault refused it, not a rule");
    if (judged.omitted > 0) return unsaid("it has more header lines, parts or recipients than are kept");
    const before = policyNamed(under, message.policy);
    const now = this.#admitting(judged, at);
    if (before === null) return unsaid("the policy that judged it is not in its revision");
    if (now === null || now.protocol !== before.protocol) return unsaid("no policy takes its connection");
    if (now.disposition !== "allow") return unsaid(`the policy "${now.name}" refuses its connection`);
    return new MessageReplay(this.#pair(under, before, now), message, trace).result();
  }

  #admitting({ listener, steps }: JudgedFacts, at: number): CompiledMailPolicy | null {
    const client = steps[0]?.facts.clientAddress ?? "";
    const found = this.#policy.listeners.find(
      ({ address, port }) => address === listener.address && port === listener.port,
    );
    return found?.policies.find((policy) => policy.admits(client, at)) ?? null;
  }

  #pair(under: CompiledPolicy, before: CompiledMailPolicy, now: CompiledMailPolicy): PolicyPair {
    const known = this.#pairs.get(before)?.get(now);
    if (known !== undefined) return known;
    const pairs = this.#pairs.get(before) ?? new Map<CompiledMailPolicy, PolicyPair>();
    const pair = comparePolicies({ policy: before, document: under.document }, { policy: now, ...this.#policy });
    this.#pairs.set(before, pairs.set(now, pair));
    return pair;
  }
}

export function policyNamed({ listeners }: CompiledPolicy, name: string): CompiledMailPolicy | null {
  for (const { policies } of listeners) for (const policy of policies) if (policy.name === name) return policy;
  return null;
}

function unsaid(why: string): Replayed {
  return { kind: "not-replayable", why, rule: null };
}
