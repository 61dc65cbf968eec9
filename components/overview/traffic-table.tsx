import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { ZoneName } from "#components/ui/zone.tsx";
import type { MinuteOfTraffic } from "#lib/overview/queries.ts";
import { countsOf, seriesOrder, totalOf } from "./traffic-series.ts";

/** The chart's numbers, the newest minute first, without the minutes in which nothing came. */
export function TrafficTable({ minutes }: { minutes: readonly MinuteOfTraffic[] }) {
  const rows = minutes
    .map((minute) => ({ at: minute.minute, counts: countsOf(minute) }))
    .filter(({ counts }) => totalOf(counts) > 0)
    .reverse();
  if (rows.length === 0) return null;
  return (
    <details>
      <summary className="w-fit rounded-sm text-accent">Show as a table</summary>
      <div className="mt-2">
        <Table caption="Messages by minute and verdict">
          <thead>
            <tr>
              <Th>
                Minute (<ZoneName />)
              </Th>
              {seriesOrder.map((name) => (
                <Th key={name} numeric>
                  {name}
                </Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, counts }) => (
              <Row key={at}>
                <Td>
                  <Time at={at} form="minute" />
                </Td>
                {seriesOrder.map((name) => (
                  <Td key={name} label={name} numeric>
                    {counts[name]}
                  </Td>
                ))}
              </Row>
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  );
}
