"use client";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { Drawer } from "#components/ui/dialog.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { OpenMessage } from "#lib/queue/queries.ts";
import { causeWords, destinationName } from "./cause-words.ts";
import { MessageHeaders } from "./message-headers.tsx";
import { QueueCommands } from "./queue-commands.tsx";
import { QueueStateBadge } from "./queue-state-badge.tsx";
import { recipientOutcomes } from "./recipient-outcomes.ts";

const recipientsShownMax = 100;

type MessageDrawerProps = {
  message: OpenMessage;
  /** What happened to it, drawn. */
  history: ReactNode;
  closeHref: string;
  routes: readonly string[];
};

/** One queued message: what it is, for whom it waits and why, what was tried, and what can be done. */
export function MessageDrawer({ message: { entry, followUps }, history, closeHref, routes }: MessageDrawerProps) {
  const router = useRouter();
  return (
    <Drawer
      open
      onOpenChange={(open) => open || router.push(closeHref, { scroll: false })}
      title={
        <span className="flex flex-wrap items-center gap-2">
          <QueueStateBadge state={entry.state} />
          <ForeignText text={entry.subject} empty="(no subject)" />
        </span>
      }
    >
      <div className="flex flex-col gap-4">
        <QueueCommands selected={[entry]} whole={null} routes={routes} onDone={() => undefined} />
        <EntryFacts entry={entry} />
        <Part title="Recipients">
          <Recipients outcomes={recipientOutcomes(entry.recipients, followUps)} />
        </Part>
        <Part title="What was tried and done">
          {followUps.length === 0 ? <p className="text-muted">Nothing yet.</p> : history}
        </Part>
        <Part title="Headers as queued">
          <MessageHeaders of={entry} />
        </Part>
      </div>
    </Drawer>
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

function EntryFacts({ entry }: { entry: OpenMessage["entry"] }) {
  const { id, revision, nextAttemptAt, cause } = entry;
  return (
    <dl className="grid gap-x-3 gap-y-1 sm:grid-cols-[9rem_1fr]">
      <Fact name="Id">
        <span className="font-mono text-sm">{id}</span>{" "}
        <TextLink href={`/messages/${encodeURIComponent(id)}`}>All that is known of it</TextLink>
      </Fact>
      <Fact name="Sender">
        <ForeignText text={entry.sender} empty="<> (null reverse-path)" />
      </Fact>
      <Fact name="Waits for">
        <ForeignText text={destinationName(entry)} />
        {cause !== null && `, which ${causeWords[cause]}`}
      </Fact>
      <Fact name="In the queue for">
        <Time at={entry.receivedAt.toISOString()} form="age" />
      </Fact>
      <Fact name="Attempts">
        {entry.attempts}
        {nextAttemptAt !== null && entry.state === "deferred" && (
          <>
            , next <Time at={nextAttemptAt.toISOString()} form="countdown" />
          </>
        )}
      </Fact>
      <Fact name="Last reply">
        <span className="font-mono text-sm">
          <ForeignText text={entry.lastReply} empty="not tried yet" />
        </span>
      </Fact>
      <Fact name="Came in">
        {entry.interface}, policy {entry.policy}
        {revision > 0 && (
          <>
            {" of "}
            <TextLink href={`/revisions/${revision}`}>r{revision}</TextLink>
          </>
        )}
      </Fact>
      <Fact name="Size">{formatBytes(entry.bytes)}</Fact>
    </dl>
  );
}

function Recipients({ outcomes }: { outcomes: ReturnType<typeof recipientOutcomes> }) {
  return (
    <ul className="flex flex-col gap-1">
      {outcomes.slice(0, recipientsShownMax).map(({ address, waiting, reply }) => (
        <li key={address} className="[overflow-wrap:anywhere]">
          <ForeignText text={address} />
          <span className="text-muted">{waiting ? " waits" : " is done"}</span>
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

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere] max-sm:mb-1">{children}</dd>
    </>
  );
}
