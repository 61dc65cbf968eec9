import { isIPv4, isIPv6 } from "node:net";
import { canonicalAddress } from "./client-address.ts";

/** Version 1 with its CRLF (haproxy's proxy-protocol.txt §2.1). Bytes. */
export const textHeaderBytesMax = 107;
/** What version 2 may carry behind the addresses (§2.2); it is skipped. Bytes. */
export const extensionBytesMax = 4_096;

const textStart = Buffer.from("PROXY ", "latin1");
const binaryStart = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const binaryHeadBytes = 16;

/** `source` null: the peer speaks for itself. `length`: the header's bytes; what follows them is the client's. */
export type ProxyHeader = { source: { address: string; port: number } | null; length: number };
export type ProxyHeaderFault = { fault: string };

/** Reads a PROXY protocol header, version 1 or 2, from the first bytes of a connection; null: more of them are needed. */
export function readProxyHeader(bytes: Buffer): ProxyHeader | ProxyHeaderFault | null {
  if (beginsLike(bytes, textStart)) return bytes.length < textStart.length ? null : readText(bytes);
  if (beginsLike(bytes, binaryStart)) return bytes.length < binaryHeadBytes ? null : readBinary(bytes);
  return { fault: "it begins with something else" };
}

/** Whether `bytes` are `start`, as far as they go. */
function beginsLike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length);
  return bytes.compare(start, 0, length, 0, length) === 0;
}

const textLine = /^PROXY (TCP4|TCP6) ([\da-fA-F.:]+) ([\da-fA-F.:]+) (\d{1,5}) (\d{1,5})$/;

function readText(bytes: Buffer): ProxyHeader | ProxyHeaderFault | null {
  const end = bytes.subarray(0, textHeaderBytesMax).indexOf("\r\n");
  if (end === -1) return bytes.length < textHeaderBytesMax ? null : { fault: "its line is too long" };
  const line = bytes.toString("latin1", 0, end);
  const length = end + 2;
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { source: null, length };
  const [, family, from = "", to = "", port = "", toPort = ""] = textLine.exec(line) ?? [];
  const isAddress = family === "TCP4" ? isIPv4 : isIPv6;
  if (!isAddress(from) || !isAddress(to) || !isPort(port) || !isPort(toPort)) return { fault: "its line is malformed" };
  return told(from, Number(port), length);
}

/** 0 to 65535 without leading zeros. */
function isPort(text: string): boolean {
  return String(Number(text)) === text && Number(text) <= 65_535;
}

const commands = { local: 0x20, proxy: 0x21 };
const families = { unspecified: 0x00, tcp4: 0x11, tcp6: 0x21 };

function readBinary(bytes: Buffer): ProxyHeader | ProxyHeaderFault | null {
  const [command, family] = [bytes.readUInt8(12), bytes.readUInt8(13)];
  const wide = family === families.tcp6;
  const addressBytes = wide ? 16 : 4;
  const behind = bytes.readUInt16BE(14);
  const length = binaryHeadBytes + behind;
  if (behind > 2 * 16 + 2 * 2 + extensionBytesMax) return { fault: "it is too long" };
  if (command !== commands.local && command !== commands.proxy) return { fault: "its version or command is unknown" };
  const forItself = command === commands.local || family === families.unspecified;
  if (!forItself && !wide && family !== families.tcp4) return { fault: "it tells of something else than TCP" };
  if (!forItself && behind < 2 * addressBytes + 2 * 2) return { fault: "its addresses are cut short" };
  if (bytes.length < length) return null;
  if (forItself) return { source: null, length };
  const address = bytes.subarray(binaryHeadBytes, binaryHeadBytes + addressBytes);
  const port = bytes.readUInt16BE(binaryHeadBytes + 2 * addressBytes);
  return told(wide ? groups(address) : address.join("."), port, length);
}

function groups(address: Buffer): string {
  return Array.from({ length: 8 }, (_, i) => address.readUInt16BE(2 * i).toString(16)).join(":");
}

function told(text: string, port: number, length: number): ProxyHeader | ProxyHeaderFault {
  const address = canonicalAddress(text);
  return address === null ? { fault: "its address is malformed" } : { source: { address, port }, length };
}
