/** What Postfix's XCLIENT can tell, in the order of the EHLO keyword. */
export const xclientNames = ["NAME", "ADDR", "PORT", "PROTO", "HELO", "LOGIN", "DESTADDR", "DESTPORT"] as const;
export type XclientName = (typeof xclientNames)[number];

/** Decoded values; null: `[UNAVAILABLE]` or `[TEMPUNAVAIL]`. What was not named is absent. */
export type XclientAttributes = { [N in XclientName]?: string | null };

const valueCharactersMax = 255;
/** As in RFC 3461 §4, and Postfix writes its own two words bare. */
const written = /^(?:[!-*,-<>-~]|\+[0-9A-Fa-f]{2})+$/;
const port = /^\d{1,5}$/;
const addressForms = /^(?:\d{1,3}(?:\.\d{1,3}){3}|IPV6:[0-9A-Fa-f:.]{2,45})$/i;
const hostWord = /^[!-~]+$/;

/** Null: not `NAME=value NAME=value …`, a name twice, or a value that is none of its kind. */
export function readXclientAttributes(text: string): XclientAttributes | null {
  const attributes: XclientAttributes = {};
  for (const part of text.split(/ +/)) {
    const equals = part.indexOf("=");
    const name = xclientNames.find((known) => known === part.slice(0, equals).toUpperCase());
    if (equals === -1 || name === undefined || name in attributes) return null;
    const value = readValue(part.slice(equals + 1));
    if (value === undefined || (value !== null && !isOfKind(name, value))) return null;
    attributes[name] = value;
  }
  return attributes;
}

function readValue(text: string): string | null | undefined {
  if (/^\[(?:UNAVAILABLE|TEMPUNAVAIL)\]$/i.test(text)) return null;
  if (!written.test(text)) return undefined;
  const value = text.replace(/\+([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return value.length > valueCharactersMax || /[^\x20-\x7e]/.test(value) ? undefined : value;
}

function isOfKind(name: XclientName, value: string): boolean {
  switch (name) {
    case "ADDR":
    case "DESTADDR":
      return addressForms.test(value);
    case "PORT":
    case "DESTPORT":
      return port.test(value) && Number(value) <= 65_535;
    case "PROTO":
      return /^E?SMTP$/i.test(value);
    case "NAME":
    case "HELO":
      return hostWord.test(value);
    case "LOGIN":
      return true;
    default:
      return name satisfies never;
  }
}
