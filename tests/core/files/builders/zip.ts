import { crc32, deflateRawSync } from "node:zlib";
import { bytesOf, joined, le16, le32, le64 } from "./bytes.ts";

/** One entry; what is not said is as a usual program writes it. */
export type ZipItem = {
  name: string;
  /** One character a byte. */
  content?: string | Uint8Array;
  store?: boolean;
  flags?: number;
  method?: number;
  /** Extra field of the central header. */
  extra?: Uint8Array;
  /** What the local header says instead. */
  local?: { name?: string; flags?: number; method?: number; bytes?: number };
  /** What both directories say instead of the truth. */
  declaredBytes?: number;
  zip64?: boolean;
  descriptor?: boolean;
  /** Stands in the file and in no central directory. */
  unlisted?: boolean;
};

const unknown32 = 0xffff_ffff;

export function zip(
  items: readonly ZipItem[],
  options: { comment?: string; zip64?: boolean; prefix?: string } = {},
): Uint8Array {
  const pieces: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const item of items) {
    const local = localPart(item);
    if (item.unlisted !== true) central.push(centralHeader(item, offset));
    pieces.push(local);
    offset += local.length;
  }
  const directory = joined(...central);
  return joined(options.prefix ?? "", ...pieces, directory, endOf(central.length, directory.length, offset, options));
}

function packedOf({ content = "", store = false }: ZipItem): Uint8Array {
  const bytes = joined(content);
  return store ? bytes : Uint8Array.from(deflateRawSync(bytes));
}

function fieldsOf(item: ZipItem): { flags: number; method: number; crc: number; packed: Uint8Array; bytes: number } {
  const content = joined(item.content ?? "");
  return {
    flags: (item.flags ?? 0) | (item.descriptor === true ? 8 : 0),
    method: item.method ?? (item.store === true ? 0 : 8),
    crc: crc32(content),
    packed: packedOf(item),
    bytes: item.declaredBytes ?? content.length,
  };
}

function localPart(item: ZipItem): Uint8Array {
  const { flags, method, crc, packed, bytes } = fieldsOf(item);
  const name = bytesOf(item.local?.name ?? item.name);
  const follow = item.descriptor === true;
  const sizes = follow ? le32(0, 0, 0) : le32(crc, packed.length, item.local?.bytes ?? bytes);
  return joined(
    "PK\x03\x04",
    le16(20, item.local?.flags ?? flags, item.local?.method ?? method, 0, 0),
    sizes,
    le16(name.length, 0),
    name,
    packed,
    follow ? joined("PK\x07\x08", le32(crc, packed.length, bytes)) : "",
  );
}

function centralHeader(item: ZipItem, offset: number): Uint8Array {
  const { flags, method, crc, packed, bytes } = fieldsOf(item);
  const name = bytesOf(item.name);
  const large = item.zip64 === true ? joined(le16(1, 24), le64(bytes), le64(packed.length), le64(offset)) : "";
  const extra = joined(large, item.extra ?? "");
  const sizes = item.zip64 === true ? [unknown32, unknown32] : [packed.length, bytes];
  return joined(
    "PK\x01\x02",
    le16(20, 20, flags, method, 0, 0),
    le32(crc, ...sizes),
    le16(name.length, extra.length, 0, 0, 0),
    le32(0, item.zip64 === true ? unknown32 : offset),
    name,
    extra,
  );
}

function endOf(
  count: number,
  size: number,
  offset: number,
  options: { comment?: string; zip64?: boolean },
): Uint8Array {
  const comment = bytesOf(options.comment ?? "");
  if (options.zip64 !== true) {
    return joined("PK\x05\x06", le16(0, 0, count, count), le32(size, offset), le16(comment.length), comment);
  }
  return joined(
    joined("PK\x06\x06", le64(44), le16(45, 45), le32(0, 0), le64(count), le64(count), le64(size), le64(offset)),
    joined("PK\x06\x07", le32(0), le64(offset + size), le32(1)),
    joined("PK\x05\x06", le16(0, 0, 0xffff, 0xffff), le32(unknown32, unknown32), le16(comment.length), comment),
  );
}

/** The Unicode path field (APPNOTE §4.6.9). */
export function unicodePath(name: string): Uint8Array {
  const utf8 = Buffer.from(name);
  return joined(le16(0x7075, 5 + utf8.length), Uint8Array.of(1), le32(0), utf8);
}
