"use client";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { QueueStates } from "#lib/queue/destinations.ts";
import type { HeatRow } from "#lib/queue/summary.ts";
import { ageLooks } from "./age-looks.ts";
import { destinationName } from "./cause-words.ts";
import { DestinationButtons } from "./destination-buttons.tsx";

type DestinationTableProps = {
  heat: readonly HeatRow[];
  destinations: number;
  states: Pick<QueueStates, "suspended" | "paced">;
  /** Of the interface that is shown; null: all of them. */
  address: string | null;
};

/** How much mail waits for which destination, by age; each number leads to its messages. */
export function DestinationTable({ heat, destinations, states, address }: DestinationTableProps) {
  const isAmong = (row: HeatRow, some: QueueStates["paced"]) =>
    some.some((one) => one.route === row.route && one.destination === row.destination);
  return (
    <>
      <Table caption="Queued messages by destination and age">
        <thead>
          <tr>
            <Th>Destination</Th>
            {ageLooks.map(({ age, words }) => (
              <Th key={age} numeric className="sm:max-lg:whitespace-normal">
                {words}
              </Th>
            ))}
            <Th numeric>All</Th>
            <Th>
              <span className="sr-only">Commands</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {heat.map((row) => (
            <DestinationRow
              key={`${row.route} ${row.destination}`}
              row={row}
              address={address}
              suspended={isAmong(row, states.suspended)}
              paced={isAmong(row, states.paced)}
            />
          ))}
        </tbody>
      </Table>
      {destinations > heat.length && (
        <p className="mt-1 text-muted">And {destinations - heat.length} destinations with less mail.</p>
      )}
    </>
  );
}

type DestinationRowProps = { row: HeatRow; address: string | null; suspended: boolean; paced: boolean };

function DestinationRow({ row, address, suspended, paced }: DestinationRowProps) {
  const { route, destination, ages, count } = row;
  const asked = { route, destination, interface: address };
  const name = destinationName(row);
  return (
    <Row>
      <Td wide>
        <ForeignText text={name} />
        {paced && <span className="block text-muted">this minute’s messages are through; the rest follows</span>}
      </Td>
      {ageLooks.map(({ age, words, tint }) => {
        const here = ages[age];
        return (
          <Td key={age} label={words} numeric className={here === 0 ? "" : tint}>
            {here === 0 ? (
              <span className="text-muted">0</span>
            ) : (
              <TextLink
                href={searchHref("/queue", { ...asked, age })}
                prefetch={false}
                aria-label={`${here} for ${name}, ${words}`}
              >
                {here}
              </TextLink>
            )}
          </Td>
        );
      })}
      <Td label="All" numeric>
        <TextLink href={searchHref("/queue", asked)} prefetch={false} aria-label={`All ${count} for ${name}`}>
          {count}
        </TextLink>
      </Td>
      <Td wide>
        <DestinationButtons of={{ route, destination }} suspended={suspended} />
      </Td>
    </Row>
  );
}
