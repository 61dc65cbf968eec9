import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import type { WorkerStatus } from "#core/contract/report.ts";

type ListenerTableProps = { workerName: string; listeners: WorkerStatus["listeners"] };

/** Where the worker takes connections. */
export function ListenerTable({ workerName, listeners }: ListenerTableProps) {
  if (listeners.length === 0) {
    return <p className="text-muted">It listens nowhere: no published policy has a listener.</p>;
  }
  return (
    <Table caption={`Listeners of ${workerName}`}>
      <thead>
        <tr>
          <Th>Interface</Th>
          <Th>Protocol</Th>
          <Th>Listener</Th>
          <Th className="text-end!">Connections</Th>
        </tr>
      </thead>
      <tbody>
        {listeners.map(({ address, port, protocol, interface: name, connections }) => (
          <Row key={`${address}:${port}`}>
            <Td label="Interface">{name}</Td>
            <Td label="Protocol">{protocol.toUpperCase()}</Td>
            <Td label="Listener">
              <span className="font-mono text-sm">
                {address.includes(":") ? `[${address}]` : address}:{port}
              </span>
            </Td>
            <Td label="Connections" numeric>
              {connections}
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
