import { readDnsbl } from "#core/contract/dnsbl.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import { senderQuestions } from "../scan/sender-facts.ts";
import { SenderCheck, type SenderQuestion } from "../sender-auth/sender-check.ts";
import type { SpfIdentity } from "../sender-auth/spf-check.ts";
import type { TransactionOptions } from "./transaction-options.ts";

/** What rules and settings ask about the sender of a message, and who it is. */
export type AskedSender = { asks: ReadonlySet<SenderQuestion>; sender: SpfIdentity };

/** null: nobody asks. */
export function smtpSenderQuestion(
  { governing, client, definition }: TransactionOptions,
  sender: Mailbox | null,
): AskedSender | null {
  const { needs } = governing.policy.action;
  if (!needs.senderAuth) return null;
  const { senderAuth, hostName } = definition.settings;
  return {
    asks: senderQuestions(needs, senderAuth),
    sender: {
      clientAddress: client.address,
      helo: client.helo,
      mailFrom: sender?.address ?? "",
      receiver: hostName,
    },
  };
}

export function smtpSenderCheck(
  { admission, client, definition }: TransactionOptions,
  { asks, sender }: AskedSender,
): SenderCheck {
  const { ownDomains, dnsbls, timeLimitMs } = definition.settings.senderAuth;
  const { content, now } = admission.services;
  const isTrusted = client.auth !== null || definition.direction === "outgoing";
  return new SenderCheck(
    {
      asks,
      sender,
      isTrusted,
      ownDomains,
      dnsbls: dnsbls.map(readDnsbl),
      dnsblFaults: content.dnsblFaults,
      timeLimitMs,
    },
    { dns: content.senderDns, now },
  );
}
