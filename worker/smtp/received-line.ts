import { mailDate } from "#core/message/mail-date.ts";
import type { TransactionOptions } from "./transaction-options.ts";

export type Trace = {
  helo: string;
  clientAddress: string;
  hostName: string;
  /** RFC 3848, RFC 6531 §4.3. */
  protocol: "SMTP" | `${"ESMTP" | "UTF8SMTP"}${"" | "S"}${"" | "A"}`;
  id: string;
  /** Named only when it is the only one: the others must not be told (RFC 5321 §7.6). */
  recipient: string | null;
  at: number;
};

const heloShown = /^(?:[0-9A-Za-z_.-]{1,255}|\[[0-9A-Za-z:.]{1,60}\])$/;

/** Our line for a message, or null where the settings say none. */
export function receivedLineOf(
  { client, definition, parameters, admission }: TransactionOptions,
  id: string,
  recipients: readonly { address: string }[],
): Buffer | null {
  if (definition.settings.receivedHeader === "none") return null;
  const [only, ...others] = recipients;
  return receivedLine({
    helo: client.helo,
    clientAddress: client.address,
    hostName: definition.settings.hostName,
    protocol: client.esmtp
      ? `${parameters.smtpUtf8 ? "UTF8SMTP" : "ESMTP"}${client.tls === null ? "" : "S"}${client.auth === null ? "" : "A"}`
      : "SMTP",
    id,
    recipient: only !== undefined && others.length === 0 ? only.address : null,
    at: admission.services.now(),
  });
}

/** The trace line that a relay puts on top (RFC 5321 §4.4), folded, CRLF included. */
export function receivedLine({ helo, clientAddress, hostName, protocol, id, recipient, at }: Trace): Buffer {
  const literal = clientAddress.includes(":") ? `IPv6:${clientAddress}` : clientAddress;
  // Any word may be said in EHLO: what could open a comment or another clause is not repeated.
  const from = heloShown.test(helo) ? helo : "unknown";
  const forClause = recipient === null ? "" : `\r\n\tfor <${recipient}>`;
  return Buffer.from(
    `Received: from ${from} ([${literal}])\r\n\tby ${hostName} with ${protocol} id ${id}${forClause};\r\n\t${mailDate(at)}\r\n`,
  );
}
