import { isIP, isIPv4, isIPv6, SocketAddress } from "node:net";

const mapped = "::ffff:";

/** The one spelling of a client's address as its socket tells it: IPv4 for an IPv4-mapped one (RFC 4291 §2.5.5.2), no zone, lower case. */
export function clientAddress(remote: string | undefined): string {
  if (remote === undefined) return "";
  const [address = ""] = remote.toLowerCase().split("%");
  const inner = address.startsWith(mapped) ? address.slice(mapped.length) : address;
  return isIPv4(inner) ? inner : address;
}

/** The spelling of `clientAddress` for an address that somebody wrote (`2001:DB8:0::1`); null: it is none. */
export function canonicalAddress(text: string): string | null {
  const family = isIP(text);
  if (family === 0) return null;
  return clientAddress(family === 4 ? text : new SocketAddress({ address: text, family: "ipv6" }).address);
}

/** `address:port`, with brackets around an IPv6 address. */
export function endpoint(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
