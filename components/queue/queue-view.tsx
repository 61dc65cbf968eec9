import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import type { JobView } from "#lib/jobs/job-view.ts";
import type { QueueStates } from "#lib/queue/destinations.ts";
import type { QueuePast } from "#lib/queue/history.ts";
import type { QueuePage } from "#lib/queue/queries.ts";
import type { QueueFilter, QueueSearch } from "#lib/queue/search.ts";
import type { QueueSummary } from "#lib/queue/summary.ts";
import { MessageDrawer, type OpenedMessage } from "./message-drawer.tsx";
import { placeOf } from "./neighbours.ts";
import { QueueHistory } from "./queue-history.tsx";
import { QueueJobs } from "./queue-jobs.tsx";
import { QueueSearchForm } from "./queue-search-form.tsx";
import { QueueTable } from "./queue-table.tsx";
import { RouteStrip } from "./route-strip.tsx";
import { SummaryPanels } from "./summary-panels.tsx";

type QueueViewProps = {
  search: QueueSearch;
  /** The part of the search that says what is found. */
  filter: QueueFilter;
  page: QueuePage;
  summary: QueueSummary;
  states: QueueStates;
  past: QueuePast;
  /** All of them, by name. */
  workers: readonly { id: string; name: string }[];
  jobs: readonly JobView[];
  /** The name of the interface that is shown; null: all of them. */
  scope: string | null;
  /** The message whose drawer is open; null: none, or it is gone. */
  opened: OpenedMessage | null;
};

/** The messages that wait for a server. */
export function QueueView(props: QueueViewProps) {
  const { search, filter, page, summary, states, past, workers, jobs, scope, opened } = props;
  const { rows, matching, next } = page;
  const { interface: address, ...filters } = filter;
  const filtered = Object.values(filters).some((value) => value !== null);
  const closed = { ...search, open: null };
  const routes = [...new Set(states.routes.map(({ route }) => route))];
  return (
    <>
      <PageHeader title="Queue">
        Accepted messages that wait until their server takes them. Commands are carried out by the worker; the list
        follows its report.
      </PageHeader>
      <PermissionNote permission="operate" what="A command to the queue" />
      {search.open !== null && opened === null && (
        <div className="mb-4">
          <Notice kind="info">
            This message is not in the queue any more.{" "}
            <TextLink href={`/messages/${encodeURIComponent(search.open)}`}>What became of it</TextLink>
          </Notice>
        </div>
      )}
      <RouteStrip states={states} />
      <QueueJobs jobs={jobs} />
      {summary.total > 0 && <SummaryPanels summary={summary} states={states} address={address} />}
      <QueueHistory past={past} search={closed} routes={routes} workers={workers} />
      {(summary.total > 0 || filtered) && <QueueSearchForm search={search} routes={summary.routes} />}
      {rows.length > 0 ? (
        <QueueTable search={closed} filter={filter} rows={rows} matching={matching} routes={routes} />
      ) : (
        <NothingQueued filtered={filtered && summary.total > 0} address={address} scope={scope} />
      )}
      {rows.length > 0 && (
        <Pagination
          shown={`${rows.length} of ${matching === 1 ? "1 message" : `${matching} messages`}`}
          first={search.after === null ? null : searchHref("/queue", { ...closed, after: null })}
          next={next === null ? null : searchHref("/queue", { ...closed, after: next })}
          firstLabel="First"
          nextLabel="Next"
        />
      )}
      {opened !== null && (
        <MessageDrawer {...opened} search={closed} place={placeOf(rows, opened.message.entry.id)} routes={routes} />
      )}
    </>
  );
}

type NothingQueuedProps = { filtered: boolean; address: string | null; scope: string | null };

function NothingQueued({ filtered, address, scope }: NothingQueuedProps) {
  if (filtered) {
    return (
      <EmptyState
        title="No queued message matches these filters"
        action={<LinkButton href={searchHref("/queue", { interface: address })}>Clear the filters</LinkButton>}
      >
        It may have been delivered meanwhile.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={scope === null ? "The queue is empty" : `Nothing from ${scope} is queued`}>
      No mail waits for its server. While a server is down, routes with “Inline, spool while down” or “Spool” go on
      taking mail for it; it waits here, and leaves by itself once the server is back.
    </EmptyState>
  );
}
