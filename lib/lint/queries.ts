import type { Finding } from "#core/policy/lint/finding.ts";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import { database } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { type FindingPlace, findingPlace, type RowIds } from "./finding-place.ts";

/** Something in the draft that hurts, or does nothing; `place` is null when it is about no single object. */
export type FindingView = Omit<Finding, "path"> & { place: FindingPlace | null };

/** What hurts in the draft as it stands, the worst first. */
export async function draftFindings(now: Date): Promise<FindingView[]> {
  const draft = await readDraft(database());
  const findings = lintDocument(draft, now.getTime());
  if (findings.length === 0) return [];
  const ids = await rowIds();
  return findings.map(({ path, ...finding }) => ({ ...finding, place: findingPlace(draft, path, ids) }));
}

async function rowIds(): Promise<RowIds> {
  const select = { id: true, name: true } as const;
  const byName = (rows: { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [name, id]));
  const objects = await database().inspectionObject.findMany({ select: { ...select, kind: true } });
  const ofKind = (kind: string) => byName(objects.filter((row) => row.kind === kind));
  return {
    interfaces: byName(await database().interface.findMany({ select })),
    lists: byName(await database().list.findMany({ select })),
    scanners: ofKind("scanner"),
    dictionaries: ofKind("dictionary"),
    notices: ofKind("notice"),
    routes: byName(await database().route.findMany({ select })),
    proxyActions: byName(await database().proxyAction.findMany({ select })),
    policies: byName(await database().policy.findMany({ select })),
  };
}
