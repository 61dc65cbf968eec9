import { withoutComments } from "./parameters.ts";

/** RFC 2045 §6.1, and two that older mailers write. */
const known = new Set(["7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue"]);
const mistyped = new Set(["7-bit", "8-bit", "7bits", "8bits"]);

/** The readings of a Content-Transfer-Encoding, in lower case; `agreed`: every mail reader takes it for the same. */
export function readTransferEncoding(value: string): { readings: string[]; agreed: boolean } {
  // Some readers do not look past blanks at the end.
  const written = value.trimStart().toLowerCase();
  if (known.has(written) || mistyped.has(written)) return { readings: [written], agreed: true };
  const plain = withoutComments(written).replaceAll('"', "").trim();
  return { readings: [...new Set([plain, plain.split(/[\s;,]/, 1)[0] ?? ""])], agreed: false };
}

export function isUuencode(encoding: string): boolean {
  return encoding.includes("uue") || encoding.includes("uuencode");
}
