import type { QueueCommand, QueueEntry } from "#core/contract/queue.ts";

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

export type CommandResult = { done: boolean; reason: string | null };

/** The durable queue, as sessions and people use it. `delivery-queue.ts` has the delivery's side. */
export interface Spool {
  begin(envelope: SpoolEnvelope): SpoolWriter;
  /** Why nothing more can be taken (452 4.3.1 to the client), or null. */
  full(): string | null;
  ids(): Iterable<string>;
  entry(id: string): QueueEntry | null;
  /** Resolves once the command's effect is on disk. `reason`: why it was not done, or what is to be known about it. */
  command(id: string, command: QueueCommand): Promise<CommandResult>;
}
