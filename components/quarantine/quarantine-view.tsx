import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import type { JobView } from "#lib/jobs/job-view.ts";
import type { QuarantinePage, QuarantineRow } from "#lib/quarantine/queries.ts";
import type { QuarantineSearch } from "#lib/quarantine/search.ts";
import { EntryDrawer } from "./entry-drawer.tsx";
import { KeptTable } from "./kept-table.tsx";
import { QuarantineJobs } from "./quarantine-jobs.tsx";
import { QuarantineSearchForm } from "./quarantine-search-form.tsx";

type QuarantineViewProps = {
  search: QuarantineSearch;
  /** The name of the interface that is shown; null: all of them. */
  scope: string | null;
  page: QuarantinePage;
  jobs: readonly JobView[];
  /** The entry whose drawer is open; null: none, or it is gone. */
  opened: QuarantineRow | null;
  mayReleaseMalware: boolean;
};

/** What the workers keep for people to decide about. */
export function QuarantineView({ search, scope, page, jobs, opened, mayReleaseMalware }: QuarantineViewProps) {
  const { rows, matching, total, next } = page;
  const { after, entry, interface: address, ...filters } = search;
  const filtered = Object.values(filters).some((value) => value !== null);
  const closed = { ...search, entry: null };
  return (
    <>
      <PageHeader title="Quarantine">
        Messages and files that rules kept: encrypted on the worker, until a person decides or their days are over.
      </PageHeader>
      <PermissionNote permission="handle-quarantine" what="Releasing and deleting" />
      <QuarantineJobs jobs={jobs} />
      {entry !== null && opened === null && (
        <div className="mb-4">
          <Notice kind="warning">This entry is not in quarantine any more: deleted, or its days are over.</Notice>
        </div>
      )}
      {(total > 0 || filtered) && <QuarantineSearchForm search={search} />}
      {rows.length > 0 ? (
        <KeptTable search={closed} rows={rows} matching={matching} mayReleaseMalware={mayReleaseMalware} />
      ) : (
        <NothingKept filtered={filtered && total > 0} address={address} scope={scope} />
      )}
      {rows.length > 0 && (
        <Pagination
          shown={`${rows.length} of ${matching === 1 ? "1 entry" : `${matching} entries`}`}
          first={after === null ? null : searchHref("/quarantine", { ...closed, after: null })}
          next={next === null ? null : searchHref("/quarantine", { ...closed, after: next })}
        />
      )}
      {opened !== null && (
        <EntryDrawer
          entry={opened}
          closeHref={searchHref("/quarantine", closed)}
          mayReleaseMalware={mayReleaseMalware}
        />
      )}
    </>
  );
}

type NothingKeptProps = { filtered: boolean; address: string | null; scope: string | null };

function NothingKept({ filtered, address, scope }: NothingKeptProps) {
  if (filtered) {
    return (
      <EmptyState
        title="Nothing in quarantine matches these filters"
        action={<LinkButton href={searchHref("/quarantine", { interface: address })}>Clear the filters</LinkButton>}
      >
        Its days may be over.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={scope === null ? "The quarantine is empty" : `Nothing from ${scope} is in quarantine`}>
      Rules with the actions quarantine, hold and lock keep messages and files here.
    </EmptyState>
  );
}
