/** The client's side of one SASL exchange (RFC 4422), without I/O. */
export interface SaslExchange {
  readonly mechanism: string;
  /** What is sent at once; null: the server begins. */
  readonly initial: Uint8Array | null;
  /** What the server gave as the reason of a refusal, cleaned; null: nothing. */
  readonly hint: string | null;
  /** Answers a challenge; a null response ends the exchange for the reason given. Calls back once. */
  respond(challenge: Uint8Array, done: (failure: string | null, response: Uint8Array | null) => void): void;
  /** After the server's yes: why it is not to be believed, or null. */
  unproven(): string | null;
}
