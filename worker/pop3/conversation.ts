import type { DecisionRecord } from "#core/contract/decision.ts";
import type { Facts } from "#core/contract/facts.ts";
import type { Pop3Limits } from "#core/contract/limits.ts";
import type { Pop3State } from "#core/pop3/states.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import type { Admission, GoverningPolicy } from "../services.ts";
import type { ClientLink } from "./client-link.ts";

/** A session as its parts see it: what is known of the client, and how to answer it. */
export interface Conversation {
  readonly admission: Admission;
  readonly limits: Pop3Limits;
  readonly client: ClientLink;
  /** As it was resolved for the command under way. */
  readonly governing: GoverningPolicy;
  state: Pop3State;
  facts(): Facts;
  /** Gives a command its answer, CRLF included; the next command may come. */
  answer(text: string): void;
  /** A server's first line as the answer. */
  pass(status: StatusLine): void;
  /** Our own -ERR: the server does not hear of it. Too many end the session. */
  refuse(text: string): void;
  /** Sends the last words, which may be empty, and ends the session. */
  finish(text: string): void;
  /** Tells the administrators what the client heard and why. */
  tell(reply: string, cause: string, decision?: DecisionRecord | null): void;
}
