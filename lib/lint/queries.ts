import { isDeepStrictEqual } from "node:util";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import type { LintInput } from "#core/policy/lint/lint-input.ts";
import { snapshot, type Transaction } from "#lib/db.ts";
import { currentDraft } from "#lib/revisions/draft-memo.ts";
import { lintInThread } from "./lint-in-thread.ts";
import { readMissing } from "./missing.ts";
import { recentTraffic } from "./recent-traffic.ts";

/** The draft as it stands, with what the lint needs to tell of it. */
export async function readLintInput(now: Date): Promise<LintInput> {
  const [draft, traffic] = await Promise.all([
    snapshot(async (tx) => {
      const document = await currentDraft(tx);
      return { document, ids: await rowIds(tx), missing: await readMissing(tx, document, now) };
    }),
    recentTraffic(now),
  ]);
  return { ...draft, traffic };
}

let kept: { input: LintInput; findings: Promise<FindingView[]> } | null = null;

/** What hurts in the draft, found here: for what must not wait for a browser. Looked for once a change of the draft, and as often as traffic is counted. */
export async function draftFindings(now: Date): Promise<FindingView[]> {
  const input = await readLintInput(now);
  if (kept !== null && isSame(kept.input, input)) return kept.findings;
  const mine = { input, findings: lintInThread(input, now) };
  kept = mine;
  mine.findings.catch(() => {
    if (kept === mine) kept = null;
  });
  return mine.findings;
}

/** The draft and the figures are read once for each state. */
function isSame(one: LintInput, other: LintInput): boolean {
  return (
    one.document === other.document && one.traffic === other.traffic && isDeepStrictEqual(one.missing, other.missing)
  );
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
