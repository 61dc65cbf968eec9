import { domainToASCII, domainToUnicode } from "node:url";
import { foldAscii } from "#core/match/ascii-fold.ts";

const hostName = /^(?=.{1,253}$)[0-9a-z_-]{1,63}(?:\.[0-9a-z_-]{1,63})*$/;
/** Would be an address, or something that a resolver takes for one. */
const numericEnd = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;

/**
 * A recipient's domain as the DNS is asked for it; null: it cannot be one. Nothing but the domain that policy has judged: what would
 * only become a name by mapping (`\uff45xample.test`, `1.2.3`, the Kelvin sign for a k) is none (UTS 46 maps, RFC 5891 §4.2.1 does not).
 */
export function dnsName(domain: string): string | null {
  const written = domain.replace(/\.$/, "");
  const folded = foldAscii(written);
  const ascii = isAscii(folded) ? folded : domainToASCII(folded);
  if (!isAscii(folded) && domainToUnicode(ascii) !== lowered(folded)) return null;
  return hostName.test(ascii) && !numericEnd.test(ascii) ? ascii : null;
}

/** Lower case, unless that makes ASCII of what was none. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  return outsideAscii(lower) === outsideAscii(text) ? lower : text;
}

function outsideAscii(text: string): number {
  return text.replace(/[^\u0080-\uffff]/g, "").length;
}

function isAscii(text: string): boolean {
  return outsideAscii(text) === 0;
}
