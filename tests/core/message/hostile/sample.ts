import type { Ambiguity } from "#core/message/ambiguity.ts";
import type { PartTrait } from "#core/message/part.ts";

/** A hostile message and what must be told of it; what is left out must be nothing. */
export type Sample = {
  title: string;
  /** With LF, sent as CRLF. `size` repeats what is hostile in it; the facts are those of size 1. */
  message(size: number): string;
  /** Sent as it is written. */
  raw?: true;
  /** The first reading of the type of each part, in order. */
  types: string[];
  /** These are among the readings of the names. */
  names?: string[];
  /** Of all parts together. */
  traits?: PartTrait[];
  /** In order. */
  ambiguous?: Ambiguity[];
  unscannable?: string;
  /** Decoded contents of the leaves that have one, in order. */
  contents?: string[];
};

/** The header of an attachment with the fields, in a message of its own. */
export function attachment(fields: string): (size: number) => string {
  return (size) => `Subject: x\n${fields}\n\n${"MZ and more\n".repeat(size)}`;
}

export const mixed = 'Content-Type: multipart/mixed; boundary="b"\n\n';
export const evil = 'Content-Disposition: attachment; filename="evil.exe"\n\nMZ\n';

export function base64(text: string): string {
  const bytes = Buffer.from(text.replaceAll("\n", "\r\n"), "latin1");
  return bytes.toString("base64").replace(/.{1,76}/g, "$&\n");
}
