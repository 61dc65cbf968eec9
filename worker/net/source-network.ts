/**
 * What one client can be taken to hold: an IPv4 address, of IPv6 the /64 (RFC 4291 §2.5.4; addresses in it are the client's to choose, and
 * change by themselves, RFC 8981). `address` as `clientAddress` spells it.
 */
export function sourceNetwork(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
