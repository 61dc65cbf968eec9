import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Traffic } from "#core/policy/lint/traffic.ts";
import { snapshot, type Transaction } from "#lib/db.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";

const trafficDays = 7;
const idleDays = 90;
const dayMs = 24 * 3_600_000;
/** Of a busier week the newest are counted. */
const messagesCountedMax = 200_000;
/** Of these the whole event is read: what was seen of signatures, and how the client greeted. */
const eventsReadMax = 20_000;
/** Names of clients, the ones heard most often. */
const hostsMax = 2_000;
/** Figures of a week need not be of this second. */
const keptMs = 60_000;

let kept: { at: number; traffic: Promise<Traffic> } | null = null;

/** What came through in the days before `now`, counted once a minute. */
export function recentTraffic(now: Date): Promise<Traffic> {
  const at = now.getTime();
  if (kept !== null && Math.abs(at - kept.at) <= keptMs) return kept.traffic;
  const mine = { at, traffic: snapshot((tx) => readTraffic(tx, now)) };
  kept = mine;
  mine.traffic.catch(() => {
    if (kept === mine) kept = null;
  });
  return mine.traffic;
}

async function readTraffic(tx: Transaction, now: Date): Promise<Traffic> {
  const since = new Date(now.getTime() - trafficDays * dayMs);
  const policies = await tx.$queryRaw<Traffic["policies"]>`
    SELECT coalesce(policy, '') AS policy, count(*)::int AS messages,
      count(*) FILTER (WHERE verdict NOT IN ('allow', 'strip'))::int AS stopped,
      count(*) FILTER (WHERE sender = '')::int AS "nullSenders",
      count(*) FILTER (WHERE sender ~ '[^[:ascii:]]')::int AS "utf8Senders"
    FROM (
      SELECT policy, verdict, sender FROM "MailEvent" WHERE kind = 'message' AND at > ${since} AND at <= ${now}
      ORDER BY at DESC LIMIT ${messagesCountedMax}
    ) AS message GROUP BY 1`;
  const counted = policies.reduce((sum, { messages }) => sum + messages, 0);
  const hits = await hitsSince(tx, since);
  const live = await liveRevision(tx);
  const document = live === null ? null : parseRevision(live);
  return {
    days: trafficDays,
    newestOnly: counted === messagesCountedMax ? messagesCountedMax : null,
    policies,
    dkim: await readSignatures(tx, since, now),
    hosts: await readHosts(tx, since, now),
    idle: { days: idleDays, rules: await readIdle(tx, document, now) },
    rules: rulesAsked(document, "any").map((id) => [id, hits.get(id) ?? 0]),
  };
}

/** Of the messages whose signatures were looked at, those with one that passed. */
function readSignatures(tx: Transaction, since: Date, now: Date): Promise<Traffic["dkim"]> {
  return tx.$queryRaw<Traffic["dkim"]>`
    SELECT coalesce(policy, '') AS policy, count(*)::int AS checked,
      count(*) FILTER (WHERE dkim @> '[{"result":"pass"}]')::int AS passed
    FROM (
      SELECT policy, detail#>'{content,senderAuth,dkim}' AS dkim FROM "MailEvent"
      WHERE kind = 'message' AND at > ${since} AND at <= ${now} ORDER BY at DESC LIMIT ${eventsReadMax}
    ) AS message WHERE jsonb_typeof(dkim) = 'array' GROUP BY 1`;
}

/** A session that brought messages has no record of its own: each is counted once. */
function readHosts(tx: Transaction, since: Date, now: Date): Promise<Traffic["hosts"]> {
  return tx.$queryRaw<Traffic["hosts"]>`
    SELECT coalesce(policy, '') AS policy, helo, count(DISTINCT coalesce("connectionId", id))::int AS sessions
    FROM (
      SELECT id, policy, "connectionId", detail->>'helo' AS helo FROM "MailEvent"
      WHERE kind IN ('message', 'session') AND at > ${since} AND at <= ${now} ORDER BY at DESC LIMIT ${eventsReadMax}
    ) AS heard WHERE helo <> '' GROUP BY 1, 2 ORDER BY sessions DESC LIMIT ${hostsMax}`;
}

/** The rules that were asked when these days began and still are, and never matched. */
async function readIdle(tx: Transaction, live: PolicyDocument | null, now: Date): Promise<string[]> {
  const since = new Date(now.getTime() - idleDays * dayMs);
  const then = await tx.revision.findFirst({
    where: { publishedAt: { lte: since } },
    orderBy: { number: "desc" },
  });
  const oldest = await tx.ruleHit.findFirst({ orderBy: { hour: "asc" }, select: { hour: true } });
  // Where hits are not kept for so long, it cannot be told.
  if (live === null || then === null || oldest === null || oldest.hour > since) return [];
  const before = new Set(rulesAsked(parseRevision(then), "on"));
  const hits = await hitsSince(tx, since);
  return rulesAsked(live, "on").filter((id) => before.has(id) && !hits.has(id));
}

async function hitsSince(tx: Transaction, since: Date): Promise<ReadonlyMap<string, number>> {
  const hits = await tx.ruleHit.groupBy({
    by: ["ruleId"],
    where: { hour: { gt: since } },
    _sum: { enforced: true, observed: true },
  });
  return new Map(hits.map(({ ruleId, _sum }) => [ruleId, (_sum.enforced ?? 0) + (_sum.observed ?? 0)]));
}

/** The ids of a policy's rules; null: there is none. `on`: without those that are off. */
function rulesAsked(document: PolicyDocument | null, which: "any" | "on"): string[] {
  return (document?.proxyActions ?? []).flatMap((action) =>
    rulesetsOf(action).flatMap(({ ruleset }) =>
      ruleset.rules.flatMap(({ id, state }) => (id === undefined || (which === "on" && state === "off") ? [] : [id])),
    ),
  );
}
