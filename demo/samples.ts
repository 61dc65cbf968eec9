import { randomUUID } from "node:crypto";

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

/** A ZIP with the one entry that marks a macro document, stored without content. */
function macroDocument(): Buffer {
  const name = Buffer.from("word/vbaProject.bin");
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 4);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length, 16);
  return Buffer.concat([local, name, central, name, end]);
}
