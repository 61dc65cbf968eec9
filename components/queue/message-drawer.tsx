"use client";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Drawer } from "#components/ui/dialog.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { useKeys } from "#components/ui/use-keys.ts";
import type { OpenMessage } from "#lib/queue/queries.ts";
import type { QueueSearch } from "#lib/queue/search.ts";
import { EntryFacts } from "./entry-facts.tsx";
import { MessageHeaders } from "./message-headers.tsx";
import type { Place } from "./neighbours.ts";
import { QueueCommands } from "./queue-commands.tsx";
import { QueueStateBadge } from "./queue-state-badge.tsx";
import { type RecipientOutcome, recipientOutcomes } from "./recipient-outcomes.ts";

const recipientsShownMax = 100;
const outcomeWords: Record<RecipientOutcome["outcome"], string> = {
  waiting: "waits",
  delivered: "has it",
  failed: "does not get it",
};

/** A message that is open. `history`: what happened to it, `trace`: why it was let in, drawn; null: that is not known. */
export type OpenedMessage = { message: OpenMessage; history: ReactNode; trace: ReactNode };

type MessageDrawerProps = OpenedMessage & {
  /** The list that it was opened from, and where it stands there; null: it is not on this page. */
  search: QueueSearch;
  place: Place | null;
  routes: readonly string[];
};

/** One queued message: what it is, for whom it waits and why, what was tried, and what can be done. k and j go to the one before and after. */
export function MessageDrawer({ message, history, trace, search, place, routes }: MessageDrawerProps) {
  const { entry, followUps } = message;
  const router = useRouter();
  const open = (id: string | null) => router.push(searchHref("/queue", { ...search, open: id }), { scroll: false });
  const step = (id: string | null | undefined) => () => {
    if (typeof id === "string") open(id);
  };
  const content = useKeys<HTMLDivElement>({ j: step(place?.next), k: step(place?.previous) });
  return (
    <Drawer
      open
      onOpenChange={(isOpen) => isOpen || open(null)}
      title={
        <span className="flex flex-wrap items-center gap-2">
          <QueueStateBadge state={entry.state} />
          <ForeignText text={entry.subject} empty="(no subject)" />
        </span>
      }
      footer={place !== null && <Steps place={place} onStep={open} />}
    >
      <div key={entry.id} ref={content} className="flex flex-col gap-4">
        <PermissionNote permission="operate" what="A command to the queue" />
        <QueueCommands selected={[entry]} whole={null} routes={routes} onDone={() => undefined} />
        <EntryFacts entry={entry} />
        <Part title="Recipients">
          <Recipients outcomes={recipientOutcomes(entry, followUps)} />
        </Part>
        <Part title="What was tried and done">
          {followUps.length === 0 ? <p className="text-muted">Nothing yet.</p> : history}
        </Part>
        <Part title="Headers as queued">
          <MessageHeaders of={entry} />
        </Part>
        {trace !== null && (
          <details>
            <summary className="w-fit rounded-sm font-semibold">Why it was let in</summary>
            <div className="mt-2">{trace}</div>
          </details>
        )}
      </div>
    </Drawer>
  );
}

/** To the message before and after. A button that leads nowhere keeps the focus that it has. */
function Steps({ place: { position, count, previous, next }, onStep }: { place: Place; onStep: (id: string) => void }) {
  return (
    <>
      <span role="status" className="me-auto self-center text-muted">
        {position} of {count} on this page
      </span>
      <Button
        aria-keyshortcuts="k"
        aria-disabled={previous === null}
        onClick={() => previous !== null && onStep(previous)}
      >
        <ChevronUp aria-hidden size={14} />
        Previous
      </Button>
      <Button aria-keyshortcuts="j" aria-disabled={next === null} onClick={() => next !== null && onStep(next)}>
        <ChevronDown aria-hidden size={14} />
        Next
      </Button>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function Recipients({ outcomes }: { outcomes: readonly RecipientOutcome[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {outcomes.slice(0, recipientsShownMax).map(({ address, outcome, reply }) => (
        <li key={address} className="[overflow-wrap:anywhere]">
          <ForeignText text={address} />
          <span className="text-muted"> {outcomeWords[outcome]}</span>
          {reply !== null && (
            <span className="block font-mono text-muted text-sm">
              <ForeignText text={reply} />
            </span>
          )}
        </li>
      ))}
      {outcomes.length > recipientsShownMax && <li>and {outcomes.length - recipientsShownMax} more</li>}
    </ul>
  );
}
