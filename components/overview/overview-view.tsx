import { formatCount } from "#components/ui/format.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { Time } from "#components/ui/time.tsx";
import type { Overview } from "#lib/overview/overview.ts";
import { AttentionList } from "./attention-list.tsx";
import { FirstMessage } from "./first-message.tsx";
import { RecentChanges } from "./recent-changes.tsx";
import { Tile } from "./tile.tsx";
import { TopRules } from "./top-rules.tsx";
import { TrafficChart } from "./traffic-chart.tsx";
import { countsOf, shareWords, sumOf } from "./traffic-series.ts";

type OverviewViewProps = {
  overview: Overview;
  /** Of the interface that is shown, and its name; null: all of them. */
  address: string | null;
  scope: string | null;
};

/** Is mail flowing, and is anything on fire. */
export function OverviewView({ overview, address, scope }: OverviewViewProps) {
  const { minutes, now, attention, topRules, recentChanges, smtpListener } = overview;
  return (
    <>
      <PageHeader title="Overview" />
      <Tiles overview={overview} address={address} />
      <div className="mt-4 grid gap-4 xl:grid-cols-[2fr_1fr]">
        <Panel title="Messages by verdict, last 60 minutes">
          {now.anyMessageEver ? <TrafficChart minutes={minutes} /> : <FirstMessage listener={smtpListener} />}
        </Panel>
        <Panel
          title={
            attention.items.length === 0
              ? "Needs attention"
              : `Needs attention (${attention.items.length + attention.more})`
          }
        >
          <AttentionList {...attention} />
        </Panel>
        <Panel title="Recent changes">
          <RecentChanges changes={recentChanges} />
        </Panel>
        <Panel title="Top rules, last 24 hours">
          <TopRules rules={topRules} address={address} scope={scope} />
        </Panel>
      </div>
    </>
  );
}

function Tiles({ overview, address }: { overview: Overview; address: string | null }) {
  const { now, minutes, queue, connections, workers, liveRevision } = overview;
  const at = { interface: address };
  const lastHour = searchHref("/messages", { ...at, range: "hour" });
  const [most, ...others] = shareWords(sumOf(minutes.map(countsOf)));
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      <Tile href={lastHour} label="Messages" figure={formatCount(now.messagesLastMinute)}>
        in the last minute
      </Tile>
      <Tile href={lastHour} label="Verdicts, last hour" figure={most ?? "none yet"}>
        {others.join(", ")}
      </Tile>
      <Tile href={searchHref("/queue", at)} label="Queue" figure={formatCount(queue.depth)}>
        {queue.oldestAt === null ? "empty" : <OldestInQueue at={queue.oldestAt} failed={queue.failed} />}
      </Tile>
      <Tile href={searchHref("/connections", at)} label="Connections" figure={formatCount(connections)}>
        open now
      </Tile>
      <Tile href="/workers" label="Workers" figure={`${workers.heard}/${workers.all}`}>
        {workers.all > 0 && workers.heard === workers.all ? "all heard" : "heard"}
      </Tile>
      <Tile
        href={liveRevision === null ? "/changes" : `/revisions/${liveRevision}`}
        label="Live policy"
        figure={liveRevision === null ? "none" : `r${liveRevision}`}
      >
        {liveRevision === null ? "nothing published yet" : "published revision"}
      </Tile>
    </div>
  );
}

function OldestInQueue({ at, failed }: { at: string; failed: number }) {
  return (
    <>
      oldest <Time at={at} form="age" plain />
      {failed > 0 && `, ${failed} failed`}
    </>
  );
}
