/** Who a message says to be from: addresses of one domain, out of one From field. */
export type Author = { addresses: readonly string[]; fields: number };

/**
 * The author, or null: there is none, there are several (RFC 9989 §5.3.1), or readers of mail may see different ones. `addresses`: as
 * mailauth reads them. `values`: the From fields, one character a byte. What stands outside of quoted strings and comments must name no
 * other domain: `<@attack.example,@any.example:admin@legit.example>` and `<admin@legit.example> b@attack.example` are read in several ways.
 */
export function readAuthor(addresses: readonly string[], values: readonly string[]): Author | null {
  const [value = ""] = values;
  if (values.length !== 1 || addresses.length === 0) return null;
  // A NUL ends the text for some readers; other control characters are shown or dropped.
  if (/[^\t\r\n\x20-\x7e\x80-\xff]/.test(value)) return null;
  const read = new Set(addresses.map(domainOf));
  if (read.size !== 1) return null;
  const seen = bareText(value).match(/@[^\s@<>(),;:"]*/g) ?? [];
  return seen.every((domain) => read.has(domain.slice(1).toLowerCase())) ? { addresses, fields: values.length } : null;
}

function domainOf(address: string): string {
  return Buffer.from(address.slice(address.lastIndexOf("@") + 1), "utf8")
    .toString("latin1")
    .toLowerCase();
}

/** Without quoted strings and comments (RFC 5322 §3.2.2, §3.2.4). */
function bareText(value: string): string {
  let bare = "";
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < value.length; at++) {
    const character = value[at] ?? "";
    if (character === "\\" && (isQuoted || depth > 0)) at++;
    else if (character === '"' && depth === 0) isQuoted = !isQuoted;
    else if (character === "(" && !isQuoted) depth++;
    else if (character === ")" && !isQuoted && depth > 0) depth--;
    else if (!isQuoted && depth === 0) bare += character;
  }
  return bare;
}
