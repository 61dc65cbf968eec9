/** One line of a login, CRLF included (RFC 4954 §4). */
export const authLineBytesMax = 12_288;
const userBytesMax = 255;

/** RFC 4648 §4, canonical or not: what the server makes of it is its business, but it can be nothing else than base64. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[0-9A-Za-z+/]*={0,2}$/.test(text);
}

/**
 * Whose login it is, where a client's message tells it in the clear: for records and rules, never the secret. `index` counts the
 * client's messages from 0. Null: this message does not tell, or it cannot be read.
 */
export function saslUser(mechanism: string, index: number, message: string): string | null {
  const bytes = isBase64(message) ? userIn(mechanism, index, atob(message)) : null;
  const user = bytes === null ? null : decoded(bytes);
  return user === null || user === "" || /[\p{Cc}\p{Cf}]/u.test(user) ? null : user.slice(0, userBytesMax);
}

/** Whether the client's first message tells whose login it is. */
export function tellsUser(mechanism: string): boolean {
  return /^(?:PLAIN|LOGIN|CRAM-MD5|SCRAM-SHA-(?:1|256|512)|XOAUTH2|OAUTHBEARER)$/.test(mechanism);
}

/** Whether a message asks to act for somebody else than the user whose secret it has (RFC 4422 §3.4.1), where that can be read. */
export function actsForAnother(mechanism: string, message: string): boolean {
  if (!isBase64(message)) return false;
  const text = atob(message);
  if (mechanism !== "PLAIN" && !mechanism.startsWith("SCRAM-")) return false;
  const pattern = mechanism === "PLAIN" ? /^([^\0]*)\0([^\0]*)\0/ : /^[ny],a=([^,]*),n=([^,]*),/;
  const [, owner = "", user = ""] = pattern.exec(text) ?? [];
  return owner !== "" && owner !== user;
}

/** One character a byte: what surrounds a name need not be UTF-8. */
function userIn(mechanism: string, index: number, text: string): string | null {
  switch (mechanism) {
    case "PLAIN": // RFC 4616 §2: authzid NUL authcid NUL passwd
      return index === 0 ? (/^[^\0]*\0([^\0]*)\0/.exec(text)?.[1] ?? null) : null;
    case "LOGIN":
      return index === 0 ? text : null;
    case "CRAM-MD5": // RFC 2195 §2: user, blank, digest
      return index === 0 ? (/^(.*) [0-9a-f]{32}$/i.exec(text)?.[1] ?? null) : null;
    case "SCRAM-SHA-1":
    case "SCRAM-SHA-256":
    case "SCRAM-SHA-512": {
      // RFC 5802 §5.1: in the user's name = and , are written =3D and =2C.
      const name = index === 0 ? /^[ny],[^,]*,n=([^,]*),/.exec(text)?.[1] : undefined;
      return name === undefined ? null : name.replaceAll("=2C", ",").replaceAll("=3D", "=");
    }
    case "XOAUTH2":
      // Of two users, servers may take either.
      return index === 0 ? (/^user=([^\x01]*)\x01(?!(?:[^]*\x01)?user=)/i.exec(text)?.[1] ?? null) : null;
    case "OAUTHBEARER": // RFC 7628 §3.1
      return index === 0 ? (/^n,a=([^,\x01]*),/.exec(text)?.[1] ?? null) : null;
    default:
      return null;
  }
}

/** Null: the bytes are not UTF-8. */
function decoded(bytes: string): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
    );
  } catch {
    return null;
  }
}
