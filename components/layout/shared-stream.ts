import { z } from "zod";
import { openEventStream, type StreamHandlers, type StreamState } from "./event-stream.ts";

const name = "postern-stream";

const saidSchema = z.discriminatedUnion("kind", [
  /** A window that came asks the one that has the stream how it is. */
  z.object({ kind: z.literal("ask") }),
  z.object({ kind: z.literal("state"), state: z.enum(["connecting", "live", "reconnecting", "offline"]) }),
  z.object({ kind: z.literal("changed"), topics: z.array(z.string()).nullable() }),
]);
type Said = z.infer<typeof saidSchema>;

/**
 * As openEventStream, with one stream for all windows of the browser that can be seen: it has six connections to a host for all of them. The window
 * that holds the lock has the stream and tells the others; when it goes or is hidden, the next one takes over. Without locks, which browsers have on
 * HTTPS and on the machine itself only, each window has its own.
 */
export function shareEventStream(url: string, handlers: StreamHandlers): () => void {
  if (!("locks" in navigator)) return openEventStream(url, handlers);
  const channel = new BroadcastChannel(name);
  /** While the stream is this window's: how it is. */
  let own: StreamState | null = null;
  // What changed before this window could be seen was not told to it.
  let missed = true;
  let leave = () => {};
  const say = (said: Said) => channel.postMessage(said);

  function lead(): () => void {
    own = "connecting";
    return openEventStream(url, {
      onState: (state) => {
        if (own === null) return;
        own = state;
        handlers.onState(state);
        // Another one may be signed in again meanwhile: each finds out for itself.
        if (state === "signed-out") leave();
        else if (state !== "paused") say({ kind: "state", state });
      },
      onChanged: (topics) => {
        handlers.onChanged(topics);
        say({ kind: "changed", topics: topics === null ? null : [...topics] });
      },
    });
  }

  function queueUp() {
    const waiting = new AbortController();
    const held = Promise.withResolvers<void>();
    leave = () => {
      own = null;
      waiting.abort();
      held.resolve();
    };
    missed = true;
    navigator.locks
      .request(name, { signal: waiting.signal }, async () => {
        if (waiting.signal.aborted) return;
        const end = lead();
        await held.promise;
        end();
      })
      // It left the queue before its turn came.
      .catch(() => {});
    say({ kind: "ask" });
  }

  function hear({ data }: MessageEvent) {
    const said = saidSchema.safeParse(data).data;
    if (said === undefined || document.hidden) return;
    if (said.kind === "ask") {
      if (own !== null && own !== "paused" && own !== "signed-out") say({ kind: "state", state: own });
    } else if (own !== null) return;
    else if (said.kind === "changed") handlers.onChanged(said.topics);
    else {
      handlers.onState(said.state);
      if (said.state === "live" && missed) handlers.onChanged(null);
      missed = said.state !== "live";
    }
  }

  function onVisibility() {
    leave();
    if (document.hidden) handlers.onState("paused");
    else queueUp();
  }

  channel.addEventListener("message", hear);
  document.addEventListener("visibilitychange", onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    leave();
    channel.close();
  };
}
