import { domainToASCII, domainToUnicode } from "node:url";
import type { Facts } from "#core/contract/facts.ts";
import type { RecipientFacts } from "#core/policy/compile-envelope.ts";
import type { Mailbox } from "#core/smtp/path.ts";

/** The spellings of a domain that name the same place: as written, and in its other form where it is international. */
export function domainReadings(domain: string): string[] {
  if (/^[0-9A-Za-z_.-]*$/.test(domain) && !/xn--/i.test(domain)) return [domain];
  return [...new Set([domain, domainToASCII(domain), domainToUnicode(domain)])].filter((reading) => reading !== "");
}

/** The version out of `TLSv1.3 cipher`; empty: clear text. */
export function tlsFact({ tls }: { tls: string | null }): readonly string[] {
  return [tls?.split(" ", 1)[0] ?? ""];
}

/** Null: the null path, whose address and domain are empty. */
export function senderFacts(sender: Mailbox | null): Required<Pick<Facts, "sender" | "senderDomain">> {
  return { sender: [sender?.address ?? ""], senderDomain: domainReadings(sender?.domain ?? "") };
}

export function recipientFacts(recipients: readonly Mailbox[]): RecipientFacts {
  const [only, ...others] = recipients;
  if (only !== undefined && others.length === 0) {
    return { recipient: [only.address], recipientDomain: domainReadings(only.domain) };
  }
  return {
    recipient: recipients.map(({ address }) => address),
    recipientDomain: [...new Set(recipients.flatMap(({ domain }) => domainReadings(domain)))],
  };
}
