"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { RuleLink } from "#components/ui/rule-link.tsx";
import { Row, Td } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { QueueRow } from "#lib/queue/queries.ts";
import { destinationName } from "./cause-words.ts";
import { hiddenWhenNarrow } from "./narrow-columns.ts";
import { QueueStateBadge } from "./queue-state-badge.tsx";
import { replyParts } from "./reply-parts.ts";

type QueueTableRowProps = {
  row: QueueRow;
  href: string;
  selected: boolean;
  /** `range`: with all between it and the row that was chosen last. */
  onSelect: (selected: boolean, range: boolean) => void;
};

/** One queued message. */
export function QueueTableRow({ row, href, selected, onSelect }: QueueTableRowProps) {
  const [first = null, ...others] = row.recipients;
  return (
    <Row className={selected ? "bg-accent-tint" : ""} data-row>
      <Td>
        <Checkbox
          aria-label={`Select the message from ${row.sender || "the null sender"} to ${first ?? "nobody"}`}
          checked={selected}
          onChange={({ target, nativeEvent }) =>
            onSelect(target.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
          }
        />
      </Td>
      <Td>
        <QueueStateBadge state={row.state} />
      </Td>
      <Td label="Age">
        <Time at={row.receivedAt.toISOString()} form="age" />
      </Td>
      <Td label="Next attempt">
        <NextAttempt row={row} />
      </Td>
      <Td label="Attempts" numeric className={hiddenWhenNarrow}>
        {row.attempts}
      </Td>
      <Td wide className="w-[30%] max-w-0">
        <TextLink href={href} prefetch={false} scroll={false} className="line-clamp-2">
          <ForeignText text={row.subject} empty="(no subject)" />
        </TextLink>
        <span className="block truncate">
          <ForeignText text={row.sender} empty="<>" />
          <span className="text-muted"> to </span>
          <ForeignText text={first} />
          {others.length > 0 && <span className="text-muted"> and {others.length} more</span>}
        </span>
      </Td>
      <Td label="Destination" className="min-w-24 [overflow-wrap:anywhere]">
        {destinationName(row)}
      </Td>
      <Td wide className="max-w-72">
        <LastReply reply={row.lastReply} />
      </Td>
      <Td label="Size" numeric className={hiddenWhenNarrow}>
        {formatBytes(row.bytes)}
      </Td>
      <Td label="Let in by" className={classNames(hiddenWhenNarrow, "min-w-24 max-w-48 [overflow-wrap:anywhere]")}>
        <TextLink href={`/policies?interface=${encodeURIComponent(row.interface)}`} prefetch={false}>
          {row.interface}
        </TextLink>
        <span className="block text-muted max-sm:inline">
          {" "}
          <LetInBy rule={row} />
        </span>
      </Td>
    </Row>
  );
}

function LetInBy({ rule: { ruleId, ruleName, policy } }: { rule: QueueRow }) {
  if (ruleId === null || ruleName === null) return <>{policy}, no rule</>;
  return <RuleLink id={ruleId} name={ruleName} />;
}

/** A server's code stands apart from its words. */
function LastReply({ reply }: { reply: string | null }) {
  if (reply === null) return <span className="text-muted">not tried yet</span>;
  const { code, text } = replyParts(reply);
  return (
    <span className="line-clamp-3 font-mono text-sm" title={reply}>
      {code !== null && <b className="font-semibold">{code} </b>}
      <ForeignText text={text} />
    </span>
  );
}

function NextAttempt({ row }: { row: QueueRow }) {
  switch (row.state) {
    case "delivering":
      return <>under way</>;
    case "ready":
      return <>due</>;
    case "held":
      return <span className="text-muted">when released</span>;
    case "failed":
      return <span className="text-muted">none</span>;
    case "deferred":
      return row.nextAttemptAt === null ? <>due</> : <Time at={row.nextAttemptAt.toISOString()} form="countdown" />;
    default:
      return row.state satisfies never;
  }
}
