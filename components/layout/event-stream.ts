import { z } from "zod";

export type StreamState = "connecting" | "live" | "reconnecting" | "offline" | "paused" | "signed-out";

export type StreamHandlers = {
  /** Something changed; `null`: changes may have been missed, everything should be looked at again. */
  onChanged: (topics: readonly string[] | null) => void;
  onState: (state: StreamState) => void;
};

const changedSchema = z.object({ topics: z.array(z.string()) });
const backoffFirstMs = 1_000;
const backoffMaxMs = 30_000;
/** Failures in a row after which we no longer say "reconnecting". */
const offlineAfter = 3;

/**
 * An EventSource that reconnects with growing pauses, closes while the tab is hidden (a browser has six
 * connections per host for all its tabs) and asks for a fresh look on return. Call the result to end it.
 */
export function openEventStream(url: string, { onChanged, onState }: StreamHandlers): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  // The page was made before the stream opened: what changed between the two is not told.
  let missed = true;
  let ended = false;

  function connect() {
    source = new EventSource(url);
    source.onopen = () => {
      failures = 0;
      onState("live");
      if (missed) onChanged(null);
      missed = false;
    };
    source.addEventListener("changed", (event) => onChanged(readTopics(event.data)));
    source.onerror = () => {
      close();
      failures += 1;
      missed = true;
      onState(failures > offlineAfter ? "offline" : "reconnecting");
      const pause = Math.min(backoffMaxMs, backoffFirstMs * 2 ** (failures - 1));
      timer = setTimeout(reconnect, pause * (0.75 + Math.random() / 2));
    };
  }
  async function reconnect() {
    if (await isRefused(url)) onState("signed-out");
    else if (!ended && !document.hidden && source === null) connect();
  }
  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }
  function onVisibility() {
    close();
    if (document.hidden) {
      missed = true;
      onState("paused");
    } else connect();
  }

  document.addEventListener("visibilitychange", onVisibility);
  onVisibility();
  return () => {
    ended = true;
    document.removeEventListener("visibilitychange", onVisibility);
    close();
  };
}

/** Whether the session has ended: an EventSource does not tell why it failed. */
async function isRefused(url: string): Promise<boolean> {
  const look = new AbortController();
  try {
    return (await fetch(url, { signal: look.signal, cache: "no-store" })).status === 401;
  } catch {
    return false;
  } finally {
    look.abort();
  }
}

function readTopics(data: unknown): readonly string[] | null {
  try {
    return changedSchema.parse(JSON.parse(String(data))).topics;
  } catch {
    return null;
  }
}
