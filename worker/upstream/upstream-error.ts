import type { Reply } from "#core/smtp/reply.ts";

/**
 * unreachable: no connection, or every place is taken. refused-4xx, refused-5xx: the greeting or EHLO was refused. timeout: silence.
 * tls: the TLS that the route asks for cannot be had. protocol: what it said is not SMTP. lost: it closed after it was ready.
 */
export type UpstreamErrorKind = "unreachable" | "refused-4xx" | "refused-5xx" | "timeout" | "tls" | "protocol" | "lost";

/** Why an upstream could not be used. `target` is `host:port`; the message is for our records, not for the client. */
export class UpstreamError extends Error {
  readonly kind: UpstreamErrorKind;
  readonly target: string;
  /** What the upstream said, when that is the reason. */
  readonly answer: Reply | null;
  /** The same on one line. */
  readonly reply: string | null;

  constructor(kind: UpstreamErrorKind, target: string, message: string, answer: Reply | null, reply: string | null) {
    super(message);
    this.name = "UpstreamError";
    this.kind = kind;
    this.target = target;
    this.answer = answer;
    this.reply = reply;
  }
}
