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
};

export const noCapabilities: SmtpCapabilities = {
  pipelining: false,
  eightBitMime: false,
  enhancedStatusCodes: false,
  smtpUtf8: false,
  dsn: false,
  size: null,
  startTls: false,
};

/** Reads the lines of a server's EHLO reply; the first is its name. */
export function readCapabilities(ehloLines: readonly string[]): SmtpCapabilities {
  const read = { ...noCapabilities };
  for (const line of ehloLines.slice(1)) {
    const [keyword = "", argument = ""] = line.trim().split(/[ =]/, 2);
    switch (keyword.toUpperCase()) {
      case "PIPELINING":
        read.pipelining = true;
        break;
      case "8BITMIME":
        read.eightBitMime = true;
        break;
      case "ENHANCEDSTATUSCODES":
        read.enhancedStatusCodes = true;
        break;
      case "SMTPUTF8":
        read.smtpUtf8 = true;
        break;
      case "DSN":
        read.dsn = true;
        break;
      case "STARTTLS":
        read.startTls = true;
        break;
      case "SIZE":
        read.size = /^\d{1,15}$/.test(argument) ? Number(argument) : 0;
        break;
      default: // Not one of ours: a verb or parameter that we cannot follow is not offered.
    }
  }
  return read;
}

/**
 * What we offer a client. With a server known: what it offers too, within our limit. Not known (null): what we can keep
 * for later on our own; SMTPUTF8 and DSN are promises about a server that nobody has asked yet.
 */
export function offeredCapabilities(upstream: SmtpCapabilities | null, messageBytesMax: number): SmtpCapabilities {
  if (upstream === null) {
    return {
      ...noCapabilities,
      pipelining: true,
      eightBitMime: true,
      enhancedStatusCodes: true,
      size: messageBytesMax,
    };
  }
  const upstreamMax = upstream.size === null || upstream.size === 0 ? messageBytesMax : upstream.size;
  return { ...upstream, startTls: false, size: Math.min(messageBytesMax, upstreamMax) };
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
  if (offered.startTls) lines.push("STARTTLS");
  return lines;
}
