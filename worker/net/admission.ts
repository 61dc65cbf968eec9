import type { Protocol } from "#core/contract/facts.ts";
import type { CompiledListener } from "#core/policy/compile.ts";
import type { GoverningPolicy } from "../services.ts";
import type { ServerTls } from "../tls/server-tls.ts";
import type { ConnectionCounts } from "./connection-counts.ts";
import type { RefusalCause } from "./refuse.ts";
import type { SourceBans } from "./source-bans.ts";

/** What governs one listening address now. */
export type ListenerPolicy = { listener: CompiledListener; revision: number; tls?: ServerTls | null };

export type AdmissionDecision =
  | { admitted: true; governing: GoverningPolicy }
  | { admitted: false; cause: RefusalCause };

/** Decides whether a source may open a session: bans, then the first policy that admits it, then its action's limits. */
export function admit(
  source: string,
  current: ListenerPolicy,
  counts: ConnectionCounts,
  bans: SourceBans,
): AdmissionDecision {
  if (bans.isBanned(source)) return { admitted: false, cause: "banned" };
  const governing = governingPolicy(source, current.listener.protocol, current);
  if (governing === null) return { admitted: false, cause: "no-policy" };
  const { connectionsMax, connectionsPerSourceMax } = governing.policy.action.definition.limits;
  if (counts.total >= connectionsMax) return { admitted: false, cause: "listener-full" };
  if (counts.from(source) >= connectionsPerSourceMax) return { admitted: false, cause: "source-full" };
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
