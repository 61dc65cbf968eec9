import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import type { MessagePage } from "#lib/messages/queries.ts";
import type { MessageSearch } from "#lib/messages/search.ts";
import { MessageSearchForm } from "./message-search-form.tsx";
import { MessageTable } from "./message-table.tsx";

type MessagesViewProps = { search: MessageSearch; page: MessagePage; interfaces: readonly string[] };

/** The tracking list. */
export function MessagesView({ search, page, interfaces }: MessagesViewProps) {
  const { rows, next } = page;
  const filtered = Object.values(search).some((value) => value !== null);
  const shown = rows.length === 1 ? "1 entry" : `${rows.length} entries`;
  return (
    <>
      <PageHeader title="Messages">
        What every message and every session refused before one met: verdict, rule and outcome.
      </PageHeader>
      <MessageSearchForm search={search} interfaces={interfaces} />
      {rows.length > 0 ? <MessageTable rows={rows} /> : <NothingFound filtered={filtered} />}
      <Pagination
        shown={shown}
        first={search.after === null ? null : searchHref("/messages", { ...search, after: null })}
        next={next === null ? null : searchHref("/messages", { ...search, after: next })}
      />
    </>
  );
}

function NothingFound({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState
        title="No message matches these filters"
        action={<LinkButton href="/messages">Clear the filters</LinkButton>}
      >
        Widen the time or take a filter away.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No message yet">
      Messages appear here as soon as one passes, or is refused at, an interface.
    </EmptyState>
  );
}
