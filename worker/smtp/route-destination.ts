import type { SmtpProxyAction, SmtpRoute } from "#core/contract/policy-document.ts";
import type { SmtpCapabilities } from "#core/smtp/capabilities.ts";
import type { MailParameters } from "#core/smtp/parameters.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import type { Admission, GoverningPolicy } from "../services.ts";
import type { Destination } from "./destination.ts";
import type { Client } from "./message-record.ts";
import { receivedLine } from "./received-line.ts";
import { RelayDestination } from "./relay-destination.ts";
import { SpoolDestination } from "./spool-destination.ts";

/** What is fixed for a transaction when MAIL is taken. */
export type TransactionOptions = {
  admission: Admission;
  governing: GoverningPolicy;
  definition: SmtpProxyAction;
  route: SmtpRoute;
  client: Client & { helo: string; esmtp: boolean };
  offered: SmtpCapabilities;
  sender: Mailbox | null;
  parameters: MailParameters;
  /** A step failed by a defect of ours while somebody else's callback ran. */
  fault(error: unknown): void;
};

/** Where a message goes first: the server, unless the route always spools. */
export function firstDestination(options: TransactionOptions, id: string): Destination {
  const { route, admission, sender, parameters } = options;
  if (route.delivery === "spool") return spoolDestination(options, id);
  const mail = { sender: sender?.address ?? "", parameters: parameters.passed, size: parameters.size };
  return new RelayDestination(admission.services.smtpPool, route, mail);
}

export function spoolDestination(options: TransactionOptions, id: string): Destination {
  const { admission, governing, route, sender, parameters } = options;
  return new SpoolDestination(admission.services.spool, {
    id,
    receivedAt: admission.services.now(),
    interface: governing.policy.fromInterface,
    policy: governing.policy.name,
    route: route.name,
    revision: governing.revision,
    sender: sender?.address ?? "",
    mailParameters: parameters.passed,
    recipients: [],
  });
}

/** Our Received line, or null where the settings say none. */
export function traceOf(options: TransactionOptions, id: string, recipients: readonly Mailbox[]): Buffer | null {
  const { client, definition, parameters, admission } = options;
  if (definition.settings.receivedHeader === "none") return null;
  const [only, ...others] = recipients;
  return receivedLine({
    helo: client.helo,
    clientAddress: client.address,
    hostName: definition.settings.hostName,
    protocol: client.esmtp ? `${parameters.smtpUtf8 ? "UTF8SMTP" : "ESMTP"}${client.tls === null ? "" : "S"}` : "SMTP",
    id,
    recipient: only !== undefined && others.length === 0 ? only.address : null,
    at: admission.services.now(),
  });
}
