import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AuditEntryView } from "#lib/audit/queries.ts";
import { AuditDetail } from "./audit-detail.tsx";

/** The rows of the log, newest first. */
export function AuditTable({ entries }: { entries: readonly AuditEntryView[] }) {
  return (
    <Table caption="Audit entries, newest first">
      <thead>
        <tr>
          <Th className="text-end!">#</Th>
          <Th>Time</Th>
          <Th>Actor</Th>
          <Th>Action</Th>
          <Th className="min-w-40">Object</Th>
          <Th className="w-1/2">Summary</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.sequence} className="align-top">
            <Td label="#" numeric>
              {entry.sequence}
            </Td>
            <Td label="Time">
              <Time at={entry.at.toISOString()} />
            </Td>
            <Td label="Actor">
              <ForeignText text={entry.actor} />
              {entry.address !== null && <span className="block text-muted text-sm">{entry.address}</span>}
            </Td>
            <Td label="Action">
              <span className="font-mono text-sm">{entry.action}</span>
            </Td>
            <Td label="Object">
              <ForeignText text={entry.object} />
            </Td>
            <Td label="Summary" wide>
              <ForeignText text={entry.summary} />
              <AuditDetail entry={entry} />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
