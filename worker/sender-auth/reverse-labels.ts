import ipaddr from "ipaddr.js";

/** An address as a name below which the DNS tells of it (RFC 1035 §3.5, RFC 3596 §2.5, RFC 5782 §2.1 and §2.4): its octets, or nibbles, backwards. */
export function reverseLabels(address: string): string {
  const parsed = ipaddr.parse(address);
  const bytes = parsed.toByteArray();
  const labels =
    parsed.kind() === "ipv4"
      ? bytes.map(String)
      : bytes.flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]);
  return labels.toReversed().join(".");
}
