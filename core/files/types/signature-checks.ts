import { asBytes, indexOfBytes, latin1, standsAt, u8, u16be, u16le, u32be, u32le } from "../bytes-at.ts";

/** What a signature of few letters needs beside them, so that a text that begins with the letters is not taken for the file. */

/** The old header points to "PE\0\0" and a machine follows (PE format, §3.1, §3.3). */
export function isPortableExecutable(head: Uint8Array): boolean {
  const at = u32le(head, 60);
  if (head.length < 64) return false;
  // A pointer to what is not in the head: a header that is a program's in all else.
  if (at + 24 > head.length) return head.length >= headThatShowsPe && at < peOffsetMax && isDosExecutable(head);
  return standsAt(head, at, portable);
}
const portable = asBytes("PE\0\0");
const headThatShowsPe = 32_768;
const peOffsetMax = 0x1000_0000;

/** The fields of the DOS header fit one another, or an NE, LE or LX header follows. */
export function isDosExecutable(head: Uint8Array): boolean {
  if (head.length < 32) return false;
  const next = latin1(head, u32le(head, 60), u32le(head, 60) + 2);
  if (head.length >= 64 && ["NE", "LE", "LX", "PE"].includes(next)) return true;
  const [lastPage, pages, relocations] = [u16le(head, 2), u16le(head, 4), u16le(head, 6)];
  const [headerParagraphs, memoryMin, memoryMax] = [u16le(head, 8), u16le(head, 10), u16le(head, 12)];
  const [codeAt, relocationsAt] = [u16le(head, 22), u16le(head, 24)];
  const sizesFit = lastPage <= 512 && pages > 0 && headerParagraphs >= 2 && headerParagraphs * 16 <= pages * 512;
  const relocationsFit = relocations === 0 || (relocationsAt >= 28 && relocationsAt < headerParagraphs * 16);
  return sizesFit && relocationsFit && memoryMin <= memoryMax && codeAt < pages * 32 && hasNul(head, 32);
}

export function isElf(head: Uint8Array): boolean {
  return u8(head, 4) <= 2 && u8(head, 5) <= 2 && u8(head, 6) <= 1;
}

/** Java's class files begin alike: there a version of 45 or more stands where Mach-O counts its architectures. */
export function isFatMachO(head: Uint8Array): boolean {
  const count = u32be(head, 4);
  return count > 0 && count < 30;
}

export function isJavaClass(head: Uint8Array): boolean {
  return u16be(head, 6) >= 45 && u16be(head, 6) < 200;
}

export function isFlash(head: Uint8Array): boolean {
  return u8(head, 3) > 0 && u8(head, 3) < 60 && u32le(head, 4) >= 21 && u8(head, 7) < 32;
}

export function isCompress(head: Uint8Array): boolean {
  const bits = u8(head, 2) & 0x1f;
  return bits >= 9 && bits <= 16;
}

/** A block, or the end of an empty stream, follows the level. */
export function isBzip2(head: Uint8Array): boolean {
  const level = u8(head, 3);
  return level >= 0x31 && level <= 0x39 && (standsAt(head, 4, blockOfBzip2) || standsAt(head, 4, endOfBzip2));
}
const blockOfBzip2 = asBytes("1AY&SY");
const endOfBzip2 = asBytes("\x17\x72\x45\x38\x50\x90");

export function isArj(head: Uint8Array): boolean {
  const size = u16le(head, 2);
  return size >= 30 && size <= 2600 && u8(head, 4) >= 30 && u8(head, 4) <= size && u8(head, 10) <= 10;
}

export function isLzh(head: Uint8Array): boolean {
  return /^-(?:lh[0-9a-z]|lz[s45])-$/.test(latin1(head, 2, 7)) && head.length > 21 && u8(head, 20) <= 3;
}

export function isCpio(head: Uint8Array): boolean {
  return /^07070[1279][0-9A-Fa-f]{8}/.test(latin1(head, 0, 14));
}

/** BIFF2 to BIFF4: a sheet, a macro sheet or a workspace. */
export function isOldExcel(head: Uint8Array): boolean {
  return [0x10, 0x20, 0x40, 0x100].includes(u16le(head, 6));
}

export function isBitmap(head: Uint8Array): boolean {
  const infoBytes = u32le(head, 14);
  return u32le(head, 6) === 0 && infoBytes >= 12 && infoBytes <= 256 && u32le(head, 10) >= 26;
}

export function isRiff(head: Uint8Array): boolean {
  return standsAt(head, 0, riff);
}
const riff = asBytes("RIFF");

export function isIff(head: Uint8Array): boolean {
  return standsAt(head, 0, iff);
}
const iff = asBytes("FORM");

export function isIcon(head: Uint8Array): boolean {
  const count = u16le(head, 4);
  return count > 0 && count < 256 && u8(head, 9) === 0 && u32le(head, 18) >= 6 + 16 * count;
}

/** Layer and bit rate of a frame that exists, and a second frame's begin where its length says, or an end before. */
export function isMpegAudio(head: Uint8Array): boolean {
  const [second, third] = [u8(head, 1), u8(head, 2)];
  const isFrame = (second & 0xe0) === 0xe0 && (second & 0x06) === 0x02 && (second & 0x18) !== 0x08;
  const bitRate = third >> 4;
  return isFrame && bitRate > 0 && bitRate < 15 && (third & 0x0c) !== 0x0c;
}

export function isFont(head: Uint8Array): boolean {
  const tables = u16be(head, 4);
  return tables > 0 && tables < 100;
}

/** Bytes that no text has come soon after the letters. */
export function isBinaryHead(head: Uint8Array): boolean {
  return hasNul(head, 64);
}

function hasNul(head: Uint8Array, within: number): boolean {
  return head.subarray(0, within).includes(0);
}

/** RFC 5652 §6.1 and Authenticated-Enveloped-Data of RFC 5083: a message encrypted with S/MIME. */
export function isEnvelopedData(head: Uint8Array): boolean {
  return hasContentType(head, enveloped) || hasContentType(head, authenticatedEnveloped);
}
const enveloped = asBytes("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03");
const authenticatedEnveloped = asBytes("\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17");

/** RFC 5652 §5.1 */
export function isSignedData(head: Uint8Array): boolean {
  return hasContentType(head, signed);
}
const signed = asBytes("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02");

/** ContentInfo is a sequence that begins with the type, after two to six bytes of tag and length. */
function hasContentType(head: Uint8Array, type: Uint8Array): boolean {
  return indexOfBytes(head, type, 2, 6 + type.length) !== -1;
}
