import type { ReactNode } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import type { ConnectionPage } from "#lib/connections/queries.ts";
import type { ConnectionSearch } from "#lib/connections/search.ts";
import { ConnectionSearchForm } from "./connection-search-form.tsx";
import { ConnectionTable } from "./connection-table.tsx";

type ConnectionsViewProps = {
  search: ConnectionSearch;
  /** The name of the interface that is shown; null: all of them. */
  scope: string | null;
  page: ConnectionPage;
  /** The sessions that run now, which may come later than the rest. */
  running: ReactNode;
};

/** Who is connected now, and who was. */
export function ConnectionsView({ search, scope, page: { rows, next }, running }: ConnectionsViewProps) {
  const { interface: address, ...filters } = search;
  const filtered = Object.values(filters).some((value) => value !== null);
  return (
    <>
      <PageHeader title="Connections">
        Every session, SMTP and POP3, from connect to end: who it was, what it did, how it ended. Which sessions leave a
        record is a setting of the proxy action.
      </PageHeader>
      <section className="mb-6" aria-labelledby="running">
        <h2 id="running" className="mb-2 font-semibold">
          Running now
        </h2>
        {running}
      </section>
      <section aria-labelledby="finished">
        <h2 id="finished" className="mb-2 font-semibold">
          Finished
        </h2>
        <ConnectionSearchForm search={search} />
        {rows.length > 0 ? (
          <ConnectionTable rows={rows} />
        ) : (
          <NothingFound filtered={filtered} address={address} scope={scope} />
        )}
        <Pagination
          shown={rows.length === 1 ? "1 connection" : `${rows.length} connections`}
          first={search.after === null ? null : searchHref("/connections", { ...search, after: null })}
          next={next === null ? null : searchHref("/connections", { ...search, after: next })}
        />
      </section>
    </>
  );
}

type NothingFoundProps = { filtered: boolean; address: string | null; scope: string | null };

function NothingFound({ filtered, address, scope }: NothingFoundProps) {
  if (filtered) {
    return (
      <EmptyState
        title="No connection matches these filters"
        action={<LinkButton href={searchHref("/connections", { interface: address })}>Clear the filters</LinkButton>}
      >
        Widen the time or take a filter away.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={scope === null ? "No connection has ended yet" : `No connection at ${scope} has ended yet`}>
      Connections appear here when they are over, and when they are not taken.
    </EmptyState>
  );
}
