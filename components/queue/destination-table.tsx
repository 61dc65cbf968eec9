import { ForeignText } from "#components/ui/foreign-text.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { HeatRow } from "#lib/queue/summary.ts";
import { ageLooks } from "./age-looks.ts";
import { destinationName } from "./cause-words.ts";

type DestinationTableProps = { heat: readonly HeatRow[]; destinations: number };

/** How much mail waits for which destination, by age; each number leads to its messages. */
export function DestinationTable({ heat, destinations }: DestinationTableProps) {
  return (
    <>
      <Table caption="Queued messages by destination and age">
        <thead>
          <tr>
            <Th>Destination</Th>
            {ageLooks.map(({ age, words }) => (
              <Th key={age} numeric>
                {words}
              </Th>
            ))}
            <Th numeric>All</Th>
          </tr>
        </thead>
        <tbody>
          {heat.map((row) => (
            <DestinationRow key={`${row.route} ${row.destination}`} row={row} />
          ))}
        </tbody>
      </Table>
      {destinations > heat.length && (
        <p className="mt-1 text-muted">And {destinations - heat.length} destinations with less mail.</p>
      )}
    </>
  );
}

function DestinationRow({ row }: { row: HeatRow }) {
  const { route, destination, ages, count } = row;
  const name = destinationName(row);
  return (
    <Row>
      <Td wide>
        <ForeignText text={name} />
      </Td>
      {ageLooks.map(({ age, words, tint }) => {
        const here = ages[age];
        return (
          <Td key={age} label={words} numeric className={here === 0 ? "" : tint}>
            {here === 0 ? (
              <span className="text-muted">0</span>
            ) : (
              <TextLink
                href={searchHref("/queue", { route, destination, age })}
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
        <TextLink
          href={searchHref("/queue", { route, destination })}
          prefetch={false}
          aria-label={`All ${count} for ${name}`}
        >
          {count}
        </TextLink>
      </Td>
    </Row>
  );
}
