import { joined, u8, u16le } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { inflateRaw } from "../unpack/inflate.ts";
import type { Unpacked } from "../unpack/unpacked.ts";
import { nameReadings } from "./entry-names.ts";

/** Of the members' names so many are kept. */
const namesMax = 64;
/** Members that are read; with more the gzip counts as damaged. */
export const membersMax = 2_000;
const trailerBytes = 8;

/** Gzip (RFC 1952): one content in one or more members, each of which may have a name. */
export function readGzip(bytes: Uint8Array, findings: Findings, depth: number): null {
  const names = new Set<string>();
  const content = findings.unpack((bytesMax) => unpackMembers(bytes, bytesMax, names));
  const { length } = content;
  findings.addEntry({ names: [...names], bytes: length, packedBytes: bytes.length, encrypted: false, content }, depth);
  return null;
}

/** RFC 1952 §2.2: the contents of the members, one after the other. What follows that is no member is not looked at, as unpackers do. */
function unpackMembers(bytes: Uint8Array, bytesMax: number, names: Set<string>): Unpacked {
  const contents: Uint8Array[] = [];
  let [at, length] = [0, 0];
  let end: Unpacked["end"] = "complete";
  while (end === "complete" && at < bytes.length) {
    const member = readMember(bytes, at);
    if (member === null) break;
    if (contents.length === membersMax) {
      end = "damaged";
      break;
    }
    const {
      bytes: content,
      end: memberEnd,
      packedBytes,
    } = inflateRaw(bytes.subarray(member.contentAt), bytesMax - length);
    if (names.size < namesMax) for (const name of member.names) names.add(name);
    contents.push(content);
    length += content.length;
    end = memberEnd;
    at = member.contentAt + packedBytes + trailerBytes;
  }
  if (end === "complete" && (at > bytes.length || contents.length === 0)) end = "damaged";
  return { bytes: joined(contents), end, packedBytes: Math.min(at, bytes.length) };
}

function readMember(bytes: Uint8Array, at: number): { contentAt: number; names: string[] } | null {
  if (u16le(bytes, at) !== 0x8b1f || u8(bytes, at + 2) !== 8) return null;
  const flags = u8(bytes, at + 3);
  let contentAt = at + 10;
  if ((flags & 4) !== 0) contentAt += 2 + u16le(bytes, contentAt);
  const nameAt = contentAt;
  if ((flags & 8) !== 0) contentAt = afterNul(bytes, contentAt);
  const nameEnd = contentAt - 1;
  if ((flags & 16) !== 0) contentAt = afterNul(bytes, contentAt);
  if ((flags & 2) !== 0) contentAt += 2;
  return { contentAt, names: (flags & 8) === 0 ? [] : nameReadings(bytes.subarray(nameAt, nameEnd)) };
}

function afterNul(bytes: Uint8Array, from: number): number {
  const nul = bytes.indexOf(0, from);
  return nul === -1 ? bytes.length : nul + 1;
}
