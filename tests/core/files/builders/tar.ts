import { bytesOf, joined } from "./bytes.ts";

export type TarItem = {
  name: string;
  content?: string | Uint8Array;
  /** One letter; a file if not said. */
  kind?: string;
  folder?: string;
  /** What the header says instead of the truth. */
  bytes?: number;
  largeNumbers?: boolean;
};

const blockBytes = 512;

export function tar(items: readonly TarItem[], end = "\0".repeat(2 * blockBytes)): Uint8Array {
  return joined(...items.map(entry), end);
}

function entry(item: TarItem): Uint8Array {
  const content = joined(item.content ?? "");
  const padding = "\0".repeat((blockBytes - (content.length % blockBytes)) % blockBytes);
  return joined(header(item, item.bytes ?? content.length), content, padding);
}

function header({ name, kind = "0", folder = "", largeNumbers = false }: TarItem, bytes: number): Uint8Array {
  const size = largeNumbers ? largeNumber(bytes) : `${bytes.toString(8).padStart(11, "0")}\0`;
  const text = [
    name.padEnd(100, "\0"),
    "0000644\u{0}0000000\u{0}0000000\0",
    size,
    "00000000000\0",
    " ".repeat(8),
    kind,
    "\0".repeat(100),
    "ustar\u{0}00",
    "\0".repeat(80),
    folder.padEnd(155, "\0"),
    "\0".repeat(12),
  ].join("");
  const block = bytesOf(text);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(bytesOf(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return block;
}

function largeNumber(value: number): string {
  return `\x80${"\0".repeat(7)}${String.fromCharCode((value >> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255)}`;
}

/** An extended header of pax with these records; the values as UTF-8. */
export function pax(records: Readonly<Record<string, string>>): TarItem {
  const content = Object.entries(records).map(([keyword, value]) => {
    const rest = Buffer.byteLength(` ${keyword}=${value}\n`);
    const digits = String(rest + 2).length;
    return `${rest + digits} ${keyword}=${value}\n`;
  });
  return { name: "PaxHeaders/x", kind: "x", content: Uint8Array.from(Buffer.from(content.join(""))) };
}

/** A name of GNU's that is too long for a header. */
export function longName(name: string): TarItem {
  return { name: "././@LongLink", kind: "L", content: `${name}\0` };
}
