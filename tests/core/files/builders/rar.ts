import { crc32 } from "node:zlib";
import { joined, le16, le32 } from "./bytes.ts";

export type RarItem = {
  name: string;
  content?: string | Uint8Array;
  /** Not stored: its content is then not what it says. */
  packed?: boolean;
  encrypted?: boolean;
  folder?: boolean;
  /** Of version 4: the name in 16 bits, packed against the plain one. */
  unicode?: string;
};

function block4(type: number, flags: number, fields: Uint8Array): Uint8Array {
  const head = joined(Uint8Array.of(type), le16(flags, 7 + fields.length), fields);
  return joined(le16(crc32(head) & 0xffff), head);
}

/** Rar 1.5 to 4. */
export function rar4(items: readonly RarItem[], options: { encryptedHeaders?: boolean } = {}): Uint8Array {
  const archive = block4(0x73, options.encryptedHeaders === true ? 0x80 : 0, joined("\0".repeat(6)));
  return joined("Rar!\x1a\x07\0", archive, ...items.map(file4), block4(0x7b, 0x4000, new Uint8Array(0)));
}

function file4({ name, content = "", packed, encrypted, folder, unicode }: RarItem): Uint8Array {
  const bytes = joined(content);
  const flags =
    0x8000 | (encrypted === true ? 4 : 0) | (folder === true ? 0xe0 : 0) | (unicode === undefined ? 0 : 0x200);
  const written = joined(name, unicode === undefined ? "" : `\0${unicode}`);
  const fields = joined(
    le32(bytes.length, bytes.length),
    Uint8Array.of(2),
    le32(crc32(bytes), 0),
    Uint8Array.of(29, packed === true ? 0x33 : 0x30),
    le16(written.length),
    le32(folder === true ? 0x10 : 0x20),
    written,
  );
  return joined(block4(0x74, flags, fields), bytes);
}

/** A number of seven bits a byte. */
function number(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Uint8Array.from([...bytes, left]);
    bytes.push((left % 128) | 0x80);
  }
}

function header5(type: number, flags: number, fields: Uint8Array): Uint8Array {
  const body = joined(number(type), number(flags), fields);
  const sized = joined(number(body.length), body);
  return joined(le32(crc32(sized)), sized);
}

/** Rar 5. */
export function rar5(items: readonly RarItem[], options: { encryptedHeaders?: boolean } = {}): Uint8Array {
  const encryption = options.encryptedHeaders === true ? header5(4, 0, joined("\0\0\x0f", "s".repeat(16))) : "";
  return joined(
    "Rar!\x1a\x07\x01\0",
    encryption,
    header5(1, 0, number(0)),
    ...items.map(file5),
    header5(5, 0, number(0)),
  );
}

function file5({ name, content = "", packed, encrypted, folder }: RarItem): Uint8Array {
  const bytes = joined(content);
  const utf8 = Uint8Array.from(Buffer.from(name));
  const record = joined(number(1), "\0\0\x0f", "s".repeat(32));
  const extra = encrypted === true ? joined(number(record.length), record) : "";
  const fields = joined(
    encrypted === true ? number(joined(extra).length) : "",
    number(bytes.length),
    number(folder === true ? 1 : 4),
    number(bytes.length),
    number(0x20),
    folder === true ? "" : le32(crc32(bytes)),
    number(packed === true ? 3 << 7 : 0),
    number(1),
    number(utf8.length),
    utf8,
    extra,
  );
  return joined(header5(2, 2 | (encrypted === true ? 1 : 0), fields), bytes);
}
