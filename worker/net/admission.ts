import type { Protocol } from "#core/contract/facts.ts";
import type { CompiledListener, CompiledMailPolicy } from "#core/policy/compile.ts";
import type { GoverningPolicy } from "../services.ts";
import type { ServerTls } from "../tls/server-tls.ts";
import type { ConnectionCounts } from "./connection-counts.ts";
import type { RateWindow } from "./rate-window.ts";
import type { RefusalCause } from "./refuse.ts";
import type { SourceBans } from "./source-bans.ts";

/** What governs one listening address now. */
export type ListenerPolicy = { listener: CompiledListener; revision: number; tls?: ServerTls | null };

/** `policy`: the one whose limit refused it; null: none took it. */
export type Refusal = { admitted: false; cause: RefusalCause; policy: CompiledMailPolicy | null };
export type AdmissionDecision = { admitted: true; governing: GoverningPolicy } | Refusal;

/** What is remembered of the sources of one listener. */
export type SourceMemory = { counts: ConnectionCounts; begun: RateWindow; bans: SourceBans };

/** Whose connection it is. A balancer that speaks for itself is every client's way in: no ban and no limit of a source holds for it. */
export type Client = { address: string; port: number; isBalancer?: boolean };

/** Decides whether a source may open a session, and counts it: bans, then the first policy that admits source and time, then its action's limits. */
export function admit(
  { address: source, isBalancer = false }: Client,
  { listener, revision }: ListenerPolicy,
  { counts, begun, bans }: SourceMemory,
  now: number,
): AdmissionDecision {
  if (!isBalancer && bans.isBanned(source)) return { admitted: false, cause: "banned", policy: null };
  const policy = listener.policies.find((candidate) => candidate.admits(source, now)) ?? null;
  const refused = (cause: RefusalCause): Refusal => ({ admitted: false, cause, policy });
  if (policy === null) return refused(listener.policies.some(takesLater(source)) ? "closed-now" : "no-policy");
  if (policy.disposition !== "allow") return refused(policy.disposition);
  const { connectionsMax, connectionsPerSourceMax, connectionsPerSourcePerMinuteMax } = policy.action.definition.limits;
  if (counts.total >= connectionsMax) return refused("listener-full");
  if (isBalancer) return { admitted: true, governing: { policy, revision } };
  if (counts.from(source) >= connectionsPerSourceMax) return refused("source-full");
  if (!begun.take(source, connectionsPerSourcePerMinuteMax)) return refused("source-rate");
  return { admitted: true, governing: { policy, revision } };
}

function takesLater(source: string) {
  return ({ disposition, hasSource }: CompiledMailPolicy): boolean => disposition === "allow" && hasSource(source);
}

/**
 * The policy of the listener that takes mail of the source now, or null: none does, the one that takes the source refuses,
 * or the listener speaks another protocol by now.
 */
export function governingPolicy(
  source: string,
  protocol: Protocol,
  current: ListenerPolicy | null,
  now: number,
): GoverningPolicy | null {
  if (current === null || current.listener.protocol !== protocol) return null;
  const policy = current.listener.policies.find((candidate) => candidate.admits(source, now));
  return policy?.disposition === "allow" ? { policy, revision: current.revision } : null;
}
