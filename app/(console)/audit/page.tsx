import type { Metadata } from "next";
import { z } from "zod";
import { AuditView } from "#components/audit/audit-view.tsx";
import { ChainBadge } from "#components/audit/chain-badge.tsx";
import { askedZoneSchema } from "#core/contract/wall-clock.ts";
import { auditFilterOf } from "#lib/audit/filter.ts";
import { auditChain, auditFacets, listAudit } from "#lib/audit/queries.ts";
import { requireSession } from "#lib/auth/session.ts";
import { undoableEdits } from "#lib/draft/edit-memory.ts";
import { rangeSchema } from "#lib/search.ts";

export const metadata: Metadata = { title: "Audit log" };

const text = z.string().min(1).max(200).nullable().catch(null);
const searchSchema = z.object({
  actor: text,
  action: text,
  via: text,
  range: rangeSchema,
  from: z.iso.date().nullable().catch(null),
  to: z.iso.date().nullable().catch(null),
  zone: askedZoneSchema,
  before: z.coerce.number().int().positive().nullable().catch(null),
});

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AuditPage({ searchParams }: PageProps) {
  await requireSession();
  const search = searchSchema.parse(await searchParams);
  const given = { get: (name: string) => z.record(z.string(), z.unknown()).parse(search)[name]?.toString() ?? null };
  const filter = auditFilterOf(given, new Date());
  const [facets, page] = await Promise.all([auditFacets(), listAudit(filter, search.before)]);
  const undoable = await undoableEdits(page.entries.map(({ sequence }) => sequence));
  return <AuditView search={search} facets={facets} page={page} undoable={undoable} chain={<Chain />} />;
}

async function Chain() {
  return <ChainBadge chain={await auditChain(new Date())} />;
}
