import type { ReactNode } from "react";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { searchHref } from "#components/ui/search-href.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import type { MessageEvent, SessionEvent } from "#core/contract/event.ts";

type MessageFactsProps = {
  event: MessageEvent | SessionEvent;
  /** The id of its session's record, if there is one. */
  connection: string | null;
};

/** What is known about a message or session, one line a fact. */
export function MessageFacts({ event, connection }: MessageFactsProps) {
  return (
    <dl className="grid gap-x-3 gap-y-1 sm:grid-cols-[9rem_1fr]">
      <Fact name="Id">
        <span className="font-mono text-sm">{event.id}</span>
      </Fact>
      {event.kind === "message" ? (
        <ContentFacts event={event} />
      ) : (
        <Fact name="Cause">
          <ForeignText text={event.cause} />
        </Fact>
      )}
      <Fact name="Client">
        {event.client.address} port {event.client.port}
        {event.helo !== null && (
          <>
            , named <ForeignText text={event.helo} />
          </>
        )}
      </Fact>
      {connection !== null && (
        <Fact name="Connection">
          <TextLink href={`/connections/${encodeURIComponent(connection)}`} prefetch={false}>
            all that the client did
          </TextLink>
        </Fact>
      )}
      {event.user !== null && (
        <Fact name={event.protocol === "pop3" ? "Mailbox user" : "User"}>
          <TextLink href={searchHref("/messages", { user: event.user })} prefetch={false}>
            <ForeignText text={event.user} />
          </TextLink>
        </Fact>
      )}
      <Fact name="Interface">
        <TextLink href={`/policies?interface=${encodeURIComponent(event.interface)}`}>{event.interface}</TextLink>,
        policy {event.policy}, {event.protocol.toUpperCase()} {event.direction}
      </Fact>
      <Fact name="Proxy action">{event.proxyAction}</Fact>
      {event.decision !== null && event.decision.revision > 0 && (
        <Fact name="Revision">
          <TextLink href={`/revisions/${event.decision.revision}`}>r{event.decision.revision}</TextLink>
        </Fact>
      )}
    </dl>
  );
}

const changeWords = { sender: "Sender", recipient: "Recipient", copy: "Copy of what goes to" } as const;

function ContentFacts({ event }: { event: MessageEvent }) {
  return (
    <>
      <Fact name="Sender">
        <ForeignText text={event.sender} empty={event.protocol === "smtp" ? "<> (null reverse-path)" : "—"} />
      </Fact>
      <Fact name="Recipients">
        <ul>
          {event.recipients.map(({ address }, index) => (
            <li key={index}>
              <ForeignText text={address} />
            </li>
          ))}
        </ul>
        {event.recipients.length === 0 && "—"}
      </Fact>
      {event.envelopeChanges !== undefined && (
        <Fact name="Changed by rules">
          <ol>
            {event.envelopeChanges.map(({ what, from, to, ruleName }, index) => (
              <li key={index}>
                {changeWords[what]} <ForeignText text={from} empty="<>" /> → <ForeignText text={to} />
                {`, rule “${ruleName}”`}
              </li>
            ))}
          </ol>
        </Fact>
      )}
      {event.route !== undefined && <Fact name="Route">{event.route}</Fact>}
      <Fact name="From">
        <ForeignText text={event.from} />
      </Fact>
      <Fact name="Subject">
        <ForeignText text={event.subject} />
      </Fact>
      <Fact name="Message-ID">
        <ForeignText text={event.messageIdHeader} />
        {event.messageIdReplacement !== undefined && <>, sent on as {event.messageIdReplacement}</>}
      </Fact>
      {event.auth !== undefined && (
        <Fact name="Logged in">
          {event.auth.user === null ? "user hidden by the mechanism" : <ForeignText text={event.auth.user} />} by{" "}
          <ForeignText text={event.auth.mechanism} />
        </Fact>
      )}
      {event.tls !== undefined && (
        <Fact name="TLS">
          Client: {event.tls.client ?? "clear text"}, server: {event.tls.upstream ?? "clear text"}
        </Fact>
      )}
      {event.uidl !== undefined && (
        <Fact name="Id in the mailbox">
          <span className="font-mono text-sm">
            <ForeignText text={event.uidl} />
          </span>
        </Fact>
      )}
      <Fact name="Size">
        {formatBytes(event.bytes)} ({event.bytes} bytes)
      </Fact>
    </>
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
