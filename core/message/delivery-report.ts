import { bytesOfText, isUtf8, textOfBytes } from "./byte-text.ts";
import { mailDate } from "./mail-date.ts";
import { encodeField, oneLine } from "./rewrite/header-field.ts";
import { noticeContent } from "./rewrite/part-content.ts";

/** failed: never. delayed: tried again. relayed: gone on to a server that tells no more (RFC 3464 §2.3.3). */
export type ReportKind = "failed" | "delayed" | "relayed";

export type ReportedRecipient = {
  address: string;
  /** ORCPT, decoded: `rfc822;user@example.com`; null: not given. */
  original: string | null;
  /** Of the server or our own: `550 5.1.1 No such user`. */
  reply: string;
  /** `host:port` of the server that said it; null: none was reached. */
  server: string | null;
};

export type DeliveryReport = {
  kind: ReportKind;
  /** Of the report, which is a new message. */
  id: string;
  /** What we call ourselves. */
  hostName: string;
  from: string;
  to: string;
  /** Milliseconds since 1970. */
  at: number;
  /** When the message came. */
  arrivedAt: number;
  lastAttemptAt: number | null;
  /** Until when it is tried; null: it is not. */
  retryUntil: number | null;
  /** ENVID, decoded; null: not given. */
  envelopeId: string | null;
  subject: string | null;
  recipients: readonly ReportedRecipient[];
  /** Of the message, from its first byte on: at least its header, where that fits. */
  original: Uint8Array;
  /** Whether `original` is all of the message and the sender wants it back (RFC 3461 §4.3). */
  whole: boolean;
};

export type FinishedReport = { bytes: Uint8Array; subject: string; eightBit: boolean; smtpUtf8: boolean };

/** Returned of a header. Bytes. */
const headerBytesMax = 65_536;
const diagnosticCharactersMax = 900;
const encoder = new TextEncoder();

const titles: Readonly<Record<ReportKind, string>> = {
  failed: "Not delivered",
  delayed: "Delayed",
  relayed: "Passed on",
};

/**
 * A report to the sender of a message (RFC 3464, RFC 6522): CRLF lines, not dot-stuffed. `eightBit`: it holds bytes over 127.
 * `smtpUtf8`: its own header does (RFC 6532).
 */
export function deliveryReport(report: DeliveryReport): FinishedReport {
  const boundary = `=_postern_report_${report.id}`;
  const returned = returnedPart(report);
  const text = noticeContent(words(report));
  const status = statusFields(report);
  const parts = [
    [bytesOfText(text.fields), bytesOfText("\r\n"), text.body],
    [bytesOfText(`Content-Type: ${status.type}\r\n${status.encoding}\r\n`), status.body],
    [bytesOfText(returned.fields), returned.body],
  ];
  const delimiter = bytesOfText(`\r\n--${boundary}\r\n`);
  const pieces = [
    encoder.encode(head(report, boundary)),
    ...parts.flatMap((part) => [delimiter, ...part]),
    bytesOfText(`\r\n--${boundary}--\r\n`),
  ];
  const bytes = joined(pieces);
  const eightBit = bytes.some((byte) => byte > 127);
  return { bytes, subject: subjectOf(report), eightBit, smtpUtf8: !isPlain(report.to) };
}

function subjectOf({ kind, subject }: DeliveryReport): string {
  return `${titles[kind]}: ${subject ?? "your message"}`;
}

function head(report: DeliveryReport, boundary: string): string {
  const { id, hostName, from, to, at, original } = report;
  const messageId = messageIdIn(original);
  return [
    `Date: ${mailDate(at)}\r\n`,
    `From: Mail gateway <${from}>\r\n`,
    `To: <${to}>\r\n`,
    encodeField("Subject", subjectOf(report)),
    `Message-ID: <${id}@${hostName}>\r\n`,
    // RFC 5322 §3.6.4: mail readers show it beside the message that it is about.
    messageId === null ? "" : `References: ${messageId}\r\n`,
    // RFC 3834 §5: no program answers it.
    "Auto-Submitted: auto-replied\r\n",
    "MIME-Version: 1.0\r\n",
    `Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="${boundary}"\r\n`,
    "\r\nThis is a delivery report (RFC 3464).\r\n",
  ].join("");
}

const openings: Readonly<Record<ReportKind, readonly string[]>> = {
  failed: ["Your message could not be delivered to the recipients below. It is not tried again."],
  delayed: [
    "Your message could not be delivered to the recipients below yet.",
    "It is tried again. You need not send it again.",
  ],
  relayed: [
    "Your message went on to the mail server of the recipients below.",
    "That server does not tell whether it is delivered.",
  ],
};

