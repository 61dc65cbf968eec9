import { pick, type Random } from "./generated-message.ts";

/** Changes a message as mailers do by mistake and senders on purpose; null: there is nothing to change so. */
export type Mutation = { name: string; change(message: string, random: Random): string | null };

/** Replaces one of the places that match. */
function atOne(pattern: RegExp, by: (match: RegExpExecArray) => string): Mutation["change"] {
  return (message, random) => {
    const matches = [...message.matchAll(pattern)];
    if (matches.length === 0) return null;
    const match = pick(random, matches);
    return message.slice(0, match.index) + by(match) + message.slice(match.index + match[0].length);
  };
}

const contentField = /^Content-(?:Type|Disposition|Transfer-Encoding):.*\r\n(?:[ \t].*\r\n)*/gim;
const typeField = /^Content-Type:.*\r\n(?:[ \t].*\r\n)*/gim;
const encodingField = /^Content-Transfer-Encoding: (.*)\r\n/gim;
const anyField = /^[A-Z][\w-]*:.*\r\n/gm;
const delimiter = /^--\S+\r\n/gm;
const closing = /^--\S+--\r\n/gm;
const boundary = /boundary="?([^"\r\n]*)"?/g;
const named = /(file)?name="?([^"\r\n;]*)"?/g;

