import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { Reply } from "#core/smtp/reply.ts";
import type { ServerMachine } from "#core/smtp/server-machine.ts";
import type { Admission } from "../services.ts";
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
  answer(said: Answer): void;
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
