import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { QueuePage } from "#lib/queue/queries.ts";
import type { QueueSearch } from "#lib/queue/search.ts";
import { QueueSearchForm } from "./queue-search-form.tsx";
import { QueueTable } from "./queue-table.tsx";

/** A worker that is not heard: its part of the queue is as it last reported it. */
export type SilentWorker = { name: string; lastSeenAt: string | null };

type QueueViewProps = { search: QueueSearch; page: QueuePage; silent: readonly SilentWorker[] };

/** The messages that wait for a server. */
export function QueueView({ search, page, silent }: QueueViewProps) {
  const { rows, matching, total, routes, next } = page;
  const filtered = search.text !== null || search.route !== null || search.state !== null;
  return (
    <>
      <PageHeader title="Queue">
        Accepted messages that wait until their server takes them. Commands are carried out by the worker; the list
        follows its report.
      </PageHeader>
      {silent.map((worker) => (
        <div key={worker.name} className="mb-4">
          <Notice kind="fault">
            Worker {worker.name} is not heard; its messages are shown as it last reported them
            {worker.lastSeenAt && (
              <>
                , <Time at={worker.lastSeenAt} form="relative" />
              </>
            )}
            . <TextLink href="/workers">Workers</TextLink>
          </Notice>
        </div>
      ))}
      {(total > 0 || filtered) && <QueueSearchForm search={search} routes={routes} />}
      {rows.length > 0 ? <QueueTable rows={rows} /> : <NothingQueued filtered={filtered && total > 0} />}
      {rows.length > 0 && (
        <Pagination
          shown={`${rows.length} of ${matching === 1 ? "1 message" : `${matching} messages`}`}
          first={search.after === null ? null : searchHref("/queue", { ...search, after: null })}
          next={next === null ? null : searchHref("/queue", { ...search, after: next })}
          firstLabel="Oldest"
          nextLabel="Newer"
        />
      )}
    </>
  );
}

function NothingQueued({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState
        title="No queued message matches these filters"
        action={<LinkButton href="/queue">Clear the filters</LinkButton>}
      >
        It may have been delivered meanwhile.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="The queue is empty">
      When a server is down, messages of routes that may spool wait here and leave by themselves once it is back.
    </EmptyState>
  );
}
