import type { ReactNode } from "react";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { OpenMessage } from "#lib/queue/queries.ts";
import { causeWords, destinationName } from "./cause-words.ts";

/** What a queued message is, for whom it waits and why. */
export function EntryFacts({ entry }: { entry: OpenMessage["entry"] }) {
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

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere] max-sm:mb-1">{children}</dd>
    </>
  );
}
