import type { LiveHub } from "./hub.ts";
import type { Topic } from "./topics.ts";

const heartbeatMs = 15_000;
/** At most two `changed` events a second. */
const paceMs = 500;
/** A client that does not read is let go when this many chunks wait for it. */
const unreadChunksMax = 64;

type StreamOptions = {
  /** Ends the stream. */
  signal: AbortSignal;
  /** Asked at every heartbeat; false ends the stream. */
  stillAllowed(): Promise<boolean>;
};

/** Server-sent events (`event: changed`, data `{"topics": […]}`), topics gathered between two events; a comment as heartbeat. */
export function changeStream(hub: LiveHub, { signal, stillAllowed }: StreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream({
    start(controller) {
      const waiting = new Set<Topic>();
      let pause: NodeJS.Timeout | null = null;
      const send = (text: string) => {
        controller.enqueue(encoder.encode(text));
        if ((controller.desiredSize ?? 0) < -unreadChunksMax) end();
      };
      const flush = () => {
        pause = null;
        if (ended || waiting.size === 0) return;
        send(`event: changed\ndata: ${JSON.stringify({ topics: [...waiting] })}\n\n`);
        waiting.clear();
        pause = setTimeout(flush, paceMs);
      };
      const unsubscribe = hub.subscribe((topics) => {
        for (const topic of topics) waiting.add(topic);
        if (pause === null) flush();
      });
      let ended = false;
      const end = () => {
        if (!ended) controller.close();
        stop();
      };
      const heartbeat = setInterval(() => {
        if (!ended) send(": still here\n\n");
        stillAllowed().then(
          (allowed) => allowed || end(),
          () => end(),
        );
      }, heartbeatMs);
      stop = () => {
        ended = true;
        unsubscribe();
        clearInterval(heartbeat);
        if (pause !== null) clearTimeout(pause);
        signal.removeEventListener("abort", end);
      };
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
      else send("retry: 2000\n\n");
    },
    cancel: () => stop(),
  });
}
