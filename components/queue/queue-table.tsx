"use client";
import { useState } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Table, Th } from "#components/ui/table.tsx";
import type { QueueRow } from "#lib/queue/queries.ts";
import { QueueCommands } from "./queue-commands.tsx";
import { QueueTableRow } from "./queue-row.tsx";

/** The queue with its selection; what leaves the queue leaves the selection. */
export function QueueTable({ rows }: { rows: readonly QueueRow[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const selected = rows.filter((row) => chosen.has(keyOf(row)));
  const all = selected.length === rows.length;

  function choose(row: QueueRow, select: boolean) {
    const next = new Set(chosen);
    if (select) next.add(keyOf(row));
    else next.delete(keyOf(row));
    setChosen(next);
  }

  return (
    <>
      <div className="mb-2 flex flex-wrap items-start gap-x-4 gap-y-2">
        <Checkbox
          label="Select all on this page"
          checked={all}
          onChange={(event) => setChosen(new Set(event.target.checked ? rows.map(keyOf) : []))}
        />
        <QueueCommands selected={selected} onDone={() => setChosen(new Set())} />
      </div>
      <Table caption="Queued messages, oldest first">
        <thead>
          <tr>
            <Th>
              <span className="sr-only">Select</span>
            </Th>
            <Th>State</Th>
            <Th>Age</Th>
            <Th>Next attempt</Th>
            <Th numeric>Attempts</Th>
            <Th>Message</Th>
            <Th>Route</Th>
            <Th>Last reply</Th>
            <Th numeric>Size</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <QueueTableRow
              key={keyOf(row)}
              row={row}
              selected={chosen.has(keyOf(row))}
              onSelect={(select) => choose(row, select)}
            />
          ))}
        </tbody>
      </Table>
    </>
  );
}

function keyOf({ workerId, id }: QueueRow): string {
  return `${workerId} ${id}`;
}
