import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { ConnectionMessage } from "#lib/connections/queries.ts";

/** What a session carried and what went wrong in it, oldest first. */
export function ConnectionMessages({ messages }: { messages: readonly ConnectionMessage[] }) {
  if (messages.length === 0) return <p className="text-muted">No message passed.</p>;
  return (
    <Table caption="Messages of this connection, oldest first">
      <thead>
        <tr>
          <Th>Time</Th>
          <Th>Verdict</Th>
          <Th>Outcome</Th>
          <Th>From</Th>
          <Th>Subject or cause</Th>
          <Th numeric>Size</Th>
        </tr>
      </thead>
      <tbody>
        {messages.map(({ id, at, kind, verdict, outcome, sender, subject, cause, bytes }) => (
          <Row key={id}>
            <Td>
              <TextLink href={`/messages/${encodeURIComponent(id)}`} prefetch={false}>
                <Time at={at.toISOString()} />
              </TextLink>
            </Td>
            <Td>{verdict === null ? <span className="text-muted">none</span> : <VerdictBadge verdict={verdict} />}</Td>
            <Td label="Outcome">{outcome ?? "no message"}</Td>
            <Td wide className="w-[24%]">
              <ForeignText text={sender} />
            </Td>
            <Td wide className="w-[34%]">
              <ForeignText text={kind === "session" ? cause : subject} empty="(no subject)" />
            </Td>
            <Td label="Size" numeric>
              {bytes === null ? "—" : formatBytes(bytes)}
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
