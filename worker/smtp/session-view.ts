import type { SessionView } from "../net/session-record.ts";
import type { ClientSocket } from "./client-socket.ts";
import type { SessionSubject } from "./session-subject.ts";

/** What a session says of itself for its record. */
export function sessionView({
  admission: { governing },
  client,
  machine: { state },
  socket: { bytesIn, bytesOut },
}: SessionSubject & { socket: ClientSocket }): SessionView {
  const { helo, tls, auth } = client;
  return {
    governing,
    client,
    helo,
    user: auth?.user ?? null,
    authMechanism: auth?.mechanism ?? null,
    state,
    tls,
    bytesIn,
    bytesOut,
  };
}