function words({ kind, hostName, subject, arrivedAt, retryUntil, recipients }: DeliveryReport): string {
  const until = retryUntil === null ? [] : [`It is tried until ${mailDate(retryUntil)}.`];
  const told = recipients.flatMap(({ address, reply, server }) => [
    `  ${address}`,
    `    ${oneLine(reply, diagnosticCharactersMax)}${server === null ? "" : ` (${server})`}`,
  ]);
  return [
    `This is the mail gateway ${hostName}.`,
    "",
    ...openings[kind],
    ...until,
    "",
    ...told,
    "",
    `Subject: ${oneLine(subject ?? "(none)", 200)}`,
    `Received: ${mailDate(arrivedAt)}`,
  ].join("\n");
}

/** RFC 3464 §2; where an address is not ASCII its form for all languages (RFC 6533 §4). */
function statusFields(report: DeliveryReport): { type: string; encoding: string; body: Uint8Array } {
  const { kind, hostName, at, arrivedAt, lastAttemptAt, retryUntil, envelopeId, recipients } = report;
  const isGlobal = recipients.some(({ address, original }) => !isPlain(address) || !isPlain(original ?? ""));
  const ofMessage = [
    envelopeId === null ? "" : `Original-Envelope-Id: ${oneLine(envelopeId, 100)}\r\n`,
    `Reporting-MTA: dns; ${hostName}\r\n`,
    `Arrival-Date: ${mailDate(arrivedAt)}\r\n`,
  ].join("");
  const ofRecipients = recipients.map(({ address, original, reply, server }) =>
    [
      "\r\n",
      original === null ? "" : `Original-Recipient: ${typed(original)}\r\n`,
      `Final-Recipient: ${isPlain(address) ? "rfc822" : "utf-8"}; ${address}\r\n`,
      `Action: ${kind}\r\n`,
      `Status: ${statusOf(kind, reply)}\r\n`,
      server === null ? "" : `Remote-MTA: dns; ${server.replace(/:\d+$/, "")}\r\n`,
      // RFC 3464 §2.3.6: what no server said has no diagnostic code.
      server === null ? "" : encodeField("Diagnostic-Code", `smtp; ${oneLine(reply, diagnosticCharactersMax)}`),
      `Last-Attempt-Date: ${mailDate(lastAttemptAt ?? at)}\r\n`,
      retryUntil === null ? "" : `Will-Retry-Until: ${mailDate(retryUntil)}\r\n`,
    ].join(""),
  );
  const text = ofMessage + ofRecipients.join("");
  return {
    type: isGlobal ? "message/global-delivery-status" : "message/delivery-status",
    encoding: isGlobal ? "Content-Transfer-Encoding: 8bit\r\n" : "",
    body: encoder.encode(text),
  };
}

/** `type; address` of an ORCPT; one with another form is told as it is. */
function typed(original: string): string {
  const [, type, address] = /^([^;]+);(.*)$/.exec(original) ?? [];
  return type === undefined ? `unknown; ${oneLine(original, 500)}` : `${type}; ${oneLine(address ?? "", 500)}`;
}

/** RFC 3463: the server's own code where it is of the right class; of a message that waited too long X.4.7. */
function statusOf(kind: ReportKind, reply: string): string {
  const [, enhanced] = /^\d{3}[ -](?:#)?([245]\.\d{1,3}\.\d{1,3})(?= |$)/.exec(reply) ?? [];
  if (kind === "relayed") return enhanced?.startsWith("2") ? enhanced : "2.0.0";
  if (enhanced?.startsWith("5") && kind === "failed") return enhanced;
  if (enhanced?.startsWith("4")) return enhanced;
  if (kind === "delayed") return "4.0.0";
  return reply.startsWith("5") ? "5.0.0" : "4.4.7";
}

/** What comes back: all of it, or its header. A message cannot be encoded (RFC 2046 §5.2.1), text can. */
function returnedPart({ original, whole }: DeliveryReport): { fields: string; body: Uint8Array } {
  const body = whole ? original : headerOf(original);
  const eightBit = body.some((byte) => byte > 127);
  const encoding = eightBit ? "Content-Transfer-Encoding: 8bit\r\n" : "";
  const isGlobal = eightBit && isUtf8(textOfBytes(headerOf(original)));
  const type = whole ? ["message/rfc822", "message/global"] : ["text/rfc822-headers", "message/global-headers"];
  return { fields: `Content-Type: ${type[isGlobal ? 1 : 0]}\r\n${encoding}\r\n`, body };
}

/** The header block with its last line break; cut at a line where it is longer than we return. */
function headerOf(original: Uint8Array): Uint8Array {
  let lineStart = 0;
  for (let at = original.indexOf(10); at !== -1 && at < headerBytesMax; at = original.indexOf(10, lineStart)) {
    const isEmpty = at === lineStart || (at === lineStart + 1 && original[lineStart] === 13);
    if (isEmpty) return original.subarray(0, lineStart);
    lineStart = at + 1;
  }
  return original.subarray(0, lineStart);
}

function messageIdIn(original: Uint8Array): string | null {
  const header = textOfBytes(headerOf(original));
  return /^message-id:\s{0,10}(<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>)\s*$/im.exec(header)?.[1] ?? null;
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
