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
  const window = new SharingWindow(url, handlers);
  return () => window.close();
}

class SharingWindow {
  readonly #url: string;
  readonly #handlers: StreamHandlers;
  readonly #channel = new BroadcastChannel(name);
  /** While the stream is this window's: how it is. */
  #own: StreamState | null = null;
  // What changed before this window could be seen was not told to it.
  #missed = true;
  /** Gives the stream away, or the place in the line. */
  #leave = () => {};

  constructor(url: string, handlers: StreamHandlers) {
    this.#url = url;
    this.#handlers = handlers;
    this.#channel.addEventListener("message", this.#hear);
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#onVisibility();
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#leave();
    this.#channel.close();
  }

  #onVisibility = (): void => {
    this.#leave();
    if (document.hidden) this.#handlers.onState("paused");
    else this.#queueUp();
  };

  #queueUp(): void {
    const waiting = new AbortController();
    const held = Promise.withResolvers<void>();
    this.#leave = () => {
      this.#own = null;
      waiting.abort();
      held.resolve();
    };
    this.#missed = true;
    navigator.locks
      .request(name, { signal: waiting.signal }, async () => {
        if (waiting.signal.aborted) return;
        const end = this.#lead();
        await held.promise;
        end();
      })
      // It left the line before its turn came.
      .catch(() => {});
    this.#say({ kind: "ask" });
  }

  #lead(): () => void {
    this.#own = "connecting";
    return openEventStream(this.#url, {
      onState: (state) => {
        if (this.#own === null) return;
        this.#own = state;
        this.#handlers.onState(state);
        // Another one may be signed in again meanwhile: each finds out for itself.
        if (state === "signed-out") this.#leave();
        else if (state !== "paused") this.#say({ kind: "state", state });
      },
      onChanged: (topics) => {
        if (this.#own === null) return;
        this.#handlers.onChanged(topics);
        this.#say({ kind: "changed", topics: topics === null ? null : [...topics] });
      },
    });
  }

  #hear = ({ data }: MessageEvent): void => {
    const said = saidSchema.safeParse(data).data;
    if (said === undefined || document.hidden) return;
    if (said.kind === "ask") {
      const own = this.#own;
      if (own !== null && own !== "paused" && own !== "signed-out") this.#say({ kind: "state", state: own });
    } else if (this.#own !== null) return;
    else if (said.kind === "changed") this.#handlers.onChanged(said.topics);
    else {
      this.#handlers.onState(said.state);
      if (said.state === "live" && this.#missed) this.#handlers.onChanged(null);
      this.#missed = said.state !== "live";
    }
  };

  #say(said: Said): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target: it is of one origin
    this.#channel.postMessage(said);
  }
}
