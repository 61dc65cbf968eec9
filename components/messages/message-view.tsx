import { ForeignText } from "#components/ui/foreign-text.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { MessageStory } from "#lib/messages/queries.ts";
import { AlarmBadge } from "./alarm-badge.tsx";
import { AttachmentList } from "./attachment-list.tsx";
import { ContentReportView } from "./content-report.tsx";
import { DecisionTrace } from "./decision-trace.tsx";
import { EnvelopeChanges } from "./envelope-changes.tsx";
import { MessageFacts } from "./message-facts.tsx";
import { MessageTimeline } from "./message-timeline.tsx";
import { OutcomeBadge } from "./outcome-badge.tsx";
import { timelineOf } from "./timeline.ts";

type MessageViewProps = {
  story: MessageStory;
  /** Where a rule is made that lets such mail through; null: nothing stopped it, or nothing that a rule could except it from. */
  exceptionHref: string | null;
};

/** One message: what it was, what happened, and why. */
export function MessageView({ story, exceptionHref }: MessageViewProps) {
  const { event, followUps, queueState } = story;
  const { decision } = event;
  return (
    <>
      <PageHeader
        title={<Title story={story} />}
        actions={
          <>
            {event.kind === "message" && (
              <LinkButton href={searchHref("/simulator", { message: event.id })}>Try it again</LinkButton>
            )}
            {exceptionHref !== null && <LinkButton href={exceptionHref}>Make an exception</LinkButton>}
            <LinkButton href="/messages">All messages</LinkButton>
          </>
        }
      >
        <span className="flex flex-wrap items-center gap-2">
          {decision && <VerdictBadge verdict={decision.verdict} />}
          <OutcomeBadge outcome={event.kind === "session" ? "session" : event.outcome} />
          {queueState !== null && (
            <StateBadge state={queueState === "failed" ? "warning" : "unknown"}>in the queue: {queueState}</StateBadge>
          )}
          {decision?.alarms !== undefined && decision.alarms.length > 0 && <AlarmBadge />}
          {decision?.ruleName && <span>by rule “{decision.ruleName}”</span>}
        </span>
      </PageHeader>
      <div className="grid gap-4 xl:grid-cols-2">
        <Panel title="Summary">
          <MessageFacts event={event} connection={story.connection} />
        </Panel>
        <Panel title="Timeline" actions={queueState !== null && <QueueLink id={event.id} />}>
          <MessageTimeline entries={timelineOf(event, followUps)} />
        </Panel>
        {event.kind === "message" && (
          <Panel title={`Attachments (${event.attachments.length})`}>
            <AttachmentList attachments={event.attachments} />
          </Panel>
        )}
      </div>
      {event.kind === "message" && event.content !== undefined && <ContentReportView content={event.content} />}
      {event.kind === "message" && event.envelopeChanges !== undefined && event.envelopeChanges.length > 0 && (
        <section className="mt-4">
          <h2 className="mb-2 font-semibold">Changes of the envelope</h2>
          <EnvelopeChanges changes={event.envelopeChanges} />
        </section>
      )}
      <section className="mt-4">
        <h2 className="mb-2 font-semibold">Decision trace</h2>
        {decision ? <DecisionTrace decision={decision} /> : <p className="text-muted">No policy decision was made.</p>}
      </section>
    </>
  );
}

function Title({ story: { event } }: { story: MessageStory }) {
  if (event.kind === "session") return <>Session from {event.client.address}</>;
  return <ForeignText text={event.subject} empty="(no subject)" />;
}

function QueueLink({ id }: { id: string }) {
  return (
    <LinkButton href={searchHref("/queue", { text: id })} size="small">
      Show in the queue
    </LinkButton>
  );
}
