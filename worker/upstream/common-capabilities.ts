import type { SmtpCapabilities } from "#core/smtp/capabilities.ts";

/** What all of them can: a client is offered nothing that the server which its message then goes to may lack. Null: none is known. */
export function commonCapabilities(known: readonly SmtpCapabilities[]): SmtpCapabilities | null {
  const [first, ...others] = known;
  return first === undefined ? null : others.reduce(both, first);
}

function both(a: SmtpCapabilities, b: SmtpCapabilities): SmtpCapabilities {
  return {
    pipelining: a.pipelining && b.pipelining,
    eightBitMime: a.eightBitMime && b.eightBitMime,
    enhancedStatusCodes: a.enhancedStatusCodes && b.enhancedStatusCodes,
    smtpUtf8: a.smtpUtf8 && b.smtpUtf8,
    dsn: a.dsn && b.dsn,
    size: smallerSize(a.size, b.size),
    startTls: a.startTls && b.startTls,
    chunking: a.chunking && b.chunking,
    auth: a.auth.filter((mechanism) => b.auth.includes(mechanism)),
    recipientsMax: smaller(a.recipientsMax, b.recipientsMax),
    messagesMax: smaller(a.messagesMax, b.messagesMax),
    strippedKeywords: [...new Set([...a.strippedKeywords, ...b.strippedKeywords])],
  };
}

/** RFC 1870 §3: 0 is without a limit. */
function smallerSize(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return null;
  return a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b);
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
