import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { searchHref } from "#components/ui/search-href.ts";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { MessageRow } from "#lib/messages/queries.ts";
import { AlarmBadge } from "./alarm-badge.tsx";
import { OutcomeBadge } from "./outcome-badge.tsx";

/** Messages and early-ended sessions, newest first. */
export function MessageTable({ rows }: { rows: readonly MessageRow[] }) {
  return (
    <Table caption="Messages, newest first">
      <thead>
        <tr>
          <Th>Time</Th>
          <Th>Verdict</Th>
          <Th>Outcome</Th>
          <Th>From, to</Th>
          <Th>Subject</Th>
          <Th>Rule</Th>
          <Th>Interface</Th>
          <Th numeric>Size</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <MessageTableRow key={row.id} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

function MessageTableRow({ row }: { row: MessageRow }) {
  const outcome = row.kind === "session" ? "session" : row.outcome;
  return (
    <Row>
      <Td>
        <TextLink href={`/messages/${encodeURIComponent(row.id)}`} prefetch={false}>
          <Time at={row.at.toISOString()} />
        </TextLink>
      </Td>
      <Td>
        <span className="inline-flex flex-wrap items-center gap-1">
          {row.verdict ? <VerdictBadge verdict={row.verdict} /> : <span className="text-muted">none</span>}
          {row.alarm && <AlarmBadge />}
        </span>
      </Td>
      <Td>{outcome && <OutcomeBadge outcome={outcome} />}</Td>
      <Td wide className="w-[24%] max-w-0">
        <Parties row={row} />
      </Td>
      <Td wide className="w-[24%]">
        <span className="line-clamp-2">
          <ForeignText text={row.kind === "session" ? row.cause : row.subject} empty="(no subject)" />
        </span>
      </Td>
      <Td label="Rule">
        {row.ruleId && row.ruleName ? (
          <TextLink href={searchHref("/messages", { rule: row.ruleId })} prefetch={false}>
            {row.ruleName}
          </TextLink>
        ) : (
          <span className="text-muted">none</span>
        )}
      </Td>
      <Td label="Interface" className="whitespace-nowrap">
        {row.interface} <span className="text-muted uppercase">{row.protocol}</span>
      </Td>
      <Td label="Size" numeric>
        {row.bytes === null ? "—" : formatBytes(row.bytes)}
      </Td>
    </Row>
  );
}

function Parties({ row }: { row: MessageRow }) {
  if (row.kind === "session") return <ForeignText text={row.clientAddress} />;
  const pop3 = row.protocol === "pop3";
  const [first = null, ...others] = pop3 ? [row.user] : row.recipients;
  return (
    <>
      <span className="block truncate">
        <ForeignText text={pop3 ? row.from : row.sender} empty={pop3 ? "—" : "<>"} />
      </span>
      <span className="block truncate">
        <span className="text-muted">to </span>
        <ForeignText text={first} />
        {others.length > 0 && <span className="text-muted"> and {others.length} more</span>}
      </span>
    </>
  );
}
