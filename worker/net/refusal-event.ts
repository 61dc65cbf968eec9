import type { SessionEvent } from "#core/contract/event.ts";
import type { CompiledMailPolicy } from "#core/policy/compile.ts";
import type { ListenerPolicy } from "./admission.ts";
import type { RefusalCause } from "./refuse.ts";

const causeWords: Record<RefusalCause, string> = {
  "no-policy": "no policy admits this source",
  "closed-now": "no policy admits this source at this time",
  "refuse-521": "the policy refuses: refuse-521",
  "refuse-554": "the policy refuses: refuse-554",
  close: "the policy refuses: close",
  banned: "the source is blocked for a while",
  "listener-full": "connectionsMax of the listener is reached",
  "source-full": "connectionsPerSourceMax is reached",
  "source-rate": "connectionsPerSourcePerMinuteMax is reached",
  stopping: "the worker is stopping",
};

/** Why, in words for the administrator. */
export function refusalWords(cause: RefusalCause): string {
  return causeWords[cause];
}

/** `policy` is the one that refused it, if one did; `untold` others like it had no event of their own. */
export type ToldRefusal = { policy: CompiledMailPolicy | null; words: string; reply: string | null; untold: number };

/** The event of a connection that was not taken. */
export function refusalEvent(
  base: { id: string; at: number; client: SessionEvent["client"] },
  { listener }: ListenerPolicy,
  { policy, words, reply, untold }: ToldRefusal,
): SessionEvent {
  const [first] = listener.policies;
  return {
    kind: "session",
    id: base.id,
    at: new Date(base.at).toISOString(),
    protocol: listener.protocol,
    direction: (policy ?? first)?.action.definition.direction ?? "incoming",
    interface: first?.fromInterface ?? "",
    policy: policy?.name ?? "",
    proxyAction: policy?.action.definition.name ?? "",
    client: base.client,
    helo: null,
    user: null,
    decision: null,
    reply,
    cause: untold === 0 ? words : `${words} (and ${untold} more times since it was last told)`,
  };
}
