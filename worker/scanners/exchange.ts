import type { ScanFailure } from "./scanner.ts";

/** Bytes to send, as they come. */
export type Outgoing = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** What follows from what a scanner said; null: more must come first. `reusable`: the connection may carry another question. */
export type ExchangeStep<T> =
  /** `rest`: what came behind, still to be read. */
  | { kind: "send"; pieces: Outgoing; rest: Uint8Array }
  | { kind: "answer"; answer: T | ScanFailure; reusable: boolean }
  /** The scanner gave up on the connection before it took the question: another one is asked. */
  | { kind: "stale" }
  | null;

/** One question to a scanner and its answer, without the socket. Made anew for each attempt; what it keeps of an answer is bounded. */
export interface Exchange<T> {
  /** What to send first. `served`: the questions that this connection has answered. */
  begin(served: number): Outgoing;
  read(chunk: Uint8Array): ExchangeStep<T>;
  /** The scanner closed the connection: its answer, where that is how it ends. */
  end(): T | ScanFailure;
}

export type ExchangeTaker<T> = (answer: T | ScanFailure) => void;
