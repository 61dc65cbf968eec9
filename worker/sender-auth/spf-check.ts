import { spf } from "mailauth/lib/spf/index.js";
import { mailauthResolver } from "./mailauth-resolver.ts";
import type { SenderLookups } from "./sender-dns.ts";

/** A longer SPF record is a permerror. RFC 7208 §3.4 wants records within 450 characters; the longest in use have a few thousand. */
export const spfRecordCharactersMax = 8_192;
/** What is kept of the text that a domain gives as its explanation (RFC 7208 §6.2). */
export const explanationCharactersMax = 250;

const spfResults = ["none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"] as const;
export type SpfResult = (typeof spfResults)[number];
/** `domain`: whose policy was asked for, of MAIL FROM or, for the null path, of HELO; "" where there is none. */
export type SpfFinding = { result: SpfResult; domain: string };
/** `explanation`: words of that domain, which we tell nobody. */
type SpfAnswer = SpfFinding & { explanation?: string };

/** Who sends, as the session tells it. `mailFrom`: "" is the null path. `receiver`: our host's name, for the macro `r`. */
export type SpfIdentity = { clientAddress: string; helo: string; mailFrom: string; receiver: string };

/** Whether the domain lets this client send for it (RFC 7208). Never rejects. */
export async function checkSpf(
  lookups: SenderLookups,
  { clientAddress, helo, mailFrom, receiver }: SpfIdentity,
): Promise<SpfAnswer> {
  const resolver = withShortRecords(mailauthResolver(lookups));
  const question = { sender: mailFrom, ip: clientAddress, helo, mta: receiver, resolver, strict: true } as const;
  const { domain, status, explanation } = await spf(question);
  const result = spfResults.find((one) => one === status.result) ?? "permerror";
  const finding = { result, domain: domain === "-" ? "" : domain };
  return explanation === undefined ? finding : { ...finding, explanation: shown(explanation) };
}

/** Evaluated in time that grows with its square, so a record is short or it is none that counts. */
class LongRecord extends Error {
  readonly spfResult = { error: "permerror", text: `the record is longer than ${spfRecordCharactersMax} characters` };
}

function withShortRecords(resolver: MailauthResolver): MailauthResolver {
  return async (name, type) => {
    const records = await resolver(name, type);
    if (type === "TXT" && records.some(isLongRecord)) throw new LongRecord();
    return records;
  };
}

function isLongRecord(record: unknown): boolean {
  return typeof record === "string" && record.length > spfRecordCharactersMax && /^v=spf1(?: |$)/i.test(record);
}

function shown(explanation: string): string {
  return explanation.replace(/[^\x20-\x7e]+/g, " ").slice(0, explanationCharactersMax);
}
