import { readNetwork } from "#core/match/network-set.ts";

/** RFC 5322 atext without `%` and `!`, which ask the next server to relay, and RFC 6531 §3.3: what is outside ASCII. */
const dotString =
  /^[-0-9A-Za-z#$&'*+/=?^_`{|}~\u0080-\u{10ffff}]+(?:\.[-0-9A-Za-z#$&'*+/=?^_`{|}~\u0080-\u{10ffff}]+)*$/u;
const label = /^[0-9A-Za-z\p{L}\p{N}](?:[-0-9A-Za-z\p{L}\p{M}\p{N}]*[0-9A-Za-z\p{L}\p{M}\p{N}])?$/u;
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Z}]/u;

/**
 * Whether mail can be sent to an address that stands in a policy (RFC 5321 §4.1.2, §4.5.3.1). Narrower than what clients may say in
 * RCPT: no quotes, no source route, nothing that asks the next server to relay; so a rule never makes what the session then refuses.
 */
export function isSendableAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || octets(text) > 254) return false;
  const local = text.slice(0, at);
  return octets(local) <= 64 && dotString.test(local) && !invisible.test(local) && isSendableDomain(text.slice(at + 1));
}

/** A DNS name, or an IPv4 address literal as `[192.0.2.1]`. */
export function isSendableDomain(text: string): boolean {
  if (/^\[[\d.]+\]$/.test(text)) return readNetwork(text.slice(1, -1)) !== null;
  if (text.normalize("NFKC") !== text || octets(text) > 253) return false;
  return text.split(".").every((part) => octets(part) <= 63 && label.test(part));
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length;
}
