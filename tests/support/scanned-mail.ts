import { gzipSync } from "node:zlib";
import { eicar } from "./scanner-servers.ts";
import { smallZip } from "./small-zip.ts";

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join("");

/** As it is written in RFC 2045. */
export const base64 = (bytes: Uint8Array) =>
  (
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join("\r\n");

// Packed twice: its bytes are to be seen by who unpacks both.
export const zip = smallZip("eicar.com.gz", gzipSync(Buffer.from(eicar, "latin1")));

/** Its parts: 1 the text, 2 the message inside, 3 the text inside, 4 the zip. */
export const infected = {
  before: lines(
    "From: Ann <ann@outside.test>",
    "To: bob@inside.test",
    "Subject: Fwd: the invoice",
    "Date: Fri, 27 Nov 2026 20:00:00 +0000",
    "Message-ID: <outer@outside.test>",
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="outer"',
    "",
    "for readers of old",
    "--outer",
    "Content-Type: text/plain",
    "",
    "See below.",
    ".a line with a dot",
    "--outer",
    "Content-Type: message/rfc822",
    "",
    "From: eve@elsewhere.test",
    "Subject: the invoice",
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="inner"',
    "",
    "--inner",
    "Content-Type: text/html",
    "",
    "<p>Please pay.</p>",
    "--inner",
  ),
  part: lines(
    'Content-Type: application/zip; name="invoice.zip"',
    'Content-Disposition: attachment; filename="invoice.zip"',
    "Content-Transfer-Encoding: base64",
    "",
    base64(zip),
  ),
  after: lines("--inner--", "", "--outer--", "the end"),
};
export const infectedText = infected.before + infected.part + infected.after;

/** Without a finding, unless the body is one. */
export const mail = (body: string) =>
  lines(
    "From: Ann <ann@outside.test>",
    "To: bob@inside.test",
    "Subject: hello",
    "Date: Fri, 27 Nov 2026 20:00:00 +0000",
    "Message-ID: <1@outside.test>",
    "",
    body,
    ".. and dots",
    ".",
  );
