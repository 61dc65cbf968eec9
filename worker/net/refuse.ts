import type { Socket } from "node:net";
import type { Protocol } from "#core/contract/facts.ts";
import type { Disposition } from "#core/contract/policy-document.ts";
import type { CompiledListener } from "#core/policy/compile.ts";

/** Why a connection is not taken. A disposition: the policy that takes it refuses. */
export type RefusalCause =
  | "no-policy"
  | "closed-now"
  | "banned"
  | "listener-full"
  | "source-full"
  | "source-rate"
  | "stopping"
  | Exclude<Disposition, "allow">;

/** How long a refused client may take to close, in milliseconds. */
const lingerMs = 5_000;

const lasting = { smtp: "554 5.7.1 Connection refused", pop3: "-ERR Connection refused" } as const;

/** What the peer hears, or null: nothing. The cause stays with us, except that coming back later may help. */
const replies: Record<RefusalCause, Record<Protocol, string> | null> = {
  // RFC 5321 §3.1: a server that will not serve greets with 554.
  "no-policy": lasting,
  "refuse-554": lasting,
  // RFC 7504 §3: a host that never takes mail greets with 521.
  "refuse-521": { ...lasting, smtp: "521 5.3.2 This host does not accept mail" },
  close: null,
  banned: lasting,
  // RFC 5321 §3.8: 421 tells that the service is not available now; RFC 3206 §4: SYS/TEMP.
  "listener-full": {
    smtp: "421 4.7.0 Too many connections, try again later",
    pop3: "-ERR [SYS/TEMP] Too many connections, try again later",
  },
  "source-full": {
    smtp: "421 4.7.0 Too many connections from your address, try again later",
    pop3: "-ERR [SYS/TEMP] Too many connections from your address, try again later",
  },
  "source-rate": {
    smtp: "421 4.7.0 Too many connections from your address in a minute, try again later",
    pop3: "-ERR [SYS/TEMP] Too many connections from your address in a minute, try again later",
  },
  // The policy will take it again: what waits until then must not come back to its sender.
  "closed-now": {
    smtp: "421 4.3.2 Not accepting mail now, try again later",
    pop3: "-ERR [SYS/TEMP] Not available now, try again later",
  },
  stopping: {
    smtp: "421 4.3.2 Service is stopping, try again later",
    pop3: "-ERR [SYS/TEMP] Service is stopping, try again later",
  },
};

/** The line that a connection hears which is not taken in the clear, or null: none. */
export function refusalReply(cause: RefusalCause, protocol: Protocol): string | null {
  return replies[cause]?.[protocol] ?? null;
}

/** Says why and closes; returns the line, or null where there is none: inside implicit TLS a line in the clear would be no answer. The socket is gone within `lingerMs`. */
export function refuse(
  socket: Socket,
  { protocol, tls }: Pick<CompiledListener, "protocol" | "tls">,
  cause: RefusalCause,
): string | null {
  const reply = tls?.mode === "implicit" ? null : refusalReply(cause, protocol);
  // Unread input would turn our close into a reset that can overtake the reply.
  socket.on("error", () => socket.destroy());
  socket.resume();
  socket.end(reply === null ? "" : `${reply}\r\n`);
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(timer));
  return reply;
}
