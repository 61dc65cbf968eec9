import { isRegistrable, registrableDomain } from "./domain.ts";
import { unicodeHost } from "./punycode.ts";
import { displayTextCharactersMax, urlCharactersMax } from "./text-limits.ts";
import { writtenUrls } from "./written-urls.ts";

/** anchor: a click away; form: where input goes; resource: fetched to show the message; refresh: gone to by itself; text: written out. */
export type LinkSource = "anchor" | "form" | "resource" | "refresh" | "text";

/**
 * What hides where a link leads. userinfo: something before an @; address: an IP address instead of a name; disguised: the host is not
 * written as it is (escapes, a number, look-alike characters that are folded away); backslash: a slash that not every reader knows.
 */
export type LinkSign = "userinfo" | "address" | "disguised" | "backslash";

export type Link = {
  /** As a browser reads it, cut to `urlCharactersMax`. */
  url: string;
  /** Lower case, without colon. */
  scheme: string;
  /** Lower case, ASCII (`xn--`), IPv4 in dots; null: the link names none (mailto:, data:, javascript:), or none that exists. */
  host: string | null;
  /** The same with its letters. */
  hostUnicode: string | null;
  displayText: string;
  /** The host that the display text names; where it names several, one of another domain than the link's. */
  displayHost: string | null;
  /** The display text names another registrable domain than the link leads to. */
  mismatch: boolean;
  source: LinkSource;
  signs: LinkSign[];
};

type Target = Pick<Link, "url" | "scheme" | "host" | "hostUnicode" | "signs">;

const schemeOf = /^[a-z][a-z0-9+.-]{0,30}(?=:)/i;
/** Parts of the message itself, or nothing at all. */
const internal = new Set(["cid", "mid", "about"]);
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Domains that are endings of file names as well: the display text `report.zip` names no host. */
const fileEndings = /\.(?:zip|mov|md|sh|py|rs|ps|pl|so|app|ai|cc|vi|ms|st)$/;
const domainName = /^(?:[\p{L}\p{N}_-]{1,63}\.){1,10}[\p{L}][\p{L}\p{N}-]{1,62}\.?(?=$|[:/?#\\])/u;

/** Reads a URL as written; null when it leads nowhere outside of the message (a fragment, a relative one without base). */
export function readLink(written: string, source: LinkSource, display: string, base: URL | null): Link | null {
  const target = readTarget(written, base);
  if (target === null) return null;
  const displayText = display.replace(/\s+/g, " ").trim().slice(0, displayTextCharactersMax);
  const named = source === "anchor" ? hostsNamedIn(displayText) : [];
  const other = target.host === null ? undefined : named.find((host) => !sameDomain(host, target.host ?? ""));
  return { ...target, displayText, displayHost: other ?? named[0] ?? null, mismatch: other !== undefined, source };
}

function readTarget(written: string, base: URL | null): Target | null {
  // WHATWG URL §4.4: tabs and line ends are taken out, control characters and blanks around it too.
  const text = written.replace(/[\t\r\n]+/g, "").replace(/^[\0- ]+/, "");
  if (text === "" || text.startsWith("#")) return null;
  const absolute = absoluteUrl(text, base);
  const url = absolute === null ? base && URL.parse(text, base) : URL.parse(absolute);
  if (url === null) return absolute === null ? null : unreadable(absolute);
  const scheme = url.protocol.slice(0, -1);
  if (internal.has(scheme)) return null;
  const host = url.hostname === "" ? null : withoutDot(url.hostname);
  const hostUnicode = host === null ? null : unicodeHost(host);
  const signs = host === null || absolute === null ? [] : signsOf(absolute, url, [host, hostUnicode ?? host]);
  return { url: url.href.slice(0, urlCharactersMax), scheme, host, hostUnicode, signs };
}

/** With the scheme that a mail reader completes (`www.example.com`, `//example.com`, `\\\\server\\share`); null: it is relative. */
function absoluteUrl(text: string, base: URL | null): string | null {
  if (schemeOf.test(text)) return text;
  if (text.startsWith("\\\\")) return `file:${text}`;
  if (/^[\\/]{2}/.test(text)) return `${base?.protocol ?? "http:"}${text}`;
  const name = base === null ? domainName.exec(text)?.[0] : undefined;
  return name !== undefined && (/^www\./i.test(name) || isRegistrable(name)) ? `http://${text}` : null;
}

/** A scheme with something behind it that is no URL, which a reader may take for one all the same. */
function unreadable(text: string): Target | null {
  const scheme = schemeOf.exec(text)?.[0].toLowerCase() ?? "";
  if (internal.has(scheme)) return null;
  return { url: text.slice(0, urlCharactersMax), scheme, host: null, hostUnicode: null, signs: ["disguised"] };
}

function signsOf(absolute: string, url: URL, hosts: readonly string[]): LinkSign[] {
  const signs: LinkSign[] = [];
  if (url.username !== "" || url.password !== "") signs.push("userinfo");
  if (/^\[|^[\d.]+$/.test(url.hostname)) signs.push("address");
  const authority = /^[^:]*:[\\/]*([^\\/?#]*)/.exec(absolute)?.[1] ?? "";
  const written = withoutDot(authority.slice(authority.lastIndexOf("@") + 1).replace(/:\d*$/, ""));
  if (!hosts.includes(written.toLowerCase())) signs.push("disguised");
  if (/^[^?#]*\\/.test(absolute)) signs.push("backslash");
  return signs;
}

function withoutDot(host: string): string {
  return host.replace(/\.$/, "");
}

/** The hosts that a reader believes to see in a display text: of its URLs, and of words that are nothing but a domain. */
function hostsNamedIn(displayText: string): string[] {
  const text = displayText.normalize("NFKC").replace(unseen, "").replaceAll("。", ".");
  const words = text.split(" ").map((word) => word.replace(/^["'(<[{“„‘«]+|["')>\]}.,;:!?”“’»]+$/g, ""));
  const domains = words.filter((word) => domainName.exec(word)?.[0] === word && !fileEndings.test(word.toLowerCase()));
  return [...writtenUrls(text), ...domains].flatMap((written) => readTarget(written, null)?.host ?? []);
}

function sameDomain(one: string, other: string): boolean {
  return registrableDomain(one) === registrableDomain(other);
}
