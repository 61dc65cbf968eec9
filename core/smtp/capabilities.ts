/** The service extensions that we can speak; everything else that a server offers is not passed on (RFC 5321 §2.2.2). */
export type SmtpCapabilities = {
  pipelining: boolean;
  eightBitMime: boolean;
  enhancedStatusCodes: boolean;
  smtpUtf8: boolean;
  dsn: boolean;
  /** RFC 1870: null when not offered, 0 when without a stated limit, else bytes. */
  size: number | null;
  /** RFC 3207. Of a server; what we offer ourselves hangs on the listener. */
  startTls: boolean;
  /** RFC 3030. Of ours: no server is asked for it, as a message goes on with DATA. */
  chunking: boolean;
  /** RFC 4954: SASL mechanisms in upper case, in the order of the server; empty: AUTH is not offered. */
  auth: readonly string[];
  /** RFC 9422 RCPTMAX and MAILMAX; null: not stated. */
  recipientsMax: number | null;
  messagesMax: number | null;
  /** Of a server: keywords in upper case that are none of these and stay behind. */
  strippedKeywords: readonly string[];
};

export const noCapabilities: SmtpCapabilities = {
  pipelining: false,
  eightBitMime: false,
  enhancedStatusCodes: false,
  smtpUtf8: false,
  dsn: false,
  size: null,
  startTls: false,
  chunking: false,
  auth: [],
  recipientsMax: null,
  messagesMax: null,
  strippedKeywords: [],
};

/** Names that are kept of what a server offers and we cannot speak, and mechanisms of its AUTH. */
export const strippedKeywordsMax = 100;
export const serverMechanismsMax = 64;

/** RFC 5321 §4.1.1.1 ehlo-line; `AUTH=LOGIN` is how servers before RFC 2554 wrote it. */
const ehloLine = /^([0-9A-Za-z][-0-9A-Za-z]*)(?:[ =](.*))?$/;
/** RFC 4422 §3.1 */
const mechanismName = /^[A-Z0-9_-]{1,20}$/;

/** Reads the lines of a server's EHLO reply; the first is its name. */
export function readCapabilities(ehloLines: readonly string[]): SmtpCapabilities {
  const read = { ...noCapabilities };
  const auth = new Set<string>();
  const stripped = new Set<string>();
  for (const line of ehloLines.slice(1)) {
    const [, word = "", argument = ""] = ehloLine.exec(line.trim()) ?? [];
    const keyword = word.toUpperCase();
    if (keyword === "AUTH") for (const mechanism of mechanismsOf(argument)) auth.add(mechanism);
    else if (!readKeyword(read, keyword, argument) && keyword !== "" && stripped.size < strippedKeywordsMax) {
      stripped.add(keyword);
    }
  }
  return { ...read, auth: [...auth].slice(0, serverMechanismsMax), strippedKeywords: [...stripped] };
}

function mechanismsOf(argument: string): string[] {
  return argument
    .toUpperCase()
    .split(" ")
    .filter((name) => mechanismName.test(name));
}

/** False: a verb or parameter that we cannot follow. */
function readKeyword(read: SmtpCapabilities, keyword: string, argument: string): boolean {
  switch (keyword) {
    case "PIPELINING":
      read.pipelining = true;
      return true;
    case "8BITMIME":
      read.eightBitMime = true;
      return true;
    case "ENHANCEDSTATUSCODES":
      read.enhancedStatusCodes = true;
      return true;
    case "SMTPUTF8":
      read.smtpUtf8 = true;
      return true;
    case "DSN":
      read.dsn = true;
      return true;
    case "STARTTLS":
      read.startTls = true;
      return true;
    case "CHUNKING":
      read.chunking = true;
      return true;
    case "SIZE":
      read.size = /^\d{1,15}$/.test(argument) ? Number(argument) : 0;
      return true;
    case "LIMITS": // RFC 9422 §3
      read.recipientsMax = limitIn(argument, "RCPTMAX");
      read.messagesMax = limitIn(argument, "MAILMAX");
      return true;
    default:
      return false;
  }
}

function limitIn(argument: string, name: string): number | null {
  const [, digits] = new RegExp(`(?:^|[ ;])${name}=([1-9]\\d{0,5})(?:[ ;]|$)`, "i").exec(argument) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** What policy lets us offer, whatever the server has. */
export type Offer = {
  pipelining: boolean;
  eightBitMime: boolean;
  smtpUtf8: boolean;
  enhancedStatusCodes: boolean;
  dsn: boolean;
  chunking: boolean;
  /** RFC 9422: whether the two limits are told. */
  limits: boolean;
  /** Mechanisms that may be offered now. */
  auth: readonly string[];
  startTls: boolean;
  messageBytesMax: number;
  recipientsMax: number;
  messagesMax: number;
};

/** What a server is taken to have that nobody asked yet: what we can keep for later on our own. SMTPUTF8, DSN and AUTH are promises about it. */
const unasked: SmtpCapabilities = {
  ...noCapabilities,
  pipelining: true,
  eightBitMime: true,
  enhancedStatusCodes: true,
};

/** What we offer a client: what the server offers too (null: not known), within policy and our limits. */
export function offeredCapabilities(upstream: SmtpCapabilities | null, offer: Offer): SmtpCapabilities {
  const server = upstream ?? unasked;
  const { messageBytesMax, recipientsMax } = offer;
  return {
    pipelining: offer.pipelining && server.pipelining,
    eightBitMime: offer.eightBitMime && server.eightBitMime,
    enhancedStatusCodes: offer.enhancedStatusCodes && server.enhancedStatusCodes,
    smtpUtf8: offer.smtpUtf8 && server.smtpUtf8,
    dsn: offer.dsn && server.dsn,
    size: server.size === null || server.size === 0 ? messageBytesMax : Math.min(messageBytesMax, server.size),
    startTls: offer.startTls,
    chunking: offer.chunking,
    auth: server.auth.filter((mechanism) => offer.auth.includes(mechanism)),
    recipientsMax: offer.limits ? Math.min(recipientsMax, server.recipientsMax ?? recipientsMax) : null,
    // Its MAILMAX counts by connection, and a message gets whichever is free.
    messagesMax: offer.limits ? offer.messagesMax : null,
    strippedKeywords: [],
  };
}

/** The lines of our EHLO answer (RFC 5321 §4.1.1.1). */
export function ehloLines(hostName: string, offered: SmtpCapabilities): string[] {
  const lines = [hostName];
  if (offered.pipelining) lines.push("PIPELINING");
  if (offered.size !== null) lines.push(`SIZE ${offered.size}`);
  if (offered.eightBitMime) lines.push("8BITMIME");
  if (offered.enhancedStatusCodes) lines.push("ENHANCEDSTATUSCODES");
  if (offered.smtpUtf8) lines.push("SMTPUTF8");
  if (offered.dsn) lines.push("DSN");
  if (offered.chunking) lines.push("CHUNKING");
  if (offered.auth.length > 0) lines.push(`AUTH ${offered.auth.join(" ")}`);
  const limits = [limitText("MAILMAX", offered.messagesMax), limitText("RCPTMAX", offered.recipientsMax)].join("");
  if (limits !== "") lines.push(`LIMITS${limits}`);
  if (offered.startTls) lines.push("STARTTLS");
  return lines;
}

function limitText(name: string, value: number | null): string {
  return value === null ? "" : ` ${name}=${value}`;
}
