import { z } from "zod";

const part = String.raw`(?:\d{1,3}|\[\d{1,3}(?:(?:\.\.|;)\d{1,3})*\])`;
const form = new RegExp(
  String.raw`^([0-9A-Za-z](?:[0-9A-Za-z._-]*[0-9A-Za-z])?)(?:=(127(?:\.${part}){3}))?(?:\*(-?\d{1,3}))?$`,
);

/**
 * A DNS list of addresses (RFC 5782), as Postfix's postscreen writes it: `zen.example.org=127.0.0.[2..4;10]*3`: the zone, the answers that
 * count (absent: each), the weight (absent: 1; negative: a list of welcome clients).
 */
export const dnsblSchema = z.string().max(300).regex(form, "write a zone like zen.example.org=127.0.0.[2..4]*2");

/** Each set of the numbers that one octet of an answer may have. */
export type Dnsbl = { zone: string; weight: number; octets: readonly ReadonlySet<number>[] | null };

/** The parts of a list that `dnsblSchema` took. */
export function readDnsbl(text: string): Dnsbl {
  const [, zone = "", answers, weight = "1"] = form.exec(text) ?? [];
  return { zone, weight: Number(weight), octets: answers === undefined ? null : octetSets(answers) };
}

function octetSets(answers: string): ReadonlySet<number>[] {
  return (answers.match(/\[[^\]]*\]|\d+/g) ?? []).map((octet) => {
    const ranges = octet.replace(/[[\]]/g, "").split(";");
    return new Set(
      ranges.flatMap((range) => {
        const [from = 0, to = from] = range.split("..").map(Number);
        return Array.from({ length: Math.max(0, Math.min(to, 255) - from + 1) }, (_, n) => from + n);
      }),
    );
  });
}
