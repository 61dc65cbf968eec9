import type { SenderAuth, SenderQuestion } from "./sender-check.ts";
import type { SpfIdentity } from "./spf-check.ts";

/** One value in the field; a longer one is left out, so that no line passes 998 octets (RFC 5322 §2.1.1). */
export const resultValueCharactersMax = 255;

/** RFC 2045 §5.1 */
const token = /^[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+$/;

type Told = { asks: ReadonlySet<SenderQuestion>; sender: SpfIdentity | null };

/** An Authentication-Results field, CRLF included, to stand before the message. */
export function authenticationResults(authservId: string, auth: SenderAuth, told: Told): string {
  return `Authentication-Results: ${resultsPayload(authservId, auth, told)}\r\n`;
}

/** What stands in it (RFC 8601 §2.2): nothing of the message but in a token or a quoted string, each result on a line of its own. */
export function resultsPayload(authservId: string, auth: SenderAuth, { asks, sender }: Told): string {
  const results = [...ofSession(auth, sender), ...ofMessage(auth, asks)];
  return [value(authservId), ...(results.length === 0 ? ["none"] : results)].join(";\r\n ");
}

function ofSession({ spf, reverseName }: SenderAuth, sender: SpfIdentity | null): string[] {
  const results: string[] = [];
  if (spf !== null) {
    // RFC 8601 §2.7.2: only what was checked is told, and of an address its domain.
    const property = sender?.mailFrom === "" ? "smtp.helo" : "smtp.mailfrom";
    results.push(result(`spf=${spf.result}`, { [property]: spf.domain }));
  }
  if (reverseName !== null) {
    // RFC 8601 §2.7.3: an address without a name is a permanent error.
    const word = { pass: "pass", fail: "fail", none: "permerror", temperror: "temperror" }[reverseName.result];
    results.push(result(`iprev=${word}`, { "policy.iprev": sender?.clientAddress ?? "" }));
  }
  return results;
}

function ofMessage({ dkim, dmarc, arc }: SenderAuth, asks: ReadonlySet<SenderQuestion>): string[] {
  const results = dkim.map((one) => result(`dkim=${one.result}`, { "header.d": one.domain, "header.s": one.selector }));
  if (results.length === 0 && asks.has("dkim")) results.push("dkim=none");
  if (dmarc !== null) {
    const policy = dmarc.policy === null ? "" : ` (p=${dmarc.policy})`;
    results.push(result(`dmarc=${dmarc.result}${policy}`, { "header.from": dmarc.domain }));
  }
  if (arc !== null) {
    const chain = arc.chain === 0 ? "" : ` (i=${arc.chain})`;
    results.push(`arc=${arc.result}${chain}`);
  }
  return results;
}

function result(said: string, properties: Readonly<Record<string, string>>): string {
  const told = Object.entries(properties).filter(([, text]) => text !== "" && text.length <= resultValueCharactersMax);
  return [said, ...told.map(([name, text]) => `${name}=${value(text)}`)].join("\r\n  ");
}

function value(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]+/g, "?");
  return token.test(printable) ? printable : `"${printable.replace(/["\\]/g, "\\$&")}"`;
}
