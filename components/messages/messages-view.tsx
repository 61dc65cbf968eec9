import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import type { MessagePage } from "#lib/messages/queries.ts";
import type { MessageSearch } from "#lib/messages/search.ts";
import { MessageSearchForm } from "./message-search-form.tsx";
import { MessageTable } from "./message-table.tsx";

type MessagesViewProps = {
  search: MessageSearch;
  /** The name of the interface that is shown; null: all of them. */
  scope: string | null;
  page: MessagePage;
};

/** The tracking list. */
export function MessagesView({ search, scope, page }: MessagesViewProps) {
  const { rows, next } = page;
  const { interface: address, ...filters } = search;
  const filtered = Object.values(filters).some((value) => value !== null);
  const shown = rows.length === 1 ? "1 entry" : `${rows.length} entries`;
  return (
    <>
      <PageHeader title="Messages">
        What every message and every session refused before one met: verdict, rule and outcome.
      </PageHeader>
      <MessageSearchForm search={search} />
      {rows.length > 0 ? (
        <MessageTable rows={rows} />
      ) : (
        <NothingFound filtered={filtered} address={address} scope={scope} />
      )}
      <Pagination
        shown={shown}
        first={search.after === null ? null : searchHref("/messages", { ...search, after: null })}
        next={next === null ? null : searchHref("/messages", { ...search, after: next })}
      />
    </>
  );
}

type NothingFoundProps = { filtered: boolean; address: string | null; scope: string | null };

function NothingFound({ filtered, address, scope }: NothingFoundProps) {
  if (filtered) {
    return (
      <EmptyState
        title="No message matches these filters"
        action={<LinkButton href={searchHref("/messages", { interface: address })}>Clear the filters</LinkButton>}
      >
        Widen the time or take a filter away.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={scope === null ? "No message yet" : `No message at ${scope} yet`}>
      Messages appear here as soon as one passes, or is refused at, an interface.
    </EmptyState>
  );
}
