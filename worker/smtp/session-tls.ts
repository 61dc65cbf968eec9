import type { StartTlsState } from "#core/smtp/server-machine.ts";
import type { Admission } from "../services.ts";
import { clientLeft, type ServerTls } from "../tls/server-tls.ts";
import { type Client, sessionEvent } from "./message-record.ts";

const states = { none: "none", allowed: "offered", required: "required", implicit: "active" } as const;

/** How a session of the listener begins. */
export function startTlsState(tls: ServerTls | null): StartTlsState {
  return states[tls?.settings.mode ?? "none"];
}

/** Tells of a handshake that failed. A client that only left has nothing to tell: balancers do so all the time. */
export function tlsFailureEvent(admission: Admission, client: Client, cause: string): void {
  if (cause === clientLeft) return;
  const { recorder, newId } = admission.services;
  recorder.event(sessionEvent(admission, client, { id: newId(), decision: null, reply: null, cause }));
}
