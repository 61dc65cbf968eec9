"use client";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { fetchFeedAction } from "#lib/list-feeds/actions.ts";
import type { FeedState } from "#lib/lists/queries.ts";

/** How the feed of a list goes, with a fetch at once; the editor closes over what it brings. */
export function FeedNotice({ listName, feed }: { listName: string; feed: FeedState }) {
  const router = useRouter();
  const toast = useToast();
  const [busy, startTransition] = useTransition();

  async function fetchIt() {
    const result = await answered(fetchFeedAction({ listName }));
    if (!result.ok) return toast("fault", result.error.message);
    toast(
      "done",
      `Fetched for “${listName}”: ${result.value.entries} ${result.value.entries === 1 ? "entry" : "entries"}.`,
    );
    router.push("/lists", { scroll: false });
  }

  return (
    <Notice kind={feed.lastError === null ? "info" : "warning"}>
      <FeedWords feed={feed} />
      <Button size="small" className="mt-2" disabled={busy} onClick={() => startTransition(fetchIt)}>
        {busy ? "Fetching…" : "Fetch now"}
      </Button>
    </Notice>
  );
}

/** When the feed last gave entries, and why it gives none now. */
export function FeedWords({ feed: { lastGoodAt, lastError } }: { feed: FeedState }) {
  const good = lastGoodAt?.toISOString();
  return (
    <>
      {good === undefined ? (
        "Not fetched yet."
      ) : (
        <>
          Fetched <Time at={good} form="relative" />.
        </>
      )}
      {lastError !== null && (
        <span className="block">The newest fetch brought nothing, so the entries stay: {lastError}.</span>
      )}
    </>
  );
}
