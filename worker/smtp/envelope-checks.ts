import { asksToRelay, type Mailbox } from "#core/smtp/path.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { banFor } from "../net/auto-ban.ts";
import { recipientFacts, senderFacts } from "./envelope-facts.ts";
import type { TransactionOptions } from "./transaction-options.ts";

/** What stands against a command without any rule. `cause`: why, for the event. */
export type CheckFailure = { reply: Reply; cause: string };

/** Limits that MAIL meets before the rules are asked; null: none. */
export function checkMail(options: TransactionOptions): CheckFailure | null {
  const { definition, parameters, route, admission, offered } = options;
  const { limits } = definition;
  if (!admission.services.rates.messages.take(options.client.address, limits.messagesPerSourcePerMinuteMax)) {
    return tooFast(options, "messagesPerSourcePerMinuteMax", limits.messagesPerSourcePerMinuteMax);
  }
  const bytesMax = Math.min(limits.messageBytesMax, offered.size ?? Number.POSITIVE_INFINITY);
  // RFC 1870 §6.1
  if (parameters.size !== null && parameters.size > bytesMax)
    return { reply: replies.tooLarge, cause: "messageBytesMax" };
  const full = route.delivery === "spool" ? admission.services.spool.full() : null;
  return full === null ? null : { reply: replies.spoolFull, cause: full };
}

/** The same for RCPT; `outgoing`: how many addresses the message goes to so far. */
export function checkRecipient(options: TransactionOptions, recipient: Mailbox, outgoing: number): CheckFailure | null {
  const { definition, admission, client } = options;
  const { recipientsMax, recipientsPerSourcePerMinuteMax } = definition.limits;
  if (!admission.services.rates.recipients.take(client.address, recipientsPerSourcePerMinuteMax)) {
    return tooFast(options, "recipientsPerSourcePerMinuteMax", recipientsPerSourcePerMinuteMax);
  }
  if (asksToRelay(recipient)) return { reply: replies.relayDenied, cause: "relay" };
  // RFC 5321 §4.5.3.1.10
  return outgoing >= recipientsMax ? { reply: replies.tooManyRecipients, cause: "recipientsMax" } : null;
}

/**
 * Whether the client had to speak TLS first (RFC 3207 §4). `sender` as it goes out, `recipient` as it was received; without one,
 * what is so for this sender whoever the recipient is.
 */
export function checkClientTls(
  { client, governing }: TransactionOptions,
  sender: Mailbox | null,
  recipient: Mailbox | null,
): CheckFailure | null {
  const { envelope } = governing.policy.action;
  if (client.tls !== null || envelope === null) return null;
  const { senderDomain } = senderFacts(sender);
  const rule =
    recipient === null
      ? envelope.tlsRuleOfSender(senderDomain)
      : envelope.tlsRuleOf(senderDomain, recipientFacts([recipient]).recipientDomain);
  return rule?.client === "required" ? { reply: replies.needsTls, cause: `tlsRules: ${rule.name}` } : null;
}

function tooFast({ admission, client, definition }: TransactionOptions, limit: string, most: number): CheckFailure {
  const words = `${limit}: more than ${most} in a minute`;
  const cause = banFor("rate", words, client.address, definition.settings, admission.services.bans);
  return { reply: replies.tooFast, cause };
}
