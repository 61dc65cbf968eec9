import type { SessionEvent } from "#core/contract/event.ts";
import type { ListenerPolicy } from "./admission.ts";
import type { RefusalCause } from "./refuse.ts";

const causeWords: Record<RefusalCause, string> = {
  "no-policy": "no policy admits this source",
  banned: "the source is blocked for a while",
  "listener-full": "connectionsMax of the listener is reached",
  "source-full": "connectionsPerSourceMax is reached",
  stopping: "the worker is stopping",
};

/** The event of a connection that was not taken; `untold` others like it had none of their own. It names the policy only where one admitted the source. */
export function refusalEvent(
  base: { id: string; at: number; client: SessionEvent["client"] },
  current: ListenerPolicy,
  cause: RefusalCause,
  reply: string | null,
  untold: number,
): SessionEvent {
  const [first] = current.listener.policies;
  const chosen = cause === "listener-full" || cause === "source-full" ? first : undefined;
  return {
    kind: "session",
    id: base.id,
    at: new Date(base.at).toISOString(),
    protocol: current.listener.protocol,
    direction: first?.action.definition.direction ?? "incoming",
    interface: first?.fromInterface ?? "",
    policy: chosen?.name ?? "",
    proxyAction: chosen?.action.definition.name ?? "",
    client: base.client,
    helo: null,
    user: null,
    decision: null,
    reply,
    cause: untold === 0 ? causeWords[cause] : `${causeWords[cause]} (and ${untold} more times since it was last told)`,
  };
}
