"use client";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { RunningSession } from "#lib/connections/queries.ts";
import { KillButton } from "./kill-button.tsx";
import { tlsWords } from "./tls-words.ts";

/** The sessions that run now, with what ends them. */
export function RunningTable({ sessions }: { sessions: readonly RunningSession[] }) {
  return (
    <Table caption="Connections that run now, the oldest first">
      <thead>
        <tr>
          <Th>Client, user</Th>
          <Th>Interface, policy</Th>
          <Th>State</Th>
          <Th>TLS</Th>
          <Th numeric>Age</Th>
          <Th numeric>Messages</Th>
          <Th numeric>In, out</Th>
          <Th>Worker</Th>
          <Th>
            <span className="sr-only">Command</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <RunningRow key={`${session.workerId} ${session.id}`} session={session} />
        ))}
      </tbody>
    </Table>
  );
}

function RunningRow({ session }: { session: RunningSession }) {
  const { client, user, protocol, policy, state, lastCommand, tls, upstream, beganAt, messages } = session;
  return (
    <Row>
      <Td wide className="w-[18%] max-w-0">
        <span className="block truncate font-mono text-sm">{client.address}</span>
        {user !== null && (
          <span className="block truncate">
            <span className="text-muted">as </span>
            <ForeignText text={user} />
          </span>
        )}
      </Td>
      <Td wide>
        {session.interface} <span className="text-muted uppercase">{protocol}</span>, {policy}
      </Td>
      <Td wide className="w-[20%] max-w-0">
        <span className="block truncate">{state}</span>
        <span className="block truncate font-mono text-muted text-sm">
          <ForeignText text={lastCommand} empty="nothing said yet" />
        </span>
      </Td>
      <Td label="TLS">{tlsWords(tls, upstream !== null)}</Td>
      <Td label="Age" numeric>
        <Time at={beganAt} form="age" />
      </Td>
      <Td label="Messages" numeric>
        {messages}
      </Td>
      <Td label="In, out" numeric>
        {formatBytes(session.bytesIn)}, {formatBytes(session.bytesOut)}
      </Td>
      <Td label="Worker">{session.worker}</Td>
      <Td wide className="text-end">
        <KillButton session={session} />
      </Td>
    </Row>
  );
}
