import type { QueueCommand, QueueEntry } from "#core/contract/queue.ts";
import type { TlsDemand } from "#core/policy/tls-demand.ts";

/** What is known when a message is accepted for later. */
export type SpoolEnvelope = {
  id: string;
  receivedAt: number;
  interface: string;
  policy: string;
  route: string;
  revision: number;
  /** Empty: the null reverse-path. */
  sender: string;
  /** Parameters of MAIL that must travel on (BODY, SMTPUTF8, RET, ENVID), as they were written; SIZE left out. */
  mailParameters: string[];
  recipients: { address: string; parameters: string[] }[];
  /** What a TLS rule asks of its delivery; absent: as the route says. */
  tls?: TlsDemand | undefined;
};

/** Takes one message. The bytes are the message itself: CRLF lines, not dot-stuffed, our Received line included. */
export interface SpoolWriter {
  /** Keeps the chunk, which must not change afterwards. False: pause until `onDrain` is called. */
  write(chunk: Uint8Array): boolean;
  onDrain: (() => void) | null;
  /** Calls back with null once data and directory entry are flushed to disk: only then may the client hear 250. */
  commit(subject: string | null, done: (error: Error | null) => void): void;
  /** Forgets the message; may be called at any time before commit's callback, which then never comes, and twice. */
  abort(): void;
}

/** Messages that are accepted together or not at all, in the order of their envelopes. */
export interface SpoolBatch {
  /** To all of them. Keeps the chunk, which must not change afterwards. False: pause until `onDrain` is called. */
  write(chunk: Uint8Array): boolean;
  /** To one of them, likewise. */
  writeTo(index: number, chunk: Uint8Array): boolean;
  onDrain: (() => void) | null;
  /**
   * Calls back with null once all of them are on disk; after an error none is left. One with a text in `refusals` is kept as failed with
   * it as its last reply: never sent unless a person says so.
   */
  commit(subject: string | null, refusals: readonly (string | null)[], done: (error: Error | null) => void): void;
  /** As of a writer. */
  abort(): void;
}

/** What a command changes of one record; a bounce is more than that. */
export type RecordCommand = Exclude<QueueCommand, "bounce">;
/** `text`: of a return, what its sender is told. `route`: of a reroute, which must be an SMTP route of the policy. */
export type CommandDetails = { text?: string | undefined; route?: string | undefined };
export type CommandResult = { done: boolean; reason: string | null };

/** The durable queue, as sessions and people use it. `delivery-queue.ts` has the delivery's side. */
export interface Spool {
  begin(envelope: SpoolEnvelope): SpoolWriter;
  beginBatch(envelopes: readonly SpoolEnvelope[]): SpoolBatch;
  /** Why nothing more can be taken (452 4.3.1 to the client), or null. */
  full(): string | null;
  ids(): Iterable<string>;
  entry(id: string): QueueEntry | null;
  /** Resolves once the command's effect is on disk. `reason`: why it was not done, or what is to be known about it. */
  command(id: string, command: RecordCommand, details?: CommandDetails): Promise<CommandResult>;
}
