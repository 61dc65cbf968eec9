"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { Table, Th } from "#components/ui/table.tsx";
import type { QuarantineRow } from "#lib/quarantine/queries.ts";
import type { QuarantineSearch } from "#lib/quarantine/search.ts";
import { KeptCommands } from "./kept-commands.tsx";
import { KeptRow } from "./kept-row.tsx";

type KeptTableProps = {
  search: QuarantineSearch;
  rows: readonly QuarantineRow[];
  matching: number;
  mayReleaseMalware: boolean;
};

/** What is kept, with a selection; what leaves the quarantine leaves the selection. */
export function KeptTable({ search, rows, matching, mayReleaseMalware }: KeptTableProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [wholeSearch, setWholeSearch] = useState(false);
  const selected = rows.filter(({ id }) => chosen.has(id));
  const all = selected.length === rows.length;
  const { after: _after, entry: _entry, ...filter } = search;

  function choose(ids: Iterable<string>) {
    setChosen(new Set(ids));
    setWholeSearch(false);
  }

  return (
    <>
      <div className="mb-2 flex flex-wrap items-start gap-x-4 gap-y-2">
        <Checkbox
          label="Select all on this page"
          checked={all}
          onChange={({ target }) => choose(target.checked ? rows.map(({ id }) => id) : [])}
        />
        {all && matching > rows.length && !wholeSearch && (
          <Button size="small" onClick={() => setWholeSearch(true)}>
            Select all {matching} of the search
          </Button>
        )}
        <KeptCommands
          selected={selected}
          whole={wholeSearch ? { filter, count: matching } : null}
          mayReleaseMalware={mayReleaseMalware}
          onDone={() => choose([])}
        />
      </div>
      <Table caption="Kept in quarantine, newest first">
        <thead>
          <tr>
            <Th>
              <span className="sr-only">Select</span>
            </Th>
            <Th>Cause</Th>
            <Th>Message or file</Th>
            <Th>Rule</Th>
            <Th numeric>Size</Th>
            <Th>SHA-256</Th>
            <Th>Kept</Th>
            <Th>Expires</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <KeptRow
              key={row.id}
              row={row}
              href={searchHref("/quarantine", { ...search, entry: row.id })}
              selected={chosen.has(row.id)}
              onSelect={(select) => choose(select ? [...chosen, row.id] : [...chosen].filter((id) => id !== row.id))}
            />
          ))}
        </tbody>
      </Table>
    </>
  );
}
