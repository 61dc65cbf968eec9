import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import type { LintInput } from "#core/policy/lint/lint-input.ts";
import type { Traffic } from "#core/policy/lint/traffic.ts";
import { snapshot, type Transaction } from "#lib/db.ts";
import { currentDraft } from "#lib/revisions/draft-memo.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import { lintInThread } from "./lint-in-thread.ts";

const trafficDays = 7;
const dayMs = 24 * 3_600_000;
/** Of a busier week the newest are counted. */
const messagesCountedMax = 200_000;
/** Figures of a week need not be of this second. */
const trafficKeptMs = 60_000;

let keptTraffic: { at: number; traffic: Promise<Traffic> } | null = null;

/** The draft as it stands, with what the lint needs to tell of it. */
export async function readLintInput(now: Date): Promise<LintInput> {
  const [draft, traffic] = await Promise.all([
    snapshot(async (tx) => ({ document: await currentDraft(tx), ids: await rowIds(tx) })),
    recentTraffic(now),
  ]);
  return { ...draft, traffic };
}

let kept: { input: Pick<LintInput, "document" | "traffic">; findings: Promise<FindingView[]> } | null = null;

/** What hurts in the draft, found here: for what must not wait for a browser. Looked for once a change of the draft, and as often as traffic is counted. */
export async function draftFindings(now: Date): Promise<FindingView[]> {
  const input = await readLintInput(now);
  if (kept?.input.document === input.document && kept.input.traffic === input.traffic) return kept.findings;
  const mine = { input, findings: lintInThread(input, now) };
  kept = mine;
  mine.findings.catch(() => {
    if (kept === mine) kept = null;
  });
  return mine.findings;
}

async function rowIds(tx: Transaction): Promise<LintInput["ids"]> {
  const select = { id: true, name: true } as const;
  const byName = (rows: { id: string; name: string }[]) => rows.map(({ id, name }): [string, string] => [name, id]);
  const objects = await tx.inspectionObject.findMany({ select: { ...select, kind: true } });
  const ofKind = (kind: string) => byName(objects.filter((row) => row.kind === kind));
  return {
    interfaces: byName(await tx.interface.findMany({ select })),
    lists: byName(await tx.list.findMany({ select })),
    scanners: ofKind("scanner"),
    dictionaries: ofKind("dictionary"),
    notices: ofKind("notice"),
    routes: byName(await tx.route.findMany({ select })),
    proxyActions: byName(await tx.proxyAction.findMany({ select })),
    policies: byName(await tx.policy.findMany({ select })),
  };
}

function recentTraffic(now: Date): Promise<Traffic> {
  const at = now.getTime();
  if (keptTraffic === null || Math.abs(at - keptTraffic.at) > trafficKeptMs) {
    const traffic = snapshot((tx) => readTraffic(tx, now));
    keptTraffic = { at, traffic };
    traffic.catch(() => {
      keptTraffic = null;
    });
  }
  return keptTraffic.traffic;
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
  const hits = await tx.ruleHit.groupBy({
    by: ["ruleId"],
    where: { hour: { gt: since } },
    _sum: { enforced: true, observed: true },
  });
  const byRule = new Map(hits.map(({ ruleId, _sum }) => [ruleId, (_sum.enforced ?? 0) + (_sum.observed ?? 0)]));
  const live = await liveRevision(tx);
  const ids = live === null ? [] : rulesInForce(parseRevision(live));
  return {
    days: trafficDays,
    newestOnly: counted === messagesCountedMax ? messagesCountedMax : null,
    policies,
    rules: ids.map((id) => [id, byRule.get(id) ?? 0]),
  };
}

function rulesInForce({ proxyActions }: LintInput["document"]): string[] {
  return proxyActions.flatMap((action) =>
    rulesetsOf(action).flatMap(({ ruleset }) => ruleset.rules.flatMap(({ id }) => (id === undefined ? [] : [id]))),
  );
}
