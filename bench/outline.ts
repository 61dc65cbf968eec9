import { createHash } from "node:crypto";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { detectType } from "#core/files/types/detect-type.ts";
import { MessageInspector } from "#core/message/inspector.ts";
import { median } from "./measure.ts";
import { table } from "./table.ts";

/** As a socket gives them. */
const chunkBytes = 65_536;

type Reader = { name: string; read(message: Buffer): unknown };

const readers: readonly Reader[] = [
  { name: "postern, outline", read: (message) => inspect(message, false) },
  { name: "postern, decoded, types, SHA-256", read: (message) => inspect(message, true) },
  { name: "mailparser", read: (message) => simpleParser(message, { skipHtmlToText: true, skipTextToHtml: true }) },
  { name: "postal-mime", read: (message) => PostalMime.parse(message) },
];

/** How fast a message is read on one core, beside two MIME parsers that build a document of it. In turns, medians of the rounds. */
export async function outlineTable(rounds: number): Promise<string> {
  const messages = [
    { name: "10 MB, a base64 attachment", message: mailWithAttachment(7_300_000), times: 1 },
    { name: "2 KB", message: mailWithAttachment(1_000), times: 500 },
  ];
  const rows: string[][] = readers.map(({ name }) => [name]);
  for (const { message, times } of messages) {
    const rates: number[][] = readers.map(() => []);
    // The first round runs through code that is not yet compiled.
    for (let round = -1; round < rounds; round++) {
      for (const [index, { read }] of readers.entries()) {
        const start = performance.now();
        for (let time = 0; time < times; time++) await read(message);
        const perSecond = (message.length * times) / ((performance.now() - start) / 1000);
        if (round >= 0) rates[index]?.push(perSecond / 1e6);
      }
    }
    for (const [index, row] of rows.entries()) row.push(median(rates[index] ?? []).toFixed(0));
  }
  return table(["MB/s on one core", ...messages.map(({ name }) => name)], rows);
}

function inspect(message: Buffer, content: boolean): string[] {
  const found: string[] = [];
  const digesting = new Map<number, ReturnType<typeof createHash>>();
  const inspector = new MessageInspector(
    { header: true, attachment: true, content },
    {
      headerLine: () => {},
      headersEnd: () => {},
      part: () => {},
      partBody: ({ number }, piece) => {
        const digest = digesting.get(number) ?? createHash("sha256");
        if (!digesting.has(number)) found.push(detectType(piece).type);
        digesting.set(number, digest.update(piece));
      },
      partEnd: ({ number }) => {
        found.push(digesting.get(number)?.digest("hex") ?? "");
        digesting.delete(number);
      },
      ambiguous: () => {},
      unscannable: (reason) => {
        throw new Error(reason);
      },
    },
    (text) => Buffer.from(text, "base64"),
  );
  for (let at = 0; at < message.length; at += chunkBytes) inspector.write(message.subarray(at, at + chunkBytes));
  inspector.end();
  return found;
}

function mailWithAttachment(bytes: number): Buffer {
  const content = Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 2_654_435_761) >>> 24));
  const data = content.toString("base64").replace(/.{76}/g, (line) => `${line}\r\n`);
  const lines = [
    "From: Sender <sender@sender.test>",
    "To: User <user@inside.test>",
    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=",
    "Message-ID: <1@sender.test>",
    "Date: Sun, 22 Nov 2026 12:00:00 +0000",
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="edge"',
    "",
    "--edge",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "See the attachment.",
    "--edge",
    'Content-Type: application/octet-stream; name="data.bin"',
    'Content-Disposition: attachment; filename="data.bin"',
    "Content-Transfer-Encoding: base64",
    "",
    data,
    "--edge--",
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}
