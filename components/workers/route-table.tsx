import { ForeignText } from "#components/ui/foreign-text.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { RouteStatus } from "#core/contract/report.ts";

const states = { relaying: "up", down: "down", unknown: "unknown" } as const;
const words = {
  smtp: { relaying: "relaying", down: "down", unknown: "not tried yet" },
  pop3: { relaying: "serving", down: "down", unknown: "not tried yet" },
} as const;

/** The servers behind: can they be reached, and what waits for them. Nothing waits for POP3. */
export function RouteTable({ workerName, routes }: { workerName: string; routes: readonly RouteStatus[] }) {
  return (
    <Table caption={`Routes of ${workerName}`}>
      <thead>
        <tr>
          <Th>Route</Th>
          <Th>State</Th>
          <Th className="text-end!">Waiting</Th>
          <Th>Oldest</Th>
          <Th>Last error</Th>
        </tr>
      </thead>
      <tbody>
        {routes.map(({ route, protocol, state, queued, oldestAt, lastError }) => (
          <Row key={route}>
            <Td label="Route">{route}</Td>
            <Td label="State">
              <StateBadge state={states[state]}>{words[protocol][state]}</StateBadge>
            </Td>
            <Td label="Waiting" numeric>
              {protocol === "pop3" && "—"}
              {protocol === "smtp" && queued === 0 && 0}
              {queued > 0 && <TextLink href={`/queue?route=${encodeURIComponent(route)}`}>{queued}</TextLink>}
            </Td>
            <Td label="Oldest">{oldestAt === null ? "none" : <Time at={oldestAt} form="age" />}</Td>
            <Td label="Last error" wide>
              <ForeignText text={lastError} empty="none" />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
