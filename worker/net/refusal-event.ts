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

/** The event of a connection that was not taken; `untold` others like it had none of their own. */
export function refusalEvent(
  base: { id: string; at: number; client: SessionEvent["client"] },
  { listener }: ListenerPolicy,
  policy: CompiledMailPolicy | null,
  what: { words: string; reply: string | null; untold: number },
): SessionEvent {
  const { words, reply, untold } = what;
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
