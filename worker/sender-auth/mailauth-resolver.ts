import { DnsFailure } from "./dns-failure.ts";
import type { SenderLookups } from "./sender-dns.ts";

/** What may be asked for: RFC 1035 §2.3.4 sizes, printable, and no `\`, which the resolver would take for an escape of another name. */
const askable = /^(?=.{1,253}$)[\x20-\x2d\x2f-\x5b\x5d-\x7e]{1,63}(?:\.[\x20-\x2d\x2f-\x5b\x5d-\x7e]{1,63})*$/;

/** The lookups as mailauth asks for them: empty answers are errors, as in node:dns. */
export function mailauthResolver(lookups: SenderLookups): MailauthResolver {
  return async (written, type) => {
    const name = written.replace(/\.$/, "");
    if (!askable.test(name)) throw new DnsFailure("EBADNAME", JSON.stringify(name));
    const records = await ask(lookups, name, type);
    if (records === null) throw new DnsFailure("ENOTFOUND", name);
    if (records.length === 0) throw new DnsFailure("ENODATA", name);
    return records;
  };
}

async function ask(lookups: SenderLookups, name: string, type: string): Promise<readonly unknown[] | null> {
  switch (type) {
    case "A":
    case "AAAA": {
      const addresses = await lookups.addresses(name, type === "A" ? 4 : 6);
      return addresses?.map(({ address }) => address) ?? null;
    }
    case "MX": {
      const exchanges = await lookups.exchanges(name);
      return exchanges?.map(({ exchange, preference }) => ({ exchange, priority: preference })) ?? null;
    }
    case "TXT":
      return lookups.texts(name);
    case "PTR":
      return lookups.pointers(name);
    case "CNAME":
      return lookups.aliases(name);
    default:
      throw new DnsFailure("ENOTIMP", name);
  }
}
