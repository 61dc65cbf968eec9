import { ambiguity } from "#core/message/ambiguity.ts";
import { attachment, type Sample } from "./sample.ts";

const disposition = (parameters: string) => attachment(`Content-Disposition: attachment; ${parameters}`);

type NameSample = Pick<Sample, "title" | "message" | "traits" | "ambiguous" | "types" | "names" | "unscannable">;

function named(title: string, parameters: string, traits: Sample["traits"], name = "evil.exe"): NameSample {
  return { title, message: disposition(parameters), types: ["text/plain"], names: [name], traits: traits ?? [] };
}

export const nameSamples: readonly Sample[] = [
  named("an honest name", 'filename="report.pdf"', [], "report.pdf"),
  named("an honest name in 8 bits that is UTF-8", 'filename="Gr\xc3\xbc\xc3\x9fe.docx"', [], "Grüße.docx"),
  named("a name in 8 bits that is no UTF-8", 'filename="\xe9vil.exe"', ["ambiguous-name"], "évil.exe"),
  named("an emoji", "filename*=utf-8''%E2%9D%A4%EF%B8%8F.pdf", [], "\u2764\ufe0f.pdf"),
  named("a right-to-left override", 'filename="\xe2\x80\xaegpj.evil.exe"', ["deceptive-name"], "gpj.evil.exe"),
  named(
    "a right-to-left override in an encoded word",
    'filename="=?utf-8?B?ZXZpbOKArmdwai5leGU=?="',
    ["deceptive-name"],
    "evil\u202egpj.exe",
  ),
  named(
    "a right-to-left override in RFC 2231 form",
    "filename*=utf-8''evil%E2%80%AEgpj.exe",
    ["deceptive-name"],
    "evilgpj.exe",
  ),
  named("direction isolates", "filename*=utf-8''%E2%81%A6evil.exe%E2%81%A9", ["deceptive-name"]),
  named("a zero-width space", "filename*=utf-8''evil.%E2%80%8Bexe", ["deceptive-name"]),
  named("a soft hyphen", "filename*=utf-8''evil.e%C2%ADxe", ["deceptive-name"]),
  named("a joiner between ASCII letters", "filename*=utf-8''ev%E2%80%8Dil.exe", ["deceptive-name"]),
  named("a blank of Braille", "filename*=utf-8''evil.exe%E2%A0%80", ["deceptive-name"]),
  named("a control character", "filename*=utf-8''evil%07.exe", ["deceptive-name"]),
  named("a line break in escapes", "filename*=utf-8''a.txt%0D%0Aevil.exe", ["deceptive-name"], "a.txtevil.exe"),
  named("a NUL in escapes", "filename*=utf-8''evil.exe%00.txt", ["deceptive-name"]),
  named("a trailing dot", 'filename="evil.exe."', ["deceptive-name"]),
  named("trailing blanks", 'filename="evil.exe   "', ["deceptive-name"]),
  named("trailing dots and blanks", 'filename="evil.exe . . "', ["deceptive-name"]),
  named("many blanks", `filename="evil.pdf${" ".repeat(60)}.exe"`, ["deceptive-name"], `evil.pdf${" ".repeat(60)}.exe`),
  named("two extensions", 'filename="invoice.pdf.exe"', ["deceptive-name"], "invoice.pdf.exe"),
  named("two honest extensions", 'filename="backup.tar.gz"', [], "backup.tar.gz"),
  named(
    "a class id",
    'filename="evil.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}"',
    ["deceptive-name"],
    "evil.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}",
  ),
  named("a path upwards", 'filename="../../evil.exe"', ["deceptive-name"]),
  named("a drive", 'filename="C:\\\\evil.exe"', ["deceptive-name"]),
  named("a stream", 'filename="evil.exe::$DATA"', ["deceptive-name"]),
  named("fullwidth letters", "filename*=utf-8''evil.%EF%BD%85%EF%BD%98%EF%BD%85", ["deceptive-name"]),
  named("RFC 2231 pieces in order (CVE-2024-39929)", 'filename*0="evil.";\n filename*1="exe"', []),
  named("RFC 2231 pieces out of order", 'filename*1="exe"; filename*0="evil."', ["ambiguous-name", "deceptive-name"]),
  named("RFC 2231 pieces with a gap", 'filename*0="evil"; filename*2=".exe"', ["ambiguous-name"]),
  named("an RFC 2231 piece twice", 'filename*0="evil"; filename*1=".txt"; filename*1=".exe"', [
    "ambiguous-name",
    "deceptive-name",
  ]),
  named("plain and RFC 2231, which differ", "filename=a.txt; filename*=utf-8''evil.exe", ["ambiguous-name"]),
  named("plain and RFC 2231, which agree", "filename=evil.exe; filename*=utf-8''evil.exe", []),
  named(
    "an encoded word inside RFC 2231 escapes",
    "filename*=utf-8''%3D%3Futf-8%3FQ%3Fevil.exe%3F%3D",
    ["ambiguous-name"],
    "=?utf-8?Q?evil.exe?=",
  ),
  named("RFC 2231 escapes without charset", "filename*=evil%2Eexe", ["ambiguous-name"]),
  named("an RFC 2231 escape that is none", "filename*=utf-8''evil%2Eexe%2g", ["ambiguous-name"], "evil.exe%2g"),
  named("an encoded word", 'filename="=?utf-8?B?ZXZpbC5leGU=?="', []),
  named("an encoded word in part", 'filename="evil.=?utf-8?Q?exe?="', ["ambiguous-name"]),
  named("an encoded word without quotes", "filename==?utf-8?Q?evil.exe?=", ["ambiguous-name"]),
  named("an encoded word of a charset that is none", 'filename="=?x?Q?evil.exe?="', []),
  named("an encoded word that is cut", 'filename="=?utf-8?B?ZXZpbC5leG?="', ["ambiguous-name"], "evil.ex"),
  named("a duplicate", 'filename="a.txt"; filename="evil.exe"', ["ambiguous-name"]),
  named("a missing end quote", 'filename="evil.exe', ["ambiguous-name"]),
  named("text after the end quote", 'filename="evil".exe', ["ambiguous-name"]),
  named("a comment inside", "filename=evil(harmless).exe", ["ambiguous-name"]),
  named("a backslash", 'filename="ev\\il.exe"', ["ambiguous-name"]),
  named("blanks in a name without quotes", "filename=evil.exe and more.txt", ["ambiguous-name"]),
  named("no semicolon", 'x filename="evil.exe"', ["ambiguous-name"]),
  named("a fold inside the name", 'filename="evil.e\n xe"', ["ambiguous-name"]),
  {
    title: "two fields that name it differently",
    message: attachment('Content-Type: text/plain; name="evil.exe"\nContent-Disposition: attachment; filename="a.txt"'),
    types: ["text/plain"],
    names: ["evil.exe", "a.txt"],
    traits: ["ambiguous-name"],
  },
  {
    title: "two dispositions",
    message: attachment(
      'Content-Disposition: inline; filename="a.txt"\nContent-Disposition: attachment; filename="evil.exe"',
    ),
    types: ["text/plain"],
    names: ["evil.exe", "a.txt"],
    traits: ["ambiguous-name"],
    ambiguous: [ambiguity.duplicateField],
  },
  {
    title: "a NUL in the header",
    message: attachment('Content-Disposition: attachment; filename="evil.exe\0.txt"'),
    types: ["text/plain"],
    names: ["evil.exe.txt", "evil.exe"],
    traits: ["ambiguous-name"],
    ambiguous: [ambiguity.controlInHeader, ambiguity.duplicateField],
  },
  {
    title: "a bare CR in the header",
    message: attachment('Content-Disposition: attachment;\r filename="evil.exe"'),
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.controlInHeader, ambiguity.duplicateField],
  },
  {
    title: "names without end",
    message: (size) =>
      `Content-Disposition: attachment${`; filename${size}="x.txt"`.repeat(size * 400)}; filename=evil.exe\n\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    traits: [],
  },
  {
    title: "more parameters than are read",
    message: (size) => `Content-Disposition: attachment${"; filename=evil.exe".repeat(size * 501)}\n\n`,
    types: [],
    unscannable: "a structural header field is too long or has too many readings",
  },
];
