import { ambiguity } from "#core/message/ambiguity.ts";
import { base64, evil, mixed, type Sample } from "./sample.ts";

function nested(levels: number): string {
  let text = "";
  for (let level = 0; level < levels; level++) {
    text += `Content-Type: multipart/mixed; boundary="level${level}."\n\n--level${level}.\n`;
  }
  return text + evil;
}

const octets = "application/octet-stream";

export const structureSamples: readonly Sample[] = [
  {
    title: "257 parts, the last of them the payload",
    message: (size) => `${mixed}${"--b\n\nx\n".repeat(256 * size)}--b\n${evil}--b--\n`,
    types: Array.from({ length: 257 }, () => "text/plain"),
    names: ["evil.exe"],
  },
  {
    title: "more parts than are read",
    message: (size) => mixed + "--b\n\n".repeat(1_000 * size),
    types: Array.from({ length: 999 }, () => "text/plain"),
    unscannable: "the message has more than 1000 parts",
  },
  {
    title: "multiparts deeper than are read",
    message: (size) => nested(101 * size),
    types: [],
    unscannable: "parts are nested deeper than 100",
  },
  {
    title: "messages in messages",
    message: (size) => `${"Content-Type: message/rfc822\n\n".repeat(40)}${evil.repeat(size)}`,
    types: [...Array.from({ length: 40 }, () => "message/rfc822"), "text/plain"],
    names: ["evil.exe"],
  },
  {
    title: "an encoded message",
    message: (size) =>
      `Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${base64(`Subject: inner\n${evil}${"x\n".repeat(size)}`)}`,
    // As it stands it is a message without a header, too.
    types: ["message/rfc822", "text/plain", "text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.encodedComposite, ambiguity.strayHeaderLine],
    contents: ["MZ\r\nx\r\n"],
  },
  {
    title: "an encoded multipart",
    message: (size) =>
      `Content-Type: multipart/mixed; boundary=c\nContent-Transfer-Encoding: quoted-printable\n\n=2D-c\nContent-Disposition: attachment; filename=3D=22evil.=\nexe=22\n\n${"MZ\n".repeat(size)}--c--\n`,
    types: ["multipart/mixed", "text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.encodedComposite],
    contents: ["MZ"],
  },
  {
    title: "encoded messages inside each other",
    message: (size) => {
      let message = evil.repeat(size);
      for (let level = 0; level < 5; level++) {
        message = `Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${base64(message)}`;
      }
      return message;
    },
    types: Array.from({ length: 5 }, () => "message/rfc822"),
    ambiguous: [ambiguity.encodedComposite],
    unscannable: "too many encoded messages inside each other",
  },
  {
    title: "a fragment of a message",
    message: (size) => `Content-Type: message/partial; id=x; number=1; total=2\n\nSubject: inner\n${evil.repeat(size)}`,
    types: ["message/partial", "text/plain"],
    names: ["evil.exe"],
    traits: ["partial"],
  },
  {
    title: "content that is somewhere else",
    message: (size) =>
      `Content-Type: message/external-body; access-type=URL; URL="http://x/${"e".repeat(size)}"\n\nContent-Type: application/x-msdownload\nContent-Disposition: attachment; filename=evil.exe\n\n`,
    types: ["message/external-body", "application/x-msdownload"],
    names: ["evil.exe"],
    traits: ["external-body"],
  },
  {
    title: "a digest",
    message: (size) =>
      `Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: inner\n${evil.repeat(size)}--b--\n`,
    types: ["message/rfc822", "text/plain"],
    names: ["evil.exe"],
  },
  {
    title: "an encrypted multipart",
    message: (size) =>
      `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: ${octets}\n\n${"hQEMA\n".repeat(size)}--b--\n`,
    types: ["application/pgp-encrypted", octets],
    traits: ["encrypted"],
  },
  {
    title: "S/MIME that is enveloped, and that is only signed",
    message: (size) =>
      `${mixed}--b\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\n${"x".repeat(size)}\n--b\nContent-Type: application/pkcs7-mime; smime-type=signed-data\n\n--b--\n`,
    types: ["application/pkcs7-mime", "application/pkcs7-mime"],
    traits: ["encrypted", "signed"],
  },
  {
    title: "two types",
    message: (size) =>
      `Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${evil.repeat(size)}--b--\n`,
    types: ["text/plain", "text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.duplicateField, ambiguity.contentType],
  },
  {
    title: "two boundaries",
    message: (size) => `Content-Type: multipart/mixed; boundary=x; boundary=b\n\n--b\n${evil.repeat(size)}--b--\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.severalBoundaries],
  },
  {
    title: "a boundary in RFC 2231 form (CPANSA-2026-116265)",
    message: (size) =>
      `Content-Type: multipart/mixed; boundary*0=b; boundary*1=c\n\n--bc\n${evil.repeat(size)}--bc--\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.severalBoundaries],
  },
  {
    title: "a boundary in an encoded word (CPANSA-2026-116266)",
    message: (size) => `Content-Type: multipart/mixed; boundary="=?utf-8?Q?b?="\n\n--b\n${evil.repeat(size)}--b--\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.severalBoundaries],
  },
  {
    title: "a gap before the boundary",
    message: (size) => `Content-Type: multipart/mixed; boundary = "b"\n\n--b\n${evil.repeat(size)}--b--\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.severalBoundaries],
  },
  {
    title: "no boundary",
    message: (size) => `Content-Type: multipart/mixed\n\n--b\n${evil.repeat(size)}--b--\n`,
    types: ["multipart/mixed"],
    ambiguous: [ambiguity.noBoundary],
  },
  {
    title: "an empty boundary",
    message: (size) => `Content-Type: multipart/mixed; boundary=""\n\n--\n${evil.repeat(size)}----\n`,
    types: [],
    unscannable: "a boundary is empty or too long",
  },
  {
    title: "a delimiter twice",
    message: (size) => `${mixed}--b\n--b\n${evil}${"x\n".repeat(size)}--b--\n`,
    types: ["text/plain", "text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.doubledDelimiter],
  },
  {
    title: "text after a delimiter",
    message: (size) => `${mixed}--b ${"junk".repeat(size)}\n${evil}--b--\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.delimiterTail],
  },
  {
    title: "a control character after a delimiter",
    message: (size) => `${mixed}--b${"\x0e".repeat(size)}\n${evil}--b--\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.delimiterTail],
  },
  {
    title: "a closing delimiter first",
    message: (size) => `${mixed}--b--\n--b\n${evil.repeat(size)}`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.noPart, ambiguity.staleBoundary, ambiguity.unclosed],
  },
  {
    title: "no closing delimiter",
    message: (size) => `${mixed}--b\n${evil.repeat(size)}`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.unclosed],
  },
  {
    title: "no delimiter at all",
    message: (size) => `${mixed}${evil.repeat(size)}`,
    types: [],
    ambiguous: [ambiguity.unclosed, ambiguity.noPart],
  },
  {
    title: "a boundary that begins another",
    message: (size) =>
      `${mixed}--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n${evil.repeat(size)}--bb--\n--b--\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.sharedBoundary],
  },
  {
    title: "the outer boundary inside",
    message: (size) => `${mixed}--b\nContent-Type: multipart/mixed; boundary=c\n\n--b\n${evil.repeat(size)}--b--\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.unclosed, ambiguity.noPart],
  },
  {
    title: "the boundary of a multipart that has ended",
    message: (size) =>
      `${mixed}--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n--c--\n--b\n\nx\n--c\n${evil.repeat(size)}--b--\n`,
    types: ["text/plain", "text/plain", "text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.staleBoundary, ambiguity.unclosed],
  },
  {
    title: "a delimiter after a bare CR",
    message: (size) => `${mixed}${"text".repeat(size)}\r--b\n${evil}--b--\n`,
    types: [],
    ambiguous: [ambiguity.noPart],
    unscannable: "a bare CR stands before a delimiter",
  },
  {
    title: "a line of blanks in the header",
    message: (size) =>
      `Content-Type: text/plain\n${" ".repeat(size)}\nContent-Disposition: attachment; filename=evil.exe\n\nMZ\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.blankHeaderLine],
  },
  {
    title: "a header line that is no field",
    message: (size) =>
      `Subject: x\n${"no field ".repeat(size)}\nContent-Disposition: attachment; filename=evil.exe\n\nMZ\n`,
    types: ["text/plain", "text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.strayHeaderLine],
  },
  {
    title: "blanks before a colon",
    message: (size) => `Content-Disposition${" ".repeat(size)}: attachment; filename=evil.exe\n\nMZ\n`,
    types: ["text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.blankBeforeColon],
  },
  {
    title: "a header that a delimiter ends",
    message: (size) => `${mixed}--b\nX: ${"x".repeat(size)}\n--b\n${evil}--b--\n`,
    types: ["text/plain", "text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.delimiterInHeader],
  },
  {
    title: "a type in quotes",
    message: (size) => `Content-Type: "multipart/mixed"; boundary=b\n\n--b\n${evil.repeat(size)}--b--\n`,
    types: ["multipart/mixed", "text/plain"],
    names: ["evil.exe"],
    ambiguous: [ambiguity.contentType, ambiguity.severalBoundaries],
  },
  {
    title: "a message that is cut in a header",
    message: (size) => `${mixed}--b\nContent-Disposition: attachment; filename="evil.exe${"x".repeat(size)}`,
    types: ["text/plain"],
    names: ["evil.exex"],
    traits: ["ambiguous-name"],
    ambiguous: [ambiguity.unclosed],
  },
  {
    title: "a header larger than is read",
    message: (size) => `X: ${"a".repeat(1_048_600 * size)}\n\n`,
    types: [],
    unscannable: "a header is larger than 1 MiB",
  },
];
