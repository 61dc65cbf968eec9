import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { UndoButton } from "#components/ui/toast.tsx";
import type { AuditEntryView } from "#lib/audit/queries.ts";
import { AuditDetail } from "./audit-detail.tsx";
import { type AuditSearch, auditAddress } from "./audit-search.ts";

type AuditTableProps = {
  entries: readonly AuditEntryView[];
  /** Edits of the draft that can be taken back, by row. */
  undoable: ReadonlyMap<number, string>;
  search: AuditSearch;
};

/** The rows of the log, newest first: what can be taken back has a button, or leads to the page that has it. */
export function AuditTable({ entries, undoable, search }: AuditTableProps) {
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
              <span className="block text-muted text-sm empty:hidden">
                {[entry.role, entry.address].filter((word) => word !== null).join(", ")}
              </span>
              {entry.via !== null && (
                <span className="block whitespace-nowrap text-sm">
                  <TextLink href={auditAddress({ ...search, via: entry.via, before: null })} prefetch={false}>
                    {entry.via}
                  </TextLink>
                </span>
              )}
            </Td>
            <Td label="Action">
              <span className="font-mono text-sm">{entry.action}</span>
            </Td>
            <Td label="Object">
              <AuditObject object={entry.object} />
            </Td>
            <Td label="Summary" wide>
              <Undo entry={entry} edit={undoable.get(entry.sequence)} />
              <ForeignText text={entry.summary} />
              <AuditDetail entry={entry} />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function AuditObject({ object }: { object: string }) {
  const [, revision] = /^revision r(\d+)$/.exec(object) ?? [];
  if (revision === undefined) return <ForeignText text={object} />;
  return (
    <TextLink href={`/revisions/${revision}`} prefetch={false}>
      {object}
    </TextLink>
  );
}

function Undo({ entry, edit }: { entry: AuditEntryView; edit: string | undefined }) {
  if (edit === undefined) return null;
  return (
    <span className="float-end ms-2">
      <UndoButton edit={edit} label={`Undo entry ${entry.sequence}: ${entry.object}`} />
    </span>
  );
}
