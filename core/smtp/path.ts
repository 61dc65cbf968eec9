/** A mailbox in the one spelling that is both judged and sent on. */
export type Mailbox = { address: string; localPart: string; domain: string };

/** `utf8`: the address has characters outside ASCII. `rest`: the text after the `>`. */
export type PathResult = { ok: true; mailbox: Mailbox | null; rest: string; utf8: boolean } | { ok: false };

const localPartBytesMax = 64;
const domainBytesMax = 255;
const pathBytesMax = 254;

const syntaxError: PathResult = { ok: false };

/** RFC 5322 atext, and RFC 6531 §3.3: everything outside ASCII. */
const dotString =
  /^[-0-9A-Za-z!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}]+(?:\.[-0-9A-Za-z!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}]+)*$/u;
const label = /^[0-9A-Za-z_\p{L}\p{N}](?:[-0-9A-Za-z_\p{L}\p{M}\p{N}]*[0-9A-Za-z_\p{L}\p{M}\p{N}])?$/u;
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Z}]/u;
const literal = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9A-Fa-f:.]{2,45})\]$/i;

/**
 * Reads `<…>` at the start of the text (RFC 5321 §4.1.2) and gives what follows it. A null mailbox is `<>`.
 * A source route is read and forgotten (§4.1.1.3, appendix C); quoting that is not needed is undone.
 */
export function readPath(text: string): PathResult {
  if (!text.startsWith("<")) return syntaxError;
  const end = closingBracket(text);
  if (end === -1) return syntaxError;
  const rest = text.slice(end + 1);
  const inside = withoutSourceRoute(text.slice(1, end));
  if (inside === null) return syntaxError;
  if (inside === "") return end === 1 ? { ok: true, mailbox: null, rest, utf8: false } : syntaxError;
  const mailbox = readMailbox(inside);
  if (mailbox === null) return syntaxError;
  return { ok: true, mailbox, rest, utf8: !isAscii(mailbox.address) };
}

function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}

/** The `>` that is not inside quotes. */
function closingBracket(text: string): number {
  let quoted = false;
  for (let at = 1; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === "\\") at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ">") return at;
  }
  return -1;
}

function withoutSourceRoute(path: string): string | null {
  if (!path.startsWith("@")) return path;
  const colon = path.indexOf(":");
  if (colon === -1) return null;
  const hosts = path.slice(0, colon).split(",");
  return hosts.every((host) => host.startsWith("@") && isDomain(host.slice(1))) ? path.slice(colon + 1) : null;
}

function readMailbox(text: string): Mailbox | null {
  const quotedEnd = text.startsWith('"') ? closingQuote(text) : -1;
  const at = quotedEnd === -1 ? text.indexOf("@") : quotedEnd + 1;
  const domain = at === -1 ? "" : text.slice(at + 1);
  const written = at === -1 ? text : text.slice(0, at);
  const localPart = quotedEnd === -1 ? written : unquoted(written);
  // RFC 5321 §4.1.1.3: the one recipient without a domain.
  if (at === -1) return /^postmaster$/i.test(written) ? { address: written, localPart: written, domain: "" } : null;
  if (text[at] !== "@" || localPart === null || !isLocalPart(localPart, quotedEnd !== -1) || !isDomain(domain))
    return null;
  const address = `${dotString.test(localPart) ? localPart : quoted(localPart)}@${domain}`;
  return byteLength(address) > pathBytesMax ? null : { address, localPart, domain };
}

function closingQuote(text: string): number {
  for (let at = 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function unquoted(text: string): string | null {
  const content = text.slice(1, -1).replace(/\\(.)/g, "$1");
  return content === "" ? null : content;
}

function quoted(content: string): string {
  return `"${content.replace(/["\\]/g, "\\$&")}"`;
}

function isLocalPart(text: string, wasQuoted: boolean): boolean {
  if (byteLength(text) > localPartBytesMax) return false;
  if (invisible.test(text.replaceAll(" ", wasQuoted ? "" : " "))) return false;
  return wasQuoted || dotString.test(text);
}

/** A domain name or an address literal. Outside ASCII only what stays the same under NFKC: no look-alikes of dot, at or letters. */
function isDomain(text: string): boolean {
  if (literal.test(text)) return true;
  if (text === "" || byteLength(text) > domainBytesMax || text.normalize("NFKC") !== text) return false;
  return text.split(".").every((part) => byteLength(part) <= 63 * (isAscii(part) ? 1 : 4) && label.test(part));
}

function byteLength(text: string): number {
  return isAscii(text) ? text.length : new TextEncoder().encode(text).length;
}

/**
 * Whether a recipient's local part asks a server to relay (`user%host`, `host!user`, a quoted `user@host`): refused,
 * so that the address we judge is the one that the next server acts on. Deviation: RFC 5321 §2.3.11 leaves this to the final server.
 */
export function asksToRelay(mailbox: Mailbox): boolean {
  return /[@%!]/.test(mailbox.localPart);
}
