import type { OutgoingHttpHeaders } from "node:http";
import type { ScanEnvelope, ScanSubject } from "./scanner.ts";

/** Recipients that rspamd is told, in bytes together; its own limit for a head is above that. */
export const recipientBytesMax = 32 * 1024;

/** What /checkv2 is told beside the message (rspamd's protocol). `Pass: all`: every rule is asked, whatever was found before. */
export function rspamdHeaders({ bytes, envelope }: ScanSubject): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { "Content-Length": bytes, Pass: "all" };
  if (envelope === undefined) return headers;
  const { clientAddress, clientName, helo, sender, user, queueId } = envelope;
  const words = { IP: clientAddress, Hostname: clientName, Helo: helo, User: user, "Queue-Id": queueId };
  for (const [name, word] of Object.entries(words)) if (word !== null && word !== "") headers[name] = headerWord(word);
  return { ...headers, From: `<${headerWord(sender)}>`, Rcpt: recipientWords(envelope) };
}

function recipientWords({ recipients }: ScanEnvelope): string[] {
  let left = recipientBytesMax;
  const words: string[] = [];
  for (const recipient of recipients) {
    const word = `<${headerWord(recipient)}>`;
    left -= word.length;
    if (left < 0) break;
    words.push(word);
  }
  return words;
}

/** UTF-8, which Node sends when each byte is a character; what would end the line is a question mark. */
function headerWord(text: string): string {
  return Buffer.from(text, "utf8")
    .toString("latin1")
    .replace(/[\x00-\x1f\x7f]/g, "?");
}
