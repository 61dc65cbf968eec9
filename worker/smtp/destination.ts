import type { Reply } from "#core/smtp/reply.ts";

/** Bytes of a body that may wait to be taken before the client's socket is paused. */
export const unsentBytesMax = 256 * 1024;

/**
 * relayed: the server said 250. spooled: flushed to our disk. quarantined, discarded: policy took it over. refused: the server's no. failed: no
 * answer, or our disk.
 */
export type Delivery = {
  result: "relayed" | "spooled" | "quarantined" | "discarded" | "refused" | "failed";
  reply: Reply;
  cause: string | null;
};

/**
 * Where a message with its recipients goes: the route's server now, or our spool. The transaction opens the body, writes it and
 * ends it; `abort` forgets everything, may be called at any time before `end` has called back, and twice.
 */
export interface Destination {
  readonly kind: "relay" | "spool";
  /** The server that was reached, `host:port`. */
  readonly upstream: string | null;
  /** Version and cipher of the connection to it; null: clear text, or none yet. */
  readonly upstreamTls: string | null;
  /** The server's last words. */
  readonly lastReply: Reply | null;
  /** Calls back with 354 when the body may follow. */
  open(done: (reply: Reply) => void): void;
  /** False: pause until `onDrain`. */
  text(slice: Uint8Array): boolean;
  /** A dot that stands on the wire only. */
  stuffedDot(slice: Uint8Array): void;
  /** Whether 8-bit content can be taken (RFC 6152). */
  readonly takesEightBit: boolean;
  end(subject: string | null, done: (delivery: Delivery) => void): void;
  abort(): void;
  onDrain: (() => void) | null;
  /** The server went away, or refused, while the body was being written. */
  onLost: ((delivery: Delivery) => void) | null;
}
