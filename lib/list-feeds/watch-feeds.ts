import { entriesFileBytesMax } from "#core/text/entries-file.ts";
import type { Actor } from "#lib/actor.ts";
import { database, transaction } from "#lib/db.ts";
import { feedNetworks } from "#lib/env.ts";
import { PublicError } from "#lib/errors.ts";
import { every } from "#lib/jobs/every.ts";
import { pushLiveRevision } from "#lib/revisions/push.ts";
import { isUnsettled, unsettledWords } from "#lib/revisions/trial-mutations.ts";
import { readFeed } from "./feed-entries.ts";
import { fetchFeed } from "./fetch-feed.ts";
import { claimFeed, type Feed, forgetFeeds, takeFeed, wantedFeeds } from "./mutations.ts";

const everyMs = 30_000;
const timeoutMs = 30_000;

/** Fetches the feeds of lists whose time has come. */
export function watchFeeds(): void {
  every(everyMs, "the watch of feeds", feedLists);
}

/** Fetches each feed that is due. While a revision is on trial or at its first workers none is: publishing another one would end that. */
export async function feedLists(now: Date): Promise<void> {
  if (await isUnsettled(database())) return;
  const feeds = await wantedFeeds(database());
  await transaction((tx) => forgetFeeds(tx, feeds));
  for (const feed of feeds) {
    if (await transaction((tx) => claimFeed(tx, feed, now))) await feedList(feed);
  }
}

/** Fetches the feed of a list of the draft now. Fails with FEED_UNUSABLE and the reason when it gives nothing that can be used. */
export async function fetchNow(actor: Actor, listName: string): Promise<{ entries: number }> {
  if (await isUnsettled(database())) throw new PublicError("REVISION_UNSETTLED", unsettledWords);
  const feed = (await wantedFeeds(database())).findLast(({ name }) => name === listName);
  if (feed === undefined)
    throw new PublicError(
      "NOT_FOUND",
      "Nothing was fetched: the draft has no such list with a feed any more. Load the page again.",
    );
  await transaction((tx) => claimFeed(tx, feed, new Date(), true));
  const found = await feedList(feed, actor);
  if (!found.ok)
    throw new PublicError(
      "FEED_UNUSABLE",
      `Nothing was taken from the feed: ${found.reason}. The entries stay as they are; fetch again once the feed is mended.`,
    );
  return { entries: found.entries.length };
}

async function feedList(feed: Feed, actor?: Actor) {
  const answer = await fetchFeed(feed.url, { allowed: feedNetworks(), bytesMax: entriesFileBytesMax, timeoutMs });
  const found = answer.ok ? await readFeed(feed.kind, answer.text) : answer;
  const { published } = await transaction((tx) => takeFeed(tx, feed, found, actor));
  if (published) await pushLiveRevision();
  return found;
}
