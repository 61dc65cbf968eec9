import { bytesOfText } from "../byte-text.ts";
import { isAscii } from "./charset-encoder.ts";
import { cleanFileName, encodeParameter } from "./header-field.ts";
import { insertedLines } from "./inserted-text.ts";
import { encodeBase64, encodeQuotedPrintable } from "./transfer-encoder.ts";

/** What a part is made of: its Content fields and its body, both with CRLF lines to their end and in 7 bits. */
export type PartContent = { fields: string; body: Uint8Array };

/** A file that takes the place of another. */
export type Replacement = { fileName: string; contentType: string; bytes: Uint8Array };

/** Bytes of a file that takes the place of a part. */
export const replacementBytesMax = 1_048_576;

const encoder = new TextEncoder();

/** Plain text that is shown where it stands: ASCII as it is, anything else as UTF-8 in quoted-printable. */
export function noticeContent(text: string): PartContent {
  const joined = `${insertedLines(text).join("\r\n")}\r\n`;
  const plain = isAscii(joined);
  const fields = [
    `Content-Type: text/plain; charset=${plain ? "us-ascii" : "utf-8"}`,
    `Content-Transfer-Encoding: ${plain ? "7bit" : "quoted-printable"}`,
    "Content-Disposition: inline",
    "",
  ];
  const body = plain ? joined : encodeQuotedPrintable(encoder.encode(joined));
  return { fields: fields.join("\r\n"), body: bytesOfText(body) };
}

/** Throws a RangeError when it is larger than `replacementBytesMax` or `contentType` is no media type. */
export function fileContent({ fileName, contentType, bytes }: Replacement): PartContent {
  if (bytes.length > replacementBytesMax)
    throw new RangeError(`a replacement of more than ${replacementBytesMax} bytes`);
  // RFC 6838 §4.2
  if (!/^[A-Za-z0-9][\w.+!#$&^-]{0,126}\/[A-Za-z0-9][\w.+!#$&^-]{0,126}$/.test(contentType))
    throw new RangeError("no media type");
  const charset = contentType.toLowerCase().startsWith("text/") ? "; charset=utf-8" : "";
  const fields = [
    `Content-Type: ${contentType}${charset}`,
    "Content-Transfer-Encoding: base64",
    `Content-Disposition: attachment${encodeParameter("filename", cleanFileName(fileName))}`,
    "",
  ];
  return { fields: fields.join("\r\n"), body: bytesOfText(encodeBase64(bytes)) };
}
