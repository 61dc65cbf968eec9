import { describe, expect, it } from "vitest";
import { fileNamesOf } from "../../support/inspected.ts";

/** The header of one attachment, in the disguises that mail readers see through. */
const disguises: [title: string, header: string][] = [
  ["a quoted name", 'Content-Disposition: attachment; filename="evil.exe"'],
  ["an unquoted name", "Content-Disposition: attachment; filename=evil.exe"],
  ["only the name of Content-Type", 'Content-Type: application/octet-stream; name="evil.exe"'],
  ["name where filename belongs", 'Content-Disposition: attachment; name="evil.exe"'],
  ["upper case", 'CONTENT-DISPOSITION: ATTACHMENT; FILENAME="evil.exe"'],
  ["a blank before the colon", 'Content-Disposition : attachment; filename="evil.exe"'],
  ["blanks around the equals sign", 'Content-Disposition: attachment; filename = "evil.exe"'],
  ["a fold before the parameter", 'Content-Disposition: attachment;\n\tfilename="evil.exe"'],
  ["a blank fold", 'Content-Disposition: attachment;\n \n filename="evil.exe"'],
  ["a fold inside the name", 'Content-Disposition: attachment; filename="evil.e\n xe"'],
  ["no semicolon", 'Content-Disposition: attachment filename="evil.exe"'],
  ["a missing end quote", 'Content-Disposition: attachment; filename="evil.exe'],
  ["text after the end quote", 'Content-Disposition: attachment; filename="evil".exe'],
  ["the name outside, a quote inside", 'Content-Disposition: attachment; filename="evil.exe".'],
  ["a backslash in the extension", 'Content-Disposition: attachment; filename="evil.\\e\\x\\e"'],
  ["a Windows path", 'Content-Disposition: attachment; filename="C:\\docs\\evil.exe"'],
  ["a path", 'Content-Disposition: attachment; filename="../../evil.exe"'],
  ["a trailing dot", 'Content-Disposition: attachment; filename="evil.exe."'],
  ["trailing blanks and dots", 'Content-Disposition: attachment; filename="evil.exe . . "'],
  ["a stream name", 'Content-Disposition: attachment; filename="evil.exe::$DATA"'],
  ["a comment in the name", "Content-Disposition: attachment; filename=evil(harmless).exe"],
  ["a comment before the value", 'Content-Disposition: attachment; filename=(x)"evil.exe"'],
  ["a parameter inside a comment", 'Content-Disposition: attachment (; filename="evil.exe")'],
  ["a duplicate parameter, first", 'Content-Disposition: attachment; filename="evil.exe"; filename="a.txt"'],
  ["a duplicate parameter, last", 'Content-Disposition: attachment; filename="a.txt"; filename="evil.exe"'],
  [
    "a duplicate field",
    'Content-Disposition: attachment; filename="a.txt"\nContent-Disposition: attachment; filename="evil.exe"',
  ],
  [
    "fields that disagree",
    'Content-Type: text/plain; name="evil.exe"\nContent-Disposition: attachment; filename="a.txt"',
  ],
  ["an encoded word, base64", 'Content-Disposition: attachment; filename="=?utf-8?B?ZXZpbC5leGU=?="'],
  ["an encoded word, Q", 'Content-Disposition: attachment; filename="=?iso-8859-1?Q?evil=2Eexe?="'],
  ["an encoded word without quotes", "Content-Disposition: attachment; filename==?utf-8?Q?evil.exe?="],
  ["two encoded words", 'Content-Type: a/b; name="=?utf-8?Q?evi?=\n =?utf-8?Q?l.exe?="'],
  ["an encoded word in part", 'Content-Type: a/b; name="evil.=?utf-8?Q?exe?="'],
  ["an encoded word in UTF-16", 'Content-Type: a/b; name="=?utf-16be?B?AGUAdgBpAGwALgBlAHgAZQ==?="'],
  ["RFC 2231 charset and escapes", "Content-Disposition: attachment; filename*=utf-8''evil%2Eexe"],
  ["RFC 2231 without charset", "Content-Disposition: attachment; filename*=evil%2eexe"],
  ["RFC 2231 beside a harmless name", "Content-Disposition: attachment; filename=a.txt; filename*=utf-8''evil.exe"],
  ["RFC 2231 continuations", 'Content-Disposition: attachment; filename*0="evil."; filename*1="exe"'],
  ["continuations out of order", 'Content-Disposition: attachment; filename*1="exe"; filename*0="evil."'],
  ["continuations with a gap", 'Content-Disposition: attachment; filename*0="evil"; filename*2=".exe"'],
  ["continuations from one on", 'Content-Disposition: attachment; filename*1="evil"; filename*2=".exe"'],
  ["continuations, then a tail to distract", 'Content-Type: a/b; name*0="evil.exe"; name*1=".txt"'],
  ["encoded continuations", "Content-Disposition: attachment; filename*0*=utf-8''evil%2E; filename*1*=ex%65"],
  ["mixed continuations", "Content-Disposition: attachment; filename*0*=utf-8''evil%2E; filename*1=exe"],
  ["a duplicate continuation", 'Content-Type: a/b; name*0="evil"; name*1=".txt"; name*1=".exe"'],
  ["escapes in a plain name", 'Content-Disposition: attachment; filename="evil%2Eexe"'],
  ["a zero-width space", 'Content-Disposition: attachment; filename="evil.\xe2\x80\x8bexe"'],
  ["a right-to-left override", 'Content-Disposition: attachment; filename="\xe2\x80\xaeevil.exe"'],
  ["fullwidth letters", "Content-Disposition: attachment; filename*=utf-8''evil.%EF%BD%85%EF%BD%98%EF%BD%85"],
  ["quoted-printable in the parameter", 'Content-Disposition: attachment; filename="evil=2Eexe"'],
];

describe("the file name is read in spite of", () => {
  it.each(disguises)("%s", (_, header) => {
    const names = fileNamesOf(`MIME-Version: 1.0\n${header}\n\nMZ\n`);
    expect(names).toContain("evil.exe");
  });
});

const benign = ["report.pdf", "my notes.txt", "Grüße.docx", "exe.txt", "a;b.txt", "archive.tar.gz", "x (1).png"];

describe("a harmless name gives no reading that looks like a program", () => {
  it.each(benign)("%s", (name) => {
    const wire = Buffer.from(name).toString("latin1");
    const names = fileNamesOf(`Content-Disposition: attachment; filename="${wire}"\n\nx\n`);
    expect(names).toContain(name);
    expect(names.filter((reading) => reading.endsWith(".exe"))).toEqual([]);
  });
});
