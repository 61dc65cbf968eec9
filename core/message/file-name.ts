import { decodeEightBit } from "./byte-text.ts";

/** Readings of one part's names past which the part counts as one that cannot be inspected. */
export const fileNameReadingsMax = 256;

/** Default-ignorable code points, which no mail reader shows, beside the control and format characters. */
const invisible = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u{2800}]/gu;

/**
 * Every name that a mail reader or a file system may make of the written ones: 8-bit text decoded, path taken off, dots and blanks at
 * the end taken off (Windows drops them), invisible characters taken out, compatibility forms folded, a stream name after a colon and what
 * follows a NUL cut.
 */
export function fileNameReadings(written: Iterable<string>): string[] {
  const readings = new Set<string>();
  for (const name of written) {
    for (const text of [decodeEightBit(name), name.includes("=") ? decodeEightBit(quotedPrintable(name)) : name]) {
      addForms(readings, text.trim());
      if (text.includes("\0")) addForms(readings, (text.split("\0", 1)[0] ?? "").trim());
    }
  }
  readings.delete("");
  return [...readings];
}

function addForms(readings: Set<string>, text: string): void {
  for (const visible of [text, text.replace(invisible, ""), text.replace(invisible, "").normalize("NFKC")]) {
    for (const name of [visible, baseName(visible)]) {
      readings.add(name);
      readings.add(withoutTail(name));
      const colon = name.indexOf(":");
      if (colon > 0) readings.add(withoutTail(name.slice(0, colon)));
    }
  }
}

function baseName(name: string): string {
  const parts = name.split(/[/\\]/).filter((part) => part.trim() !== "");
  return parts.at(-1) ?? name;
}

function withoutTail(name: string): string {
  let end = name.length;
  while (end > 0 && /[\s.'"]/.test(name[end - 1] ?? "")) end--;
  return name.slice(0, end).trimStart();
}

function quotedPrintable(name: string): string {
  return name.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
