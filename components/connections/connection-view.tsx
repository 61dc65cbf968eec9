import { BellRing } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { ConnectionStory } from "#lib/connections/queries.ts";
import { ConnectionFacts } from "./connection-facts.tsx";
import { ConnectionMessages } from "./connection-messages.tsx";
import { ConnectionTrace } from "./connection-trace.tsx";
import { EndBadge } from "./end-badge.tsx";
import { MailboxFacts } from "./mailbox-facts.tsx";

/** One session that is over: who it was, what was said, what it carried. */
export function ConnectionView({ story: { event, worker, messages } }: { story: ConnectionStory }) {
  return (
    <>
      <PageHeader
        title={`Connection from ${event.client.address}`}
        actions={<LinkButton href="/connections">All connections</LinkButton>}
      >
        <span className="flex flex-wrap items-center gap-2">
          <EndBadge end={event.end} />
          {event.alarm !== undefined && (
            <Badge tone="warn" icon={BellRing}>
              alarm
            </Badge>
          )}
          {event.verdicts.map((given) => (
            <span key={given.verdict} className="inline-flex items-center gap-1">
              <VerdictBadge verdict={given.verdict} /> {given.messages}
            </span>
          ))}
        </span>
      </PageHeader>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Panel title="Summary">
            <ConnectionFacts event={event} worker={worker} />
          </Panel>
          {event.mailbox !== null && (
            <Panel title="Mailbox">
              <MailboxFacts mailbox={event.mailbox} />
            </Panel>
          )}
        </div>
        <Panel title="What was said">
          <ConnectionTrace event={event} />
        </Panel>
      </div>
      <section className="mt-4">
        <h2 className="mb-2 font-semibold">Messages</h2>
        <ConnectionMessages messages={messages} />
      </section>
    </>
  );
}
