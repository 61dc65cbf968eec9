import type { SessionView } from "../net/session-record.ts";
import type { Conversation } from "./conversation.ts";

/** What a session says of itself for its record. */
export function sessionView({ admission, governing, state, record, client, subject }: Conversation): SessionView {
  return {
    governing,
    client: admission.client,
    helo: null,
    user: record.login === null ? null : subject.identity.user,
    authMechanism: record.login,
    state,
    tls: subject.tls,
    bytesIn: client.bytesIn,
    bytesOut: client.bytesOut,
  };
}
