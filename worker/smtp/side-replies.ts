import { replies } from "#core/smtp/reply-codes.ts";

/** Commands without effect. RFC 5321 §3.5.3: VRFY neither confirms nor denies. */
export const sideReplies = {
  NOOP: replies.ok,
  VRFY: replies.cannotVerify,
  EXPN: replies.notImplemented,
  HELP: replies.help,
} as const;
