import { crc32 } from "node:zlib";

/** A zip with one stored entry. `encrypted` only says so, which is what a scanner without the password sees. */
export function smallZip(name: string, content: Uint8Array, encrypted = false): Buffer {
  const entry = Buffer.alloc(26);
  entry.writeUInt16LE(20, 0); // version
  entry.writeUInt16LE(encrypted ? 1 : 0, 2);
  entry.writeUInt32LE(crc32(content), 10);
  entry.writeUInt32LE(content.length, 14);
  entry.writeUInt32LE(content.length, 18);
  entry.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), entry, Buffer.from(name), content]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), entry, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from("PK\x05\x06"), end]);
}
