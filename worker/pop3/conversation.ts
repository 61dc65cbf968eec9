import type { Line } from "#core/bytes/line-reader.ts";
import type { DecisionRecord } from "#core/contract/decision.ts";
import type { Pop3Limits } from "#core/contract/limits.ts";
import type { Pop3Route } from "#core/contract/policy-document.ts";
import type { Pop3Settings } from "#core/contract/pop3-settings.ts";
import type { Pop3Verb } from "#core/pop3/command.ts";
import type { Pop3State } from "#core/pop3/states.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import type { Admission, GoverningPolicy } from "../services.ts";
import type { ListenerTls } from "../tls/server-tls.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import type { ChosenMailbox } from "./chosen-login.ts";
import type { ClientLink } from "./client-link.ts";
import type { DeniedCommand } from "./command-decision.ts";
import type { Pop3SessionRecord } from "./session-record.ts";
import type { SessionSubject } from "./session-subject.ts";
import type { SessionTls } from "./session-tls.ts";

/** What a POP3 session is given with its connection. */
export type Pop3Admission = Omit<Admission, "tls"> & { tls?: ListenerTls | null };

/** A session as its parts see it: what is known of the client, and how to answer it. */
export interface Conversation {
  readonly admission: Pop3Admission;
  readonly limits: Pop3Limits;
  readonly settings: Pop3Settings;
  readonly client: ClientLink;
  readonly subject: SessionSubject;
  readonly tls: SessionTls;
  /** As it was resolved for the command under way. */
  readonly governing: GoverningPolicy;
  /** The mailbox server; null: it is not chosen yet, or gone. */
  readonly upstream: Pop3Connection | null;
  readonly record: Pop3SessionRecord;
  /** Where the client logs in, and as whom: the user as the server hears it, null: not known. */
  readonly login: { route: Pop3Route | null; user: string | null };
  state: Pop3State;
  /** Gives a command its answer, CRLF included; the next command may come. */
  answer(text: string): void;
  /** The answer was given: the next command may come. */
  done(): void;
  /** A server's first line as the answer. */
  pass(verb: Pop3Verb, status: StatusLine): void;
  /** A line that is no answer yet; the client's next line is no command and goes to `taken`. */
  exchange(text: string, taken: (line: Line) => void): void;
  /** Our own -ERR: the server does not hear of it. Too many end the session. */
  refuse(text: string): void;
  /** The same for what the policy denies. */
  deny(verb: Pop3Verb, denied: DeniedCommand): void;
  /** Sends the last words, which may be empty, and ends the session. */
  finish(text: string): void;
  /** The server is no use any more. */
  lost(reason: string): void;
  /** The route of every login of this session; null: it hangs on who logs in. */
  readonly fixedRoute: Pop3Route | null;
  /** The client is logged in there. */
  serve(mailbox: ChosenMailbox): void;
  /** A defect of ours: it costs this session only. */
  crash(error: unknown): void;
  /** Tells the administrators what the client heard, null: nothing, and why. */
  tell(reply: string | null, cause: string, decision?: DecisionRecord | null): void;
}
