import type { List, PolicyDocument } from "#core/contract/policy-document.ts";
import { type Actor, systemActor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { announce } from "#lib/live/mutations.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { checkDraft, lockPolicy } from "#lib/revisions/draft-lock.ts";
import { publishList } from "#lib/revisions/mutations.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import type { FeedEntries } from "./feed-entries.ts";

/** A list that is fed, as the live policy or the draft has it. */
export type Feed = Pick<List, "name" | "kind"> & NonNullable<List["feed"]>;

/** The feeds of the live policy and of the draft; the draft's settings count where both have one. */
export async function wantedFeeds(tx: Transaction): Promise<Feed[]> {
  const live = await liveRevision(tx);
  const documents = [...(live === null ? [] : [parseRevision(live)]), await readDraft(tx)];
  const feeds = documents
    .flatMap(feedsOf)
    .map((feed) => [JSON.stringify([feed.name, feed.url, feed.kind]), feed] as const);
  return [...new Map(feeds).values()];
}

function feedsOf({ lists }: PolicyDocument): Feed[] {
  return lists.flatMap(({ name, kind, feed }) => (feed === undefined ? [] : [{ name, kind, ...feed }]));
}

/** Forgets what became of feeds that are no more. */
export async function forgetFeeds(tx: Transaction, wanted: readonly Feed[]): Promise<void> {
  const known = await tx.listFeed.findMany({ select: { listName: true, url: true } });
  const gone = known.filter(({ listName, url }) => !wanted.some((feed) => feed.name === listName && feed.url === url));
  for (const { listName, url } of gone) await tx.listFeed.delete({ where: { listName_url: { listName, url } } });
}

/** Takes the turn of a feed that is due, or of any with `force`; false: it is not due, or another console took it. */
export async function claimFeed(
  tx: Transaction,
  { name, url, everyMinutes }: Feed,
  now: Date,
  force = false,
): Promise<boolean> {
  const nextAt = new Date(now.getTime() + everyMinutes * 60_000);
  const claimed = await tx.$executeRaw`
    INSERT INTO "ListFeed" ("listName", "url", "nextAt") VALUES (${name}, ${url}, ${nextAt})
    ON CONFLICT ("listName", "url") DO UPDATE SET "nextAt" = ${nextAt} WHERE "ListFeed"."nextAt" <= ${now} OR ${force}`;
  return claimed > 0;
}

/**
 * Puts what a feed gave into the draft's list and, where it differs, publishes the live policy with these entries and nothing else of the
 * draft. What it could not give is noted, and the entries stay. `published`: the caller pushes the live revision once this is committed.
 */
export async function takeFeed(
  tx: Transaction,
  feed: Feed,
  found: FeedEntries,
  actor: Actor = systemActor,
): Promise<{ published: boolean }> {
  const where = { listName_url: { listName: feed.name, url: feed.url } };
  if (!found.ok) {
    await tx.listFeed.update({ where, data: { lastError: found.reason } });
    await announce(tx, ["draft"]);
    return { published: false };
  }
  await lockPolicy(tx);
  await tx.listFeed.update({ where, data: { lastError: null, lastGoodAt: new Date() } });
  await feedDraft(tx, actor, feed, found.entries);
  const published = await feedLive(tx, actor, feed, found.entries);
  await announce(tx, ["draft"]);
  return { published };
}

async function feedDraft(tx: Transaction, actor: Actor, feed: Feed, entries: string[]): Promise<void> {
  const row = await tx.list.findUnique({ where: { name: feed.name } });
  const list = (await readDraft(tx)).lists.find(({ name }) => name === feed.name);
  if (row === null || list === undefined || !isFedBy(list, feed) || sameEntries(list.entries, entries)) return;
  await tx.list.update({ where: { name: feed.name }, data: { entries, version: { increment: 1 } } });
  await checkDraft(tx);
  await appendAudit(tx, actor, {
    action: "list.feed",
    object: `list "${feed.name}"`,
    summary: `${changeWords(list.entries, entries)}, from ${feed.url}`,
    detail: { id: row.id, url: feed.url },
  });
}

async function feedLive(tx: Transaction, actor: Actor, feed: Feed, entries: string[]): Promise<boolean> {
  const live = await liveRevision(tx);
  if (live === null) return false;
  const document = parseRevision(live);
  const list = document.lists.find(({ name }) => name === feed.name);
  if (list === undefined || !isFedBy(list, feed) || sameEntries(list.entries, entries)) return false;
  const lists = document.lists.map((one) => (one === list ? { ...one, entries } : one));
  const comment = `List "${feed.name}" from its feed: ${changeWords(list.entries, entries)}`;
  await publishList(tx, actor, { document: { ...document, lists }, comment });
  return true;
}

function isFedBy(list: List, { url, kind }: Feed): boolean {
  return list.feed?.url === url && list.kind === kind;
}

function sameEntries(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((entry, at) => entry === other[at]);
}

function changeWords(before: readonly string[], after: readonly string[]): string {
  const [had, has] = [new Set(before), new Set(after)];
  const added = after.filter((entry) => !had.has(entry)).length;
  const removed = before.filter((entry) => !has.has(entry)).length;
  return added + removed === 0 ? "in another order" : `${added} added, ${removed} removed`;
}