export const mutations: readonly Mutation[] = [
  { name: "nothing", change: (message) => message },
  { name: "truncated", change: (message, random) => message.slice(0, Math.floor(random() * message.length)) },
  { name: "bare LF line ends", change: (message) => message.replaceAll("\r\n", "\n") },
  { name: "a field twice, alike", change: atOne(contentField, ([field]) => field + field) },
  { name: "another type before", change: atOne(typeField, ([field]) => `Content-Type: text/x-first\r\n${field}`) },
  { name: "another type after", change: atOne(typeField, ([field]) => `${field}Content-Type: text/x-last\r\n`) },
  {
    name: "another encoding before",
    change: atOne(encodingField, ([field]) => `Content-Transfer-Encoding: base64\r\n${field}`),
  },
  {
    name: "another encoding after",
    change: atOne(encodingField, ([field]) => `${field}Content-Transfer-Encoding: base64\r\n`),
  },
  { name: "an unknown encoding", change: atOne(encodingField, () => "Content-Transfer-Encoding: x-unknown\r\n") },
  {
    name: "an encoding in quotes",
    change: atOne(encodingField, ([, value]) => `Content-Transfer-Encoding: "${value}"\r\n`),
  },
  {
    name: "an encoding with a comment",
    change: atOne(encodingField, ([, value]) => `Content-Transfer-Encoding: ${value} (x)\r\n`),
  },
  {
    name: "an encoding with a tail",
    change: atOne(encodingField, ([, value]) => `Content-Transfer-Encoding: ${value}; x\r\n`),
  },
  { name: "an encoding in upper case", change: atOne(encodingField, ([field]) => field.toUpperCase()) },
  { name: "a field removed", change: atOne(contentField, () => "") },
  { name: "no empty line after the header", change: atOne(/\r\n\r\n/g, () => "\r\n") },
  { name: "an empty line in the header", change: atOne(contentField, ([field]) => `\r\n${field}`) },
  { name: "a line of blanks in the header", change: atOne(contentField, ([field]) => ` \r\n${field}`) },
  { name: "a line of blanks after a field", change: atOne(contentField, ([field]) => `${field}\t\r\n`) },
  { name: "a header line that is no field", change: atOne(contentField, ([field]) => `no field\r\n${field}`) },
  { name: "a mailbox line before", change: (message) => `From x@y Sun Nov 22 12:00:00 2026\r\n${message}` },
  { name: "a blank before the colon", change: atOne(contentField, ([field]) => field.replace(":", " :")) },
  { name: "no blank after the colon", change: atOne(contentField, ([field]) => field.replace(": ", ":")) },
  {
    name: "upper case",
    change: atOne(contentField, ([field]) => (/boundary|name/.test(field) ? field : field.toUpperCase())),
  },
  { name: "a NUL in the header", change: atOne(contentField, ([field]) => field.replace(/.$/m, "\0$&")) },
  { name: "a bare CR in the header", change: atOne(contentField, ([field]) => field.replace(/; ?/, ";\r")) },
  { name: "two CR at a line end", change: atOne(anyField, ([field]) => field.replace("\r\n", "\r\r\n")) },
  { name: "no closing delimiter", change: atOne(closing, () => "") },
  { name: "the closing delimiter first", change: atOne(delimiter, ([line]) => `${line.trimEnd()}--\r\n${line}`) },
  {
    name: "a part after the closing delimiter",
    change: atOne(closing, ([line]) => `${line}${line.replace(/--\r\n$/, "\r\n")}\r\nlate\r\n`),
  },
  { name: "a delimiter twice", change: atOne(delimiter, ([line]) => line + line) },
  { name: "a delimiter with a tail", change: atOne(delimiter, ([line]) => `${line.trimEnd()} tail\r\n`) },
  { name: "a delimiter that goes on", change: atOne(delimiter, ([line]) => `${line.trimEnd()}x\r\n`) },
  { name: "a delimiter with blanks", change: atOne(delimiter, ([line]) => `${line.trimEnd()} \t\r\n`) },
  { name: "a blank before a delimiter", change: atOne(delimiter, ([line]) => ` ${line}`) },
  { name: "a delimiter after a bare CR", change: atOne(delimiter, ([line]) => `text\r${line}`) },
  { name: "a delimiter removed", change: atOne(delimiter, () => "") },
  { name: "no boundary", change: atOne(/;\s*boundary="?([^"\r\n]*)"?/g, () => "") },
  { name: "an empty boundary", change: atOne(boundary, () => 'boundary=""') },
  { name: "another boundary before", change: atOne(boundary, ([text]) => `boundary=other; ${text}`) },
  { name: "another boundary after", change: atOne(boundary, ([text]) => `${text}; boundary=other`) },
  {
    name: "a boundary in RFC 2231 form",
    change: atOne(boundary, ([, value = ""]) => `boundary*=us-ascii''${value.replaceAll("=", "%3D")}`),
  },
  {
    name: "a boundary in pieces",
    change: atOne(boundary, ([, value = ""]) => `boundary*0="${value.slice(0, 3)}"; boundary*1="${value.slice(3)}"`),
  },
  {
    name: "a boundary in an encoded word",
    change: atOne(
      boundary,
      ([, value = ""]) => `boundary="=?utf-8?Q?${value.replaceAll("=", "=3D").replaceAll("_", "=5F")}?="`,
    ),
  },
  { name: "a boundary with blanks at its end", change: atOne(boundary, ([, value]) => `boundary="${value}  "`) },
  { name: "blanks around the equals sign", change: atOne(boundary, ([, value]) => `boundary = "${value}"`) },
  { name: "a boundary with a comment", change: atOne(boundary, ([, value]) => `boundary="${value}" (comment)`) },
  {
    name: "a boundary without end quote",
    change: atOne(/boundary="([^"\r\n]*)"/g, ([, value]) => `boundary="${value}`),
  },
  {
    name: "a boundary without semicolon",
    change: atOne(/;(\s*)boundary/g, ([, space]) => `${space === "" ? " " : space}boundary`),
  },
  {
    name: "a boundary that begins another",
    change: atOne(/(\r\n--\S+)\r\n(?=[\s\S]*\1--)/g, ([text]) => `${text}1\r\n\r\nx${text}`),
  },
  { name: "a type with blanks", change: atOne(/^Content-Type: (\w+)\//gim, ([, type]) => `Content-Type: ${type} / `) },
  {
    name: "a type without subtype",
    change: atOne(/^Content-Type: (\w+)\/[\w-]+/gim, ([, type]) => `Content-Type: ${type}`),
  },
  { name: "an empty type", change: atOne(typeField, () => "Content-Type: \r\n") },
  { name: "a type with a comment", change: atOne(/^Content-Type: ([\w/-]+)/gim, ([text]) => `${text} (comment)`) },
  { name: "a type in quotes", change: atOne(/^Content-Type: ([\w/-]+)/gim, ([, type]) => `Content-Type: "${type}"`) },
  {
    name: "an encoded message",
    change: atOne(
      /^Content-Type: message\/rfc822\r\n\r\n([\s\S]*?)(?=\r\n--|$)/gim,
      ([, body = ""]) => `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${btoa(body)}`,
    ),
  },
  { name: "another name before", change: atOne(named, ([text, file = ""]) => `${file}name=other.txt; ${text}`) },
  { name: "another name after", change: atOne(named, ([text, file = ""]) => `${text}; ${file}name=other.txt`) },
  { name: "a name without quotes", change: atOne(named, ([, file = "", value]) => `${file}name=${value}`) },
  { name: "a name without end quote", change: atOne(/name="([^"\r\n]*)"/g, ([, value]) => `name="${value}`) },
  { name: "a name with a comment", change: atOne(named, ([text]) => `${text} (comment)`) },
  { name: "a name with a backslash", change: atOne(/name="([^"\r\n])/g, ([, first]) => `name="\\${first}`) },
  { name: "a name with blanks at its end", change: atOne(/name="([^"\r\n]*)"/g, ([, value]) => `name="${value} . "`) },
  { name: "a name folded inside", change: atOne(/name="([^"\r\n]{3})/g, ([text]) => `${text}\r\n `) },
  { name: "a name in 8 bits", change: atOne(/name="([^"\r\n]*)"/g, ([, value]) => `name="\xe9${value}"`) },
  {
    name: "a name encoded twice",
    change: atOne(/(file)?name="[^"\r\n]*"/g, ([, file = ""]) => `${file}name*=utf-8''=?utf-8?Q?evil=2Eexe?=`),
  },
  {
    name: "pieces of a name out of order",
    change: atOne(
      /(file)?name="([^"\r\n]*)"/g,
      ([, file = "", value = ""]) => `${file}name*1="${value.slice(2)}"; ${file}name*0="${value.slice(0, 2)}"`,
    ),
  },
  {
    name: "pieces of a name with a gap",
    change: atOne(
      /(file)?name="([^"\r\n]*)"/g,
      ([, file = "", value = ""]) => `${file}name*0="${value.slice(0, 2)}"; ${file}name*2="${value.slice(2)}"`,
    ),
  },
  {
    name: "padding inside base64",
    change: atOne(/^[A-Za-z0-9+/]{76}\r\n/gm, ([line]) => `${line.slice(0, 30)}==${line.slice(32)}`),
  },
  {
    name: "junk inside base64",
    change: atOne(/^[A-Za-z0-9+/]{76}\r\n/gm, ([line]) => `${line.slice(0, 30)}!*\u0080 ${line.slice(30)}`),
  },
  { name: "URL-safe base64", change: atOne(/^[A-Za-z0-9+/]{76}\r\n/gm, ([line]) => `-_${line.slice(2)}`) },
  {
    name: "base64 cut short",
    change: atOne(/^([A-Za-z0-9+/]{8,75})=*(?=\r\n)/gm, ([, digits = ""]) => digits.slice(0, -3)),
  },
  { name: "a bad escape", change: atOne(/=[0-9A-F]{2}/g, () => "=4 =ZZ =") },
  { name: "lower-case escapes", change: atOne(/=[0-9A-F]{2}/g, ([text]) => text.toLowerCase()) },
  { name: "blanks after a soft line break", change: atOne(/=\r\n/g, () => "= \t\r\n") },
  { name: "blanks at a line's end", change: atOne(/\w\r\n/g, ([text]) => `${text[0]} \r\n`) },
  { name: "a NUL in a body", change: atOne(/\r\n\r\n/g, ([text]) => `${text}\0`) },
  { name: "a bare CR in a body", change: atOne(/\r\n\r\n/g, ([text]) => `${text}a\rb`) },
  {
    name: "bytes changed",
    change: (message, random) => {
      const at = Math.floor(random() * message.length);
      return message.slice(0, at) + String.fromCharCode(random() * 256) + message.slice(at + 1);
    },
  },
  {
    name: "a line moved",
    change: (message, random) => {
      const lines = message.split("\r\n");
      const [line = ""] = lines.splice(Math.floor(random() * lines.length), 1);
      lines.splice(Math.floor(random() * lines.length), 0, line);
      return lines.join("\r\n");
    },
  },
];
