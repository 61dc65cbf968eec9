import type { ReactNode } from "react";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { QuarantineRow } from "#lib/quarantine/queries.ts";

const recipientsShownMax = 50;

/** What is known of something kept, without a look at it. */
export function EntryFacts({ entry }: { entry: QuarantineRow }) {
  const { kind, malware, protocol, recipients, user, ruleName, ruleId, revision } = entry;
  return (
    <dl className="grid gap-x-3 gap-y-1 sm:grid-cols-[8rem_1fr]">
      {malware.length > 0 && (
        <Fact name="Malware">
          <ForeignText text={malware.join(", ")} />
        </Fact>
      )}
      {kind === "part" && (
        <Fact name="File">
          <ForeignText text={entry.fileName} empty="(no name)" />, <ForeignText text={entry.contentType} />
        </Fact>
      )}
      <Fact name="Sender">
        <ForeignText text={entry.sender} empty={protocol === "smtp" ? "<> (null reverse-path)" : "—"} />
      </Fact>
      {user !== null && (
        <Fact name="Mailbox user">
          <ForeignText text={user} />
        </Fact>
      )}
      {recipients.length > 0 && (
        <Fact name="Recipients">
          <ul>
            {recipients.slice(0, recipientsShownMax).map((address, index) => (
              <li key={index}>
                <ForeignText text={address} />
              </li>
            ))}
            {recipients.length > recipientsShownMax && <li>and {recipients.length - recipientsShownMax} more</li>}
          </ul>
        </Fact>
      )}
      <Fact name="From">
        <ForeignText text={entry.from} />
      </Fact>
      <Fact name="Subject">
        <ForeignText text={entry.subject} />
      </Fact>
      <Fact name="Rule">
        {ruleName === null ? "none matched" : <ForeignText text={ruleName} />}
        {ruleId !== null && revision > 0 && (
          <>
            {" of "}
            <TextLink href={`/revisions/${revision}`}>r{revision}</TextLink>
          </>
        )}
      </Fact>
      <Fact name="Came in">
        {protocol.toUpperCase()} {entry.direction} at {entry.interface}, policy {entry.policy}, from{" "}
        <ForeignText text={entry.clientAddress} />
      </Fact>
      <Fact name="Size">
        {formatBytes(entry.bytes)} ({entry.bytes} bytes)
      </Fact>
      <Fact name="SHA-256">
        <TextLink href={`/quarantine?digest=${entry.sha256}`} className="font-mono text-sm">
          {entry.sha256}
        </TextLink>
      </Fact>
      <Fact name="Kept">
        <Time at={entry.keptAt.toISOString()} />
      </Fact>
      <Fact name="Expires">
        <Time at={entry.expiresAt.toISOString()} />
      </Fact>
      <Fact name="State">
        <StateWords entry={entry} />
      </Fact>
      <Fact name="Trace">
        <TextLink href={`/messages/${encodeURIComponent(entry.messageId)}`} prefetch={false}>
          {entry.messageId}
        </TextLink>
      </Fact>
    </dl>
  );
}

function StateWords({ entry: { state, releasedTo, protocol } }: { entry: QuarantineRow }) {
  if (state === "held") return <>held</>;
  if (protocol === "pop3") return <>released: the next retrieval gets it as it is</>;
  if (releasedTo.length === 0) return <>released to everyone</>;
  return (
    <>
      released to <ForeignText text={releasedTo.join(", ")} />
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
