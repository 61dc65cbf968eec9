import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { Reply } from "#core/smtp/reply.ts";
import type { ServerMachine } from "#core/smtp/server-machine.ts";
import type { XclientAttributes } from "#core/smtp/xclient.ts";
import type { SessionRecord } from "../net/session-record.ts";
import type { Admission } from "../services.ts";
import type { ServerTls } from "../tls/server-tls.ts";
import type { Answer } from "./answer.ts";
import type { ClientSocket } from "./client-socket.ts";
import type { Client } from "./message-record.ts";
import type { SessionGreeting } from "./session-greeting.ts";
import type { LimitPassed, SessionLimits } from "./session-limits.ts";
import type { SessionTimer } from "./session-timer.ts";

/** A session as its parts see it: what is known of the client, and how to answer it. */
export interface Conversation {
  readonly admission: Admission;
  readonly definition: SmtpProxyAction;
  readonly machine: ServerMachine;
  readonly socket: ClientSocket;
  readonly timer: SessionTimer;
  readonly limits: SessionLimits;
  client: Client;
  readonly greeting: SessionGreeting;
  readonly record: SessionRecord;
  answer(said: Answer): void;
  /** Says what is no answer to a command of its own. */
  reply(said: Reply): void;
  /** Greets, at the beginning and when the session begins anew (XCLIENT). */
  greet(): void;
  /** RFC 3207 §4.2: nothing of what was said in the clear counts. */
  beginTls(): void;
  /** Speaks TLS from here on; `then` is called once it is spoken. */
  secure(tls: ServerTls, then: () => void): void;
  /** The session is another client's, as a trusted proxy tells. Null: done; else why not. */
  become(attributes: XclientAttributes): "bad-address" | "refused" | null;
  /** Ends the session: the client hears `said`, the session's event tells the cause. */
  fail(said: Reply, cause: string): void;
  /** The same for a limit that the client passed. */
  stop(passed: LimitPassed): void;
  /** No command is taken until `begin` has called back, perhaps at once; then `taken` goes on. */
  wait<A extends unknown[]>(begin: (done: (...given: A) => void) => void, taken: (...given: A) => void): void;
  /** Goes on with what waits. */
  pump(): void;
  crash(error: unknown): void;
}
