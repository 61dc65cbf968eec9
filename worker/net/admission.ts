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

/** Decides whether a source may open a session, and counts it: bans, then the first policy that admits it, then its action's limits. */
export function admit(
  source: string,
  current: ListenerPolicy,
  { counts, begun, bans }: SourceMemory,
): AdmissionDecision {
  if (bans.isBanned(source)) return { admitted: false, cause: "banned", policy: null };
  const governing = governingPolicy(source, current.listener.protocol, current);
  if (governing === null) return { admitted: false, cause: "no-policy", policy: null };
  const { policy } = governing;
  const refused = (cause: RefusalCause): Refusal => ({ admitted: false, cause, policy });
  const { connectionsMax, connectionsPerSourceMax, connectionsPerSourcePerMinuteMax } = policy.action.definition.limits;
  if (counts.total >= connectionsMax) return refused("listener-full");
  if (counts.from(source) >= connectionsPerSourceMax) return refused("source-full");
  if (!begun.take(source, connectionsPerSourcePerMinuteMax)) return refused("source-rate");
  return { admitted: true, governing };
}

/** The first policy of the listener that admits the source, or null: also when the listener speaks another protocol by now. */
export function governingPolicy(
  source: string,
  protocol: Protocol,
  current: ListenerPolicy | null,
): GoverningPolicy | null {
  if (current === null || current.listener.protocol !== protocol) return null;
  const policy = current.listener.policies.find((candidate) => candidate.admits(source));
  return policy === undefined ? null : { policy, revision: current.revision };
}
