import { randomUUID } from "node:crypto";
import { crc32 } from "node:zlib";

export const sampleNames = ["clean", "executable", "large", "macro"] as const;
export type SampleName = (typeof sampleNames)[number];

export const sampleWords: Record<SampleName, string> = {
  clean: "a plain message, nothing wrong with it",
  executable: "a message with invoice.exe",
  large: "a message of 30 MiB, past the 25 MiB of the demo policy",
  macro: "a message with report.docm, a document that holds macros",
};

const largeBytes = 30 * 1024 * 1024;

/** A complete message, lines ended by CRLF. */
export function sampleMessage(name: SampleName, from: string, to: string, subject: string = sampleWords[name]): Buffer {
  const head = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${randomUUID()}@demo.postern.invalid>`,
    "MIME-Version: 1.0",
  ];
  switch (name) {
    case "clean":
      return text([
        ...head,
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Good morning,",
        "",
        "this is a clean message.",
        "",
      ]);
    case "executable":
      return withAttachment(head, "invoice.exe", "application/octet-stream", executable());
    case "macro":
      return withAttachment(head, "report.docm", "application/vnd.ms-word.document.macroEnabled.12", macroDocument());
    case "large":
      return withAttachment(head, "holiday.jpg", "image/jpeg", Buffer.alloc(Math.floor((largeBytes / 78) * 57), 0x55));
    default:
      return name satisfies never;
  }
}

function text(lines: string[]): Buffer {
  return Buffer.from(lines.join("\r\n"));
}

function withAttachment(head: string[], fileName: string, contentType: string, content: Buffer): Buffer {
  const boundary = `postern-${randomUUID()}`;
  const lines = content.toString("base64").match(/.{1,76}/g) ?? [];
  return text([
    ...head,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    "See the attachment.",
    `--${boundary}`,
    `Content-Type: ${contentType}; name="${fileName}"`,
    `Content-Disposition: attachment; filename="${fileName}"`,
    "Content-Transfer-Encoding: base64",
    "",
    ...lines,
    `--${boundary}--`,
    "",
  ]);
}

/** The first bytes of a DOS program, which is what type detection looks at; it does nothing. */
function executable(): Buffer {
  const program = Buffer.alloc(512);
  program.write("MZ", 0, "latin1");
  program.writeUInt32LE(0x80, 0x3c);
  program.write("PE\0\0", 0x80, "latin1");
  return program;
}

/** A Word document as far as type detection looks, with the part that holds macros; there are none in it. */
function macroDocument(): Buffer {
  const types =
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>';
  return storedZip([
    ["[Content_Types].xml", types],
    ["word/document.xml", "<document/>"],
    ["word/vbaProject.bin", "no macros"],
  ]);
}

/** A ZIP whose entries are stored as they are. */
function storedZip(entries: readonly (readonly [name: string, content: string])[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of entries) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), fields, Buffer.from(name + content)]);
    locals.push(local);
    const begin = Buffer.from("PK\x01\x02\x14\x00", "latin1");
    centrals.push(Buffer.concat([begin, fields, place, Buffer.from(name)]));
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(centrals).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...centrals, end]);
}
