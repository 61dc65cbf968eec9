import { ambiguity } from "#core/message/ambiguity.ts";
import { evil, mixed, type Sample } from "./sample.ts";

const octets = "application/octet-stream";

function encoded(encoding: string, body: (size: number) => string): (size: number) => string {
  return (size) => `Content-Type: ${octets}\nContent-Transfer-Encoding: ${encoding}\n\n${body(size)}`;
}

export const contentSamples: readonly Sample[] = [
  {
    title: "base64 with junk between the digits",
    message: encoded("base64", (size) => `T!*V \x80\nq${"\t".repeat(size)}Q\n`),
    types: [octets],
    contents: ["MZ\x90"],
  },
  {
    title: "base64 with padding inside",
    message: encoded("base64", (size) => `TVo=${"QQ==".repeat(size)}\n`),
    types: [octets],
    contents: ["MZA"],
    ambiguous: [ambiguity.base64],
  },
  {
    title: "base64 that is cut short",
    message: encoded("base64", (size) => `${"TVpB".repeat(size)}TV`),
    types: [octets],
    contents: ["MZAM"],
    ambiguous: [ambiguity.base64],
  },
  {
    title: "base64 of another alphabet",
    message: encoded("base64", (size) => `${"TVpB".repeat(size)}-_TVpB\n`),
    types: [octets],
    contents: ["MZAMZA"],
    ambiguous: [ambiguity.base64],
  },
  {
    title: "quoted-printable that is none",
    message: encoded("quoted-printable", (size) => `${"=4D=5a = =ZZ".repeat(size)}\n`),
    types: [octets],
    contents: ["MZ = =ZZ\r\n"],
    ambiguous: [ambiguity.quotedPrintable],
  },
  {
    title: "soft line breaks between all letters",
    message: encoded("quoted-printable", (size) => "M=\nZ=\n".repeat(size)),
    types: [octets],
    contents: ["MZ"],
  },
  {
    title: "an encoding in quotes",
    message: encoded('"base64"', (size) => "TVpB\n".repeat(size)),
    types: [octets],
    contents: ["MZA"],
    ambiguous: [ambiguity.transferEncoding],
  },
  {
    title: "an encoding with a tail",
    message: encoded("base64 (really); x", (size) => "TVpB\n".repeat(size)),
    types: [octets],
    contents: ["MZA"],
    ambiguous: [ambiguity.transferEncoding],
  },
  {
    title: "an encoding that nobody knows",
    message: encoded("x-secret", (size) => "MZ\n".repeat(size)),
    types: [octets],
    contents: ["MZ\r\n"],
    ambiguous: [ambiguity.transferEncoding],
  },
  {
    title: "two encodings",
    message: encoded("7bit\nContent-Transfer-Encoding: base64", (size) => "TVpB\n".repeat(size)),
    types: [octets],
    contents: ["MZA"],
    ambiguous: [ambiguity.duplicateField],
  },
  {
    title: "a uuencoded file in a text",
    message: (size) => `Subject: x\n\nhello\nbegin 644 evil.exe\n${'"35H`\n'.repeat(size)}\`\nend\nbye\n`,
    types: ["text/plain", octets],
    names: ["evil.exe"],
    traits: ["uuencode"],
  },
  {
    title: "a uuencoded file without end, with a deceptive name",
    message: (size) => `Subject: x\n\nbegin 644 a.pdf.exe\n${'"35H`\n'.repeat(size)}`,
    types: ["text/plain", octets],
    names: ["a.pdf.exe"],
    traits: ["uuencode", "deceptive-name"],
  },
  {
    title: "files without end in a text",
    message: (size) => `Subject: x\n\n${"begin 644 a.txt\n".repeat(20 * size)}begin 644 evil.exe\n`,
    types: ["text/plain", ...Array.from({ length: 21 }, () => octets)],
    names: ["evil.exe"],
    traits: ["uuencode"],
  },
  {
    title: "a part whose encoding is uuencode",
    message: encoded("x-uuencode", (size) => `begin 644 evil.exe\n${'"35H`\n'.repeat(size)}\`\nend\n`),
    types: [octets, octets],
    names: ["evil.exe"],
    traits: ["uuencode"],
  },
  {
    title: "a yEnc file",
    message: (size) => `Subject: x\n\n=ybegin line=128 size=2 name=evil.exe\n${"w\x84\n".repeat(size)}=yend size=2\n`,
    types: ["text/plain", octets],
    names: ["evil.exe"],
    traits: ["yenc"],
  },
  {
    title: "a BinHex file",
    message: (size) =>
      `Subject: x\n\n(This file must be converted with BinHex 4.0)\n\n:#dKf\n${"abc\n".repeat(size)}def:\nbye\n`,
    types: ["text/plain", "application/mac-binhex40"],
    traits: ["binhex"],
  },
  {
    title: "a winmail.dat, by its type and by its name",
    message: (size) =>
      `${mixed}--b\nContent-Type: application/ms-tnef\n\n${"x".repeat(size)}\n--b\nContent-Type: ${octets}; name=winmail.dat\n\n--b--\n`,
    types: ["application/ms-tnef", octets],
    names: ["winmail.dat"],
    traits: ["tnef"],
  },
  {
    title: "NULs, bare CRs and 8-bit bytes in a body",
    message: (size) => `${mixed}--b\nContent-Type: ${octets}\n\n${"\0\r\xff-\r-".repeat(size)}\n--b--\n`,
    types: [octets],
    contents: ["\0\r\xff-\r-"],
  },
  {
    title: "dashes and nothing else",
    message: (size) => `${mixed}--b\n\n${"-".repeat(size)}\n--b--\n`,
    types: ["text/plain"],
    contents: ["-"],
  },
  {
    title: "lines that nearly are delimiters",
    message: (size) =>
      `Content-Type: multipart/mixed; boundary=${"b".repeat(60)}\n\n--${"b".repeat(60)}\n\n${`--${"b".repeat(59)}\n`.repeat(size)}--${"b".repeat(60)}--\n`,
    types: ["text/plain"],
    contents: [`--${"b".repeat(59)}`],
  },
  {
    title: "a body without line breaks",
    message: (size) => `Subject: x\n\n${"x".repeat(size)}`,
    types: ["text/plain"],
    contents: ["x"],
  },
  {
    title: "line breaks and nothing else",
    message: (size) => `Subject: x\n\n${"\n".repeat(size)}`,
    types: ["text/plain"],
    contents: ["\r\n"],
  },
  {
    title: "bare LF line ends",
    raw: true,
    message: (size) => `${mixed}--b\n${evil.repeat(size)}--b--\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    contents: ["MZ"],
  },
  {
    title: "nothing",
    message: () => "",
    types: ["text/plain"],
  },
];
