import { eicar } from "./scanner-servers.ts";

/** A message as text with CRLF line ends, and what its Message-ID is. */
export type MailSample = { id: string; text: string };

let serial = 0;

function newMessageId(kind: string): string {
  serial += 1;
  return `<${kind}-${process.pid}-${Date.now().toString(36)}-${serial}@sender.test>`;
}

function message(kind: string, headers: readonly string[], body: string): MailSample {
  const id = newMessageId(kind);
  const lines = [
    "From: Sender <sender@sender.test>",
    "To: User <user@inside.test>",
    `Subject: ${kind} sample`,
    `Message-ID: ${id}`,
    "Date: Sun, 22 Nov 2026 12:00:00 +0000",
    "MIME-Version: 1.0",
    ...headers,
  ];
  return { id, text: `${lines.join("\r\n")}\r\n\r\n${body}` };
}

/** A text with everything that a careless relay changes: leading dots, blanks at line ends, 8-bit text, a long line, no line at all. */
export function cleanMail(): MailSample {
  const body = [
    "Grüße from outside,",
    ".",
    "..two dots",
    ".hidden",
    "blanks at the end   ",
    "",
    "x".repeat(990),
    "From here on: a line that mailbox formats like to change",
    "-- ",
    "last line",
    "",
  ];
  const headers = [
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "X-Folded: one\r\n\ttwo\r\n  three",
  ];
  return message("clean", headers, body.join("\r\n"));
}

/** A multipart message with one attachment of the name. */
export function mailWithAttachment(fileName: string, bytes = 600): MailSample {
  return mailWithFile(fileName, Buffer.alloc(bytes, "MZ\u0090"));
}

/** The same with a file in which virus scanners find EICAR. */
export function infectedMail(): MailSample {
  return mailWithFile("eicar.com", Buffer.from(eicar, "latin1"));
}

function mailWithFile(fileName: string, content: Buffer): MailSample {
  const data = content.toString("base64").replace(/.{76}/g, (line) => `${line}\r\n`);
  const body = [
    "--edge",
    "Content-Type: text/plain",
    "",
    "see the attachment",
    "--edge",
    `Content-Type: application/octet-stream; name="${fileName}"`,
    `Content-Disposition: attachment; filename="${fileName}"`,
    "Content-Transfer-Encoding: base64",
    "",
    data,
    "--edge--",
    "",
  ];
  return message("attachment", ['Content-Type: multipart/mixed; boundary="edge"'], body.join("\r\n"));
}

/** A plain message of about the size. */
export function mailOfBytes(bytes: number): MailSample {
  const line = `${"0123456789".repeat(7)}\r\n`;
  return message("sized", [], line.repeat(Math.ceil(bytes / line.length)));
}
