import { BellRing } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { ConnectionRow } from "#lib/connections/queries.ts";
import { EndBadge } from "./end-badge.tsx";
import { lasted } from "./lasted.ts";

/** Sessions that are over, and connections that were not taken, newest first. */
export function ConnectionTable({ rows }: { rows: readonly ConnectionRow[] }) {
  return (
    <Table caption="Finished connections, newest first">
      <thead>
        <tr>
          <Th>Ended</Th>
          <Th>End</Th>
          <Th>Client, user</Th>
          <Th>Cause</Th>
          <Th>Interface</Th>
          <Th numeric>Lasted</Th>
          <Th numeric>Messages</Th>
          <Th numeric>In, out</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <ConnectionTableRow key={row.id} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

function ConnectionTableRow({ row }: { row: ConnectionRow }) {
  const { id, at, kind, end, alarm, clientAddress, user, cause, durationMs, messages, bytesIn, bytesOut } = row;
  const page = kind === "connection" ? "/connections" : "/messages";
  return (
    <Row>
      <Td>
        <TextLink href={`${page}/${encodeURIComponent(id)}`} prefetch={false}>
          <Time at={at.toISOString()} />
        </TextLink>
      </Td>
      <Td>
        <span className="inline-flex flex-wrap items-center gap-1">
          <EndBadge end={end ?? "none"} />
          {alarm && (
            <Badge tone="warn" icon={BellRing}>
              alarm
            </Badge>
          )}
        </span>
      </Td>
      <Td wide className="w-[22%] max-w-0">
        <span className="block truncate">
          <ForeignText text={clientAddress} />
        </span>
        {user !== null && (
          <span className="block truncate">
            <span className="text-muted">as </span>
            <ForeignText text={user} />
          </span>
        )}
      </Td>
      <Td wide className="w-[26%]">
        <span className="line-clamp-2 [overflow-wrap:anywhere]">
          <ForeignText text={cause} empty="—" />
        </span>
      </Td>
      <Td label="Interface" className="whitespace-nowrap">
        {row.interface} <span className="text-muted uppercase">{row.protocol}</span>
      </Td>
      <Td label="Lasted" numeric>
        {durationMs === null ? "—" : lasted(durationMs)}
      </Td>
      <Td label="Messages" numeric>
        {messages ?? (kind === "connection" ? 0 : "—")}
      </Td>
      <Td label="In, out" numeric>
        {bytesIn === null || bytesOut === null ? "—" : `${formatBytes(bytesIn)}, ${formatBytes(bytesOut)}`}
      </Td>
    </Row>
  );
}
