import {
  type SenderAuth,
  SenderCheck,
  type SenderCheckOptions,
  type SenderQuestion,
} from "#worker/sender-auth/sender-check.ts";
import { SenderDns } from "#worker/sender-auth/sender-dns.ts";
import { SignatureCheck, type SignatureFindings } from "#worker/sender-auth/signature-check.ts";
import type { SpfIdentity } from "#worker/sender-auth/spf-check.ts";
import type { SenderRecords } from "#worker/upstream/mail-dns.ts";
import { keyZone, signingKey } from "./signed-messages.ts";
import { type ZoneData, zoneRecords } from "./zone-records.ts";

type Options = { now?: number; cut?: number };

/** What the signatures of a message come to, with this DNS; the message comes in pieces of `cut` bytes. */
export function checkSignatures(message: string | Uint8Array, zone: ZoneData, options: Options = {}) {
  return checkSignaturesWith(zoneRecords(zone), message, options);
}

export function checkSignaturesWith(
  records: SenderRecords,
  message: string | Uint8Array,
  { now = Date.now(), cut = 65_536 }: Options = {},
): Promise<SignatureFindings> {
  const lookups = new SenderDns(records, () => now);
  const check = new SignatureCheck({ lookups, now });
  const bytes = typeof message === "string" ? Buffer.from(message, "latin1") : message;
  for (let at = 0; at < bytes.length; at += cut) check.write(bytes.subarray(at, at + cut));
  return check.end();
}

/** a.test has a mail server at 192.0.2.1 that has a name, and a policy that rejects. */
export const honestZone: ZoneData = {
  "a.test": [{ TXT: "v=spf1 a:mail.a.test -all" }],
  "mail.a.test": [{ A: "192.0.2.1" }],
  "1.2.0.192.in-addr.arpa": [{ PTR: "mail.a.test" }],
  "_dmarc.a.test": [{ TXT: "v=DMARC1; p=reject; sp=quarantine" }],
  ...keyZone(signingKey()),
};
type CheckGiven = { zone?: ZoneData; message?: string; from?: readonly string[] } & Partial<
  Omit<SenderCheckOptions, "sender">
> & { sender?: Partial<SpfIdentity> | null };

export const everyQuestion: ReadonlySet<SenderQuestion> = new Set<SenderQuestion>([
  ...(["spf", "dkim", "dmarc", "arc", "reverseName", "helo", "dnsbl", "spoofed"] as const),
]);

/** The options of a check, of everything, of a client 192.0.2.1 that sends for ann@a.test. */
export function checkOptions({ sender = {}, ...given }: CheckGiven = {}): SenderCheckOptions {
  const identity = { clientAddress: "192.0.2.1", helo: "mail.a.test", mailFrom: "ann@a.test", receiver: "gate.test" };
  return {
    asks: given.asks ?? everyQuestion,
    sender: sender === null ? null : { ...identity, ...sender },
    isTrusted: given.isTrusted ?? false,
    ownDomains: given.ownDomains ?? [],
    dnsbls: given.dnsbls ?? [],
    dnsblFaults: given.dnsblFaults ?? { asked: () => undefined },
    timeLimitMs: given.timeLimitMs ?? 10_000,
  };
}

/** A whole check of one message. */
export function checkSender(given: CheckGiven & { message: string }): Promise<SenderAuth> {
  const dns = new SenderDns(zoneRecords(given.zone ?? {}), Date.now);
  const check = new SenderCheck(checkOptions(given), { dns, now: Date.now });
  check.write(Buffer.from(given.message, "latin1"));
  return new Promise((resolve) => check.end(given.from ?? [], resolve));
}
