import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";

/**
 * unreachable: no connection, or every place is taken. refused-4xx, refused-5xx: the greeting or EHLO was refused. timeout: silence.
 * tls: the TLS that the route asks for cannot be had. auth: we cannot log in. protocol: what it said is not SMTP. lost: it closed after it was ready.
 * no-mail: the server or the domain takes no mail at all. dns: its servers cannot be looked up now.
 */
export type UpstreamErrorKind =
  | "unreachable"
  | "refused-4xx"
  | "refused-5xx"
  | "timeout"
  | "tls"
  | "auth"
  | "protocol"
  | "lost"
  | "no-mail"
  | "dns";

const publicReplies: Partial<Record<UpstreamErrorKind, Reply>> = {
  tls: replies.upstreamNotSecure,
  "refused-5xx": replies.upstreamRefuses,
  "no-mail": replies.domainTakesNoMail,
  dns: replies.domainLookupFailed,
};

/** Why an upstream could not be used. `target` is `host:port`; the message is for our records, not for the client. */
export class UpstreamError extends Error {
  readonly kind: UpstreamErrorKind;
  readonly target: string;
  /** What the upstream said, when that is the reason. */
  readonly answer: Reply | null;
  /** What a client may hear about it. */
  readonly publicReply: Reply;

  constructor(
    kind: UpstreamErrorKind,
    target: string,
    message: string,
    answer: Reply | null = null,
    publicReply: Reply = publicReplies[kind] ?? replies.upstreamUnreachable,
  ) {
    super(message);
    this.name = "UpstreamError";
    this.kind = kind;
    this.target = target;
    this.answer = answer;
    this.publicReply = publicReply;
  }

  /** Trying again is of no use. */
  get isPermanent(): boolean {
    return this.kind === "refused-5xx" || this.kind === "no-mail";
  }
}
