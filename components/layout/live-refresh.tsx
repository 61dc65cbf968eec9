"use client";
import { usePathname } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { formatTimestamp } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import { useZone } from "#components/ui/zone.tsx";
import type { StreamState } from "./event-stream.ts";
import { concernsPage } from "./live-topics.ts";
import { shareEventStream } from "./shared-stream.ts";
import { useThrottledRefresh } from "./use-throttled-refresh.ts";

const words: Record<StreamState, { text: string; dot: string }> = {
  connecting: { text: "Connecting", dot: "bg-inactive" },
  live: { text: "Live", dot: "bg-allow" },
  reconnecting: { text: "Reconnecting", dot: "bg-warn" },
  offline: { text: "Offline", dot: "bg-deny" },
  paused: { text: "Paused", dot: "bg-inactive" },
  "signed-out": { text: "Signed out", dot: "bg-deny" },
};

/** Keeps the page as fresh as the stream says and tells how fresh that is. Stands once, in the console's frame. */
export function LiveRefresh() {
  const path = usePathname();
  const pathNow = useRef(path);
  const [state, setState] = useState<StreamState>("connecting");
  const zone = useZone();
  const reachable = useRef(false);
  const { refresh, freshAt } = useThrottledRefresh(reachable);

  useEffect(() => {
    pathNow.current = path;
  }, [path]);

  useEffect(
    () =>
      shareEventStream("/api/stream", {
        onState: (next) => {
          reachable.current = next === "live";
          setState(next);
        },
        onChanged: (topics) => {
          if (topics === null || concernsPage(pathNow.current, topics)) refresh();
        },
      }),
    [refresh],
  );

  const { text, dot } = words[state];
  const since = freshAt === null ? null : formatTimestamp(new Date(freshAt), zone).slice(11);
  return (
    <p className="flex items-center gap-1.5 whitespace-nowrap text-muted text-sm" data-live={state}>
      <span aria-hidden className={`size-2 rounded-full ${dot}`} />
      {state === "signed-out" ? <TextLink href="/login">{text}</TextLink> : text}
      {since !== null && <span className="max-lg:hidden">{since}</span>}
    </p>
  );
}
