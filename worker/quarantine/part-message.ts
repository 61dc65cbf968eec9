import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import { mailDate } from "#core/message/mail-date.ts";
import { cleanFileName, encodeField, encodeParameter, oneLine } from "#core/message/rewrite/header-field.ts";
import { encodeBase64, encodeQuotedPrintable } from "#core/message/rewrite/transfer-encoder.ts";
import { streamOf } from "./content-stream.ts";
import type { ContentSource } from "./quarantine.ts";

export type PartMessage = {
  entry: Pick<QuarantineEntry, "id" | "fileName" | "contentType" | "subject" | "sender">;
  /** Of the new message. */
  id: string;
  hostName: string;
  at: number;
};

const describedCharactersMax = 200;
/** RFC 2045 §6.8: 57 octets are a line of base64. */
const lineOctets = 57;

/** The subject of the message that brings a released part. */
export function partSubject({ fileName, id }: PartMessage["entry"]): string {
  return `Released: ${cleanFileName(fileName ?? id)}`;
}

/** A small message of ours with the part as its attachment: CRLF lines, ASCII only. */
export async function* partMessage(about: PartMessage, part: ContentSource): AsyncGenerator<Uint8Array> {
  const boundary = `=_postern_${about.id}`;
  yield Buffer.from(headOf(about, boundary));
  yield* base64Lines(streamOf(part));
  yield Buffer.from(`--${boundary}--\r\n`);
}

function headOf({ entry, id, hostName, at }: PartMessage, boundary: string): string {
  return [
    `Date: ${mailDate(at)}\r\n`,
    `From: Postmaster <postmaster@${hostName}>\r\n`,
    "To: undisclosed-recipients:;\r\n",
    encodeField("Subject", partSubject(entry)),
    `Message-ID: <${id}@${hostName}>\r\n`,
    // RFC 3834 §5: nobody's vacation notice answers it.
    "Auto-Submitted: auto-generated\r\n",
    `X-Postern-Quarantine-Id: ${entry.id}\r\n`,
    "MIME-Version: 1.0\r\n",
    `Content-Type: multipart/mixed; boundary="${boundary}"\r\n`,
    `\r\n--${boundary}\r\n`,
    "Content-Type: text/plain; charset=utf-8\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
    encodeQuotedPrintable(Buffer.from(textOf(entry))),
    `\r\n--${boundary}\r\n`,
    `Content-Type: ${typeOf(entry.contentType)}\r\n`,
    `Content-Disposition: attachment${encodeParameter("filename", cleanFileName(entry.fileName ?? entry.id))}\r\n`,
    "Content-Transfer-Encoding: base64\r\n\r\n",
  ].join("");
}

function textOf({ fileName, subject, sender }: PartMessage["entry"]): string {
  const about = (text: string | null): string => oneLine(text ?? "", describedCharactersMax);
  return [
    "The attachment below was kept in quarantine. It is released now.",
    "",
    `File: ${about(fileName)}`,
    `Message: ${about(subject)}`,
    `From: ${about(sender)}`,
  ].join("\r\n");
}

async function* base64Lines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const all = Buffer.concat([rest, piece]);
    const whole = all.length - (all.length % lineOctets);
    rest = all.subarray(whole);
    if (whole > 0) yield Buffer.from(encodeBase64(all.subarray(0, whole)));
  }
  if (rest.length > 0) yield Buffer.from(encodeBase64(rest));
}

/** RFC 2046 §5.2: a message cannot be base64; what is no type at all cannot be told either. */
function typeOf(contentType: string | null): string {
  const known = /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60}$/i.test(contentType ?? "");
  return known && contentType !== null && !/^(?:message|multipart)\//i.test(contentType)
    ? contentType
    : "application/octet-stream";
}
