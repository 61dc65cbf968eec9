import { type ReactNode, Suspense } from "react";
import { buttonClass } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import type { AuditEntryView } from "#lib/audit/queries.ts";
import { AuditFilterForm } from "./audit-filter-form.tsx";
import { type AuditSearch, auditAddress, exportAddress } from "./audit-search.ts";
import { AuditTable } from "./audit-table.tsx";

type AuditViewProps = {
  search: AuditSearch;
  facets: { actors: string[]; actions: string[] };
  page: { entries: AuditEntryView[]; next: number | null };
  /** Edits of the draft that can be taken back, by row. */
  undoable: ReadonlyMap<number, string>;
  /** Loads by itself: checking a long chain takes a moment. */
  chain: ReactNode;
};

const formats = ["csv", "json", "pdf"] as const;

/** The audit log: whether the chain holds, the filter, the rows, the exports. */
export function AuditView({ search, facets, page, undoable, chain }: AuditViewProps) {
  const filtered = [search.actor, search.action, search.via, search.range, search.from, search.to].some(
    (value) => value !== null,
  );
  const count = page.entries.length;
  return (
    <>
      <PageHeader
        title="Audit log"
        actions={formats.map((format) => (
          // Not a Link: what prefetches it would write an export into the log.
          <a key={format} href={exportAddress(search, format)} download className={buttonClass({})}>
            Export {format.toUpperCase()}
          </a>
        ))}
      >
        <Suspense fallback={<p role="status">Checking the chain…</p>}>{chain}</Suspense>
      </PageHeader>
      <AuditFilterForm search={search} facets={facets} />
      {count === 0 ? (
        <EmptyState
          title={filtered ? "No entry matches the filter" : "Nothing has been done yet"}
          action={filtered && <LinkButton href="/audit">Show all entries</LinkButton>}
        >
          {filtered ? "The log has entries, but none of this kind." : "Every sign-in and every change appears here."}
        </EmptyState>
      ) : (
        <>
          <AuditTable entries={page.entries} undoable={undoable} search={search} />
          <Pagination
            shown={`${count} ${count === 1 ? "entry" : "entries"}`}
            first={search.before === null ? null : auditAddress({ ...search, before: null })}
            next={page.next === null ? null : auditAddress({ ...search, before: page.next })}
          />
        </>
      )}
    </>
  );
}
