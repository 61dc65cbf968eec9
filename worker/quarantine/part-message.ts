import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import { mailDate } from "../smtp/received-line.ts";
import { streamOf } from "./content-stream.ts";
import type { ContentSource } from "./quarantine.ts";

export type PartMessage = {
  entry: Pick<QuarantineEntry, "id" | "fileName" | "contentType" | "subject" | "sender">;
  /** Of the new message. */
  id: string;
  hostName: string;
  at: number;
};

/** Of a file name in UTF-8; a header line holds three octets for each. */
const nameBytesMax = 200;
const titleCharactersMax = 200;
/** RFC 2045 §6.8: 57 octets are a line of 76. */
const lineOctets = 57;
/** RFC 2047 §2: an encoded word of 75. */
const wordBytesMax = 45;

/** The subject of the message that brings a released part. */
export function partSubject({ fileName, id }: PartMessage["entry"]): string {
  return `Released: ${oneLine(fileName ?? id)}`;
}

/** A small message of ours with the part as its attachment: CRLF lines, ASCII only. */
export async function* partMessage(about: PartMessage, part: ContentSource): AsyncGenerator<Uint8Array> {
  const boundary = `=_postern_${about.id}`;
  yield Buffer.from(headOf(about, boundary));
  yield* base64Lines(streamOf(part));
  yield Buffer.from(`--${boundary}--\r\n`);
}

function headOf({ entry, id, hostName, at }: PartMessage, boundary: string): string {
  const text = `The attachment below was kept in quarantine. It is released now.\n\nFile: ${oneLine(entry.fileName ?? "")}\nMessage: ${oneLine(entry.subject ?? "")}\nFrom: ${oneLine(entry.sender ?? "")}\n`;
  return [
    `Date: ${mailDate(at)}`,
    `From: Postmaster <postmaster@${hostName}>`,
    "To: undisclosed-recipients:;",
    `Subject: ${headerText(partSubject(entry))}`,
    `Message-ID: <${id}@${hostName}>`,
    // RFC 3834 §5: nobody's vacation notice answers it.
    "Auto-Submitted: auto-generated",
    `X-Postern-Quarantine-Id: ${entry.id}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    wrap(Buffer.from(text.replaceAll("\n", "\r\n"))),
    `--${boundary}`,
    `Content-Type: ${typeOf(entry.contentType)}`,
    `Content-Disposition: attachment; ${fileNameParameter(entry.fileName ?? entry.id)}`,
    "Content-Transfer-Encoding: base64",
    "",
    "",
  ].join("\r\n");
}

async function* base64Lines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const all = Buffer.concat([rest, piece]);
    const whole = all.length - (all.length % lineOctets);
    rest = all.subarray(whole);
    if (whole > 0) yield Buffer.from(`${wrap(all.subarray(0, whole))}\r\n`);
  }
  if (rest.length > 0) yield Buffer.from(`${wrap(rest)}\r\n`);
}

function wrap(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += lineOctets)
    lines.push(Buffer.from(bytes.subarray(at, at + lineOctets)).toString("base64"));
  return lines.join("\r\n");
}

/** RFC 2046 §5.2: a message cannot be base64; what is no type at all cannot be told either. */
function typeOf(contentType: string | null): string {
  const known = /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60}$/i.test(contentType ?? "");
  return known && contentType !== null && !/^(?:message|multipart)\//i.test(contentType)
    ? contentType
    : "application/octet-stream";
}

/** RFC 2231 §4. */
function fileNameParameter(name: string): string {
  const bytes = Buffer.from(cut(oneLine(name), nameBytesMax));
  const encoded = Array.from(bytes, (octet) => {
    const character = String.fromCharCode(octet);
    return /[A-Za-z0-9._-]/.test(character) ? character : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  });
  return `filename*=UTF-8''${encoded.join("")}`;
}

/** RFC 2047, where it is needed. */
function headerText(text: string): string {
  const short = Array.from(text).slice(0, titleCharactersMax);
  if (short.every((character) => /[\x20-\x7e]/.test(character)) && !text.includes("=?")) return short.join("");
  const words: string[] = [""];
  for (const character of short) {
    const last = words.at(-1) ?? "";
    if (Buffer.byteLength(last + character) > wordBytesMax) words.push(character);
    else words[words.length - 1] = last + character;
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString("base64")}?=`).join("\r\n ");
}

/** What others named, without anything that could begin another line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, " ");
}

function cut(text: string, bytesMax: number): string {
  let bytes = 0;
  let short = "";
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > bytesMax) break;
    short += character;
  }
  return short;
}
