"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { Table, Th } from "#components/ui/table.tsx";
import { useRowKeys } from "#components/ui/use-row-keys.ts";
import { useSelection } from "#components/ui/use-selection.ts";
import type { QueueRow } from "#lib/queue/queries.ts";
import type { QueueFilter, QueueSearch } from "#lib/queue/search.ts";
import { hiddenWhenNarrow } from "./narrow-columns.ts";
import { QueueCommands } from "./queue-commands.tsx";
import { QueueTableRow } from "./queue-row.tsx";

type QueueTableProps = {
  search: QueueSearch;
  filter: QueueFilter;
  rows: readonly QueueRow[];
  matching: number;
  routes: readonly string[];
};

/** The queue with its selection, or all that the search finds in place of it. Shift chooses a range. */
export function QueueTable({ search, filter, rows, matching, routes }: QueueTableProps) {
  const { chosen, all, choose, chooseAll } = useSelection(rows.map(keyOf));
  const table = useRowKeys();
  const [wholeSearch, setWholeSearch] = useState<string | null>(null);
  // Another search is another question: what was meant was the one before.
  const asked = searchHref("", filter);
  const isWhole = wholeSearch === asked && all;

  return (
    <>
      <div className="mb-2 flex flex-wrap items-start gap-x-4 gap-y-2">
        <Checkbox
          label="Select all on this page"
          checked={all}
          onChange={({ target }) => {
            chooseAll(target.checked);
            setWholeSearch(null);
          }}
        />
        {all && matching > rows.length && !isWhole && (
          <Button size="small" onClick={() => setWholeSearch(asked)}>
            Select all {matching} matching
          </Button>
        )}
        <QueueCommands
          selected={rows.filter((row) => chosen.has(keyOf(row)))}
          whole={isWhole ? { filter, count: matching } : null}
          routes={routes}
          onDone={() => {
            chooseAll(false);
            setWholeSearch(null);
          }}
        />
      </div>
      <div ref={table}>
        <Table caption="Queued messages" stickyHead>
          <thead>
            <tr>
              <Th>
                <span className="sr-only">Select</span>
              </Th>
              <Th>State</Th>
              <Th>Age</Th>
              <Th>Next attempt</Th>
              <Th numeric className={hiddenWhenNarrow}>
                Attempts
              </Th>
              <Th>Message</Th>
              <Th>Destination</Th>
              <Th>Last reply</Th>
              <Th numeric className={hiddenWhenNarrow}>
                Size
              </Th>
              <Th className={hiddenWhenNarrow}>Let in by</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <QueueTableRow
                key={keyOf(row)}
                row={row}
                href={searchHref("/queue", { ...search, open: row.id })}
                selected={chosen.has(keyOf(row))}
                onSelect={(select, range) => {
                  choose(keyOf(row), select, range);
                  setWholeSearch(null);
                }}
              />
            ))}
          </tbody>
        </Table>
      </div>
      <p className="mt-1 text-muted max-sm:hidden">
        Keys: <kbd>j</kbd> and <kbd>k</kbd>, or the arrows, go down and up, <kbd>x</kbd> selects, <kbd>o</kbd> or{" "}
        <kbd>Enter</kbd> opens. What is selected: <kbd>n</kbd> retries now, <kbd>h</kbd> holds, <kbd>r</kbd> releases,{" "}
        <kbd>m</kbd> reroutes, <kbd>u</kbd> returns, <kbd>b</kbd> and <kbd>d</kbd> delete with and without notice.
      </p>
    </>
  );
}

function keyOf({ workerId, id }: QueueRow): string {
  return `${workerId} ${id}`;
}
