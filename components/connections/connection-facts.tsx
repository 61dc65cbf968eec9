import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { ConnectionEvent } from "#core/contract/event.ts";
import { Fact, FactList } from "./fact.tsx";
import { lasted } from "./lasted.ts";
import { tlsWords } from "./tls-words.ts";

/** Who it was, where, for how long and how it ended. */
export function ConnectionFacts({ event, worker }: { event: ConnectionEvent; worker: string }) {
  const began = new Date(Date.parse(event.at) - event.durationMs).toISOString();
  return (
    <FactList>
      <Fact name="Id">
        <span className="font-mono text-sm">{event.id}</span>
      </Fact>
      <Fact name="Client">
        {event.client.address} port {event.client.port}
        {event.helo !== null && (
          <>
            , named <ForeignText text={event.helo} />
          </>
        )}
      </Fact>
      <Fact name="Logged in">
        {event.authMechanism === null ? (
          "nobody"
        ) : (
          <>
            <ForeignText text={event.user} empty="user hidden by the mechanism" /> by {event.authMechanism}
          </>
        )}
      </Fact>
      <Fact name="Began, ended">
        <Time at={began} />, <Time at={event.at} /> ({lasted(event.durationMs)})
      </Fact>
      {event.cause !== null && (
        <Fact name="Cause of the end">
          <ForeignText text={event.cause} />
        </Fact>
      )}
      {event.alarm !== undefined && <Fact name="Alarm">{event.alarm}</Fact>}
      <Fact name="Interface">
        <TextLink href={`/policies?interface=${encodeURIComponent(event.interface)}`}>{event.interface}</TextLink>,
        policy {event.policy}, {event.protocol.toUpperCase()} {event.direction}
      </Fact>
      <Fact name="Proxy action">{event.proxyAction}</Fact>
      <Fact name="Server">{event.upstream ?? "none was needed"}</Fact>
      <Fact name="TLS">{tlsWords(event.tls, event.upstream !== null)}</Fact>
      <Fact name="From the client">
        {formatBytes(event.bytesIn)} ({event.bytesIn} bytes)
      </Fact>
      <Fact name="To the client">
        {formatBytes(event.bytesOut)} ({event.bytesOut} bytes)
      </Fact>
      <Fact name="Worker">{worker}</Fact>
    </FactList>
  );
}
