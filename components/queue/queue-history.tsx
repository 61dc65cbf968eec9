import { formatSpan } from "#components/ui/format.ts";
import { LinkTabs } from "#components/ui/link-tabs.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import type { QueuePast } from "#lib/queue/history.ts";
import type { QueueSearch, QueueSpan } from "#lib/queue/search.ts";
import { HistoryChart } from "./history-chart.tsx";
import { HistoryScope } from "./history-scope.tsx";
import { HistoryTable, isEventful } from "./history-table.tsx";

const choices: readonly { span: QueueSpan; words: string }[] = [
  { span: "hour", words: "Last hour" },
  { span: "day", words: "Last 24 hours" },
  { span: "week", words: "Last 7 days" },
];
const stepWords: Record<QueueSpan, string> = { hour: "a minute", day: "20 minutes", week: "2 hours" };

type QueueHistoryProps = {
  past: QueuePast;
  search: QueueSearch;
  routes: readonly string[];
  workers: readonly { id: string; name: string }[];
};

/** How the queue was over the last hour, day or week: all of it, or of a route or worker. */
export function QueueHistory({ past, search, routes, workers }: QueueHistoryProps) {
  const { span, steps } = past;
  const told = steps.filter(({ depth }) => depth !== null);
  const wasQuiet = !steps.some(isEventful);
  const tabs = choices.map(({ span: one, words }) => ({
    href: searchHref("/queue", { ...search, span: one === "hour" ? null : one }),
    label: words,
    current: one === span,
  }));
  const most = Math.max(0, ...told.map(({ depth }) => depth ?? 0));
  const oldest = Math.max(0, ...told.map(({ oldestMs }) => oldestMs ?? 0));
  const came = sum(steps.map(({ arrivals }) => arrivals));
  const left = sum(steps.map(({ deliveries }) => deliveries));
  const each = stepWords[span];
  return (
    <div className="mb-4">
      <Panel
        title={search.interface === null ? "Over time" : "Over time, every interface"}
        actions={
          <span className="flex flex-wrap items-center gap-3">
            <HistoryScope search={search} routes={routes} workers={workers} />
            <LinkTabs label="How far back the charts go" tabs={tabs} />
          </span>
        }
      >
        {wasQuiet ? (
          <p className="text-muted">Nothing was queued in this time.</p>
        ) : (
          <div className="flex flex-col gap-3">
            <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-4">
              <HistoryChart title="Waiting" words={`at most ${most}`} past={past} valueOf={({ depth }) => depth} />
              <HistoryChart
                title="Oldest"
                words={`up to ${formatSpan(oldest)}`}
                past={past}
                valueOf={({ oldestMs }) => oldestMs}
              />
              <HistoryChart
                title="Arrivals"
                words={`${came} in all, bars of ${each}`}
                past={past}
                valueOf={({ arrivals }) => arrivals}
              />
              <HistoryChart
                title="Deliveries"
                words={`${left} in all, bars of ${each}`}
                past={past}
                valueOf={({ deliveries }) => deliveries}
              />
            </div>
            <HistoryTable past={past} />
          </div>
        )}
      </Panel>
    </div>
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
