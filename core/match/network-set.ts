import ipaddr from "ipaddr.js";

const v4Mapped = 0xffff_0000_0000n;

/** A set of networks; membership costs one look-up per prefix length in use, however many networks there are. */
export class NetworkSet {
  readonly #byLength = new Map<number, Set<bigint>>();

  /** Throws RangeError when a network cannot be read; `readNetwork` tells beforehand. */
  constructor(networks: Iterable<string>) {
    for (const text of networks) {
      const network = readNetwork(text);
      if (network === null) throw new RangeError(`not a network: ${text}`);
      const prefixes = this.#byLength.get(network.length) ?? new Set<bigint>();
      prefixes.add(network.prefix);
      this.#byLength.set(network.length, prefixes);
    }
  }

  /** Whether the address (IPv4, IPv6 or v4-mapped text) is in one of the networks; false for what is no address. */
  has(address: string): boolean {
    const value = readAddress(address);
    if (value === null) return false;
    for (const [length, prefixes] of this.#byLength) {
      if (prefixes.has(value >> BigInt(128 - length))) return true;
    }
    return false;
  }
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or a single address; null when it is neither. */
export function readNetwork(text: string): { prefix: bigint; length: number } | null {
  const [addressText = "", lengthText, extra] = text.split("/");
  const address = readAddress(addressText);
  if (address === null || extra !== undefined) return null;
  const bits = addressText.includes(":") ? 128 : 32;
  if (lengthText !== undefined && !/^\d{1,3}$/.test(lengthText)) return null;
  const given = lengthText === undefined ? bits : Number(lengthText);
  if (given > bits) return null;
  const length = given + 128 - bits;
  return { prefix: address >> BigInt(128 - length), length };
}

const knownMax = 4_096;
const addressTextMax = 64;
const knownAddresses = new Map<string, bigint | null>();

/** The same few addresses are asked for by rule after rule: what was read last is kept. */
function readAddress(text: string): bigint | null {
  const known = knownAddresses.get(text);
  if (known !== undefined) return known;
  const value = parseAddress(text);
  if (text.length > addressTextMax) return value;
  if (knownAddresses.size >= knownMax) knownAddresses.clear();
  knownAddresses.set(text, value);
  return value;
}

/** An address as 128 bits, IPv4 as v4-mapped, so that `::ffff:192.0.2.1` and `192.0.2.1` are one. */
function parseAddress(text: string): bigint | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return v4Mapped | toNumber(ipaddr.IPv4.parse(text).toByteArray());
  if (text.includes(":") && ipaddr.IPv6.isValid(text)) return toNumber(ipaddr.IPv6.parse(text).toByteArray());
  return null;
}

function toNumber(bytes: number[]): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
