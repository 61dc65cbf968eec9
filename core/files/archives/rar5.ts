import { u8 } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { nameReadings } from "./entry-names.ts";
import { addRest } from "./rar4.ts";

const headerType = { file: 2, encryption: 4, end: 5 } as const;
const headerFlag = { extra: 1, data: 2, before: 8, after: 16 };
const fileFlag = { folder: 1, time: 2, sum: 4, unknownSize: 8 };
const encryptionRecord = 1;

/** Numbers of seven bits a byte, lowest first, read one after the other. */
class Numbers {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let index = 0; index < 10; index++) {
      const byte = u8(this.#bytes, this.at++);
      value += (byte & 0x7f) * 128 ** index;
      if ((byte & 0x80) === 0) break;
    }
    return value;
  }
}

/** Rar 5 and later: headers with their sizes, one after the other (technote "RAR 5.0 archive format"). */
export function readRar5(bytes: Uint8Array, findings: Findings, depth: number): void {
  for (let at = 8; at + 7 <= bytes.length; ) {
    const numbers = new Numbers(bytes, at + 4);
    const headBytes = numbers.next();
    const end = numbers.at + headBytes;
    const [type, flags] = [numbers.next(), numbers.next()];
    const extraBytes = (flags & headerFlag.extra) === 0 ? 0 : numbers.next();
    const dataBytes = (flags & headerFlag.data) === 0 ? 0 : numbers.next();
    if (headBytes === 0 || extraBytes > headBytes) return findings.mark("archive-damaged");
    if (end + dataBytes > bytes.length) findings.mark("archive-damaged");
    if (type === headerType.encryption) return findings.mark("encrypted");
    if (type === headerType.end) return addRest(bytes, end + dataBytes, findings, depth);
    if (type === headerType.file) {
      const isWhole = (flags & (headerFlag.before | headerFlag.after)) === 0;
      const head = { bytes: bytes.subarray(0, end), fieldsAt: numbers.at, extraAt: end - extraBytes, isWhole };
      addFile(head, bytes.subarray(end, end + dataBytes), findings, depth);
    }
    at = end + dataBytes;
  }
}

/** The bytes up to the header's end, where its fields begin, where what was added to it does. */
type FileHead = { bytes: Uint8Array; fieldsAt: number; extraAt: number; isWhole: boolean };

function addFile(head: FileHead, content: Uint8Array, findings: Findings, depth: number): void {
  const numbers = new Numbers(head.bytes, head.fieldsAt);
  const flags = numbers.next();
  const unpackedBytes = numbers.next();
  numbers.next();
  if ((flags & fileFlag.time) !== 0) numbers.at += 4;
  if ((flags & fileFlag.sum) !== 0) numbers.at += 4;
  const method = (numbers.next() >> 7) & 7;
  numbers.next();
  const nameBytes = numbers.next();
  const isFolder = (flags & fileFlag.folder) !== 0;
  const encrypted = hasRecord(head, encryptionRecord);
  const isReadable = method === 0 && head.isWhole && !encrypted && !isFolder;
  const bytes = (flags & fileFlag.unknownSize) === 0 ? unpackedBytes : null;
  findings.addEntry(
    {
      names: nameReadings(head.bytes.subarray(numbers.at, numbers.at + nameBytes)),
      bytes: isFolder ? 0 : bytes,
      packedBytes: content.length,
      encrypted,
      content: isReadable ? content : null,
    },
    depth,
  );
}

function hasRecord({ bytes, extraAt }: FileHead, wanted: number): boolean {
  for (const numbers = new Numbers(bytes, extraAt); numbers.at < bytes.length; ) {
    const size = numbers.next();
    const next = numbers.at + size;
    if (numbers.next() === wanted) return true;
    if (size === 0) return false;
    numbers.at = next;
  }
  return false;
}
