import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import { ServerMachine, type StartTlsState } from "#core/smtp/server-machine.ts";
import type { XclientAttributes } from "#core/smtp/xclient.ts";
import { SessionRecord } from "../net/session-record.ts";
import type { Admission } from "../services.ts";
import { smtpDefinition } from "./begin-transaction.ts";
import type { Client } from "./message-record.ts";
import { SessionLimits } from "./session-limits.ts";
import { commandsOff } from "./session-side-commands.ts";
import { startTlsState } from "./session-tls.ts";
import { readmitted, takesXclient } from "./session-xclient.ts";

/** Whose session it is, under which policy, and how far it has come. */
export class SessionSubject {
  readonly record: SessionRecord;
  admission: Admission;
  definition: SmtpProxyAction;
  client: Client;
  limits: SessionLimits;
  machine: ServerMachine;

  constructor(admission: Admission) {
    this.record = new SessionRecord(admission.services);
    this.admission = { ...admission, services: { ...admission.services, recorder: this.record } };
    this.definition = smtpDefinition(admission.governing.policy.action.definition);
    this.client = { ...admission.client, helo: null, tls: null, auth: null };
    this.limits = new SessionLimits(this.definition.limits);
    this.machine = this.#newMachine(startTlsState(admission.tls ?? null));
  }

  /** TLS begins: nothing of what was said in the clear counts (RFC 3207 §4.2). */
  beginTls(): void {
    this.client = { ...this.client, helo: null, auth: null };
    this.#restart("active");
  }

  /** A proxy that is believed tells whose session it is: it begins anew under the policy of that address. Null: done; else why not. */
  become(attributes: XclientAttributes): "bad-address" | "refused" | null {
    const described = readmitted(this.admission, this.client, attributes);
    if (typeof described === "string") return described;
    this.admission = described.admission;
    this.client = described.client;
    this.definition = smtpDefinition(described.admission.governing.policy.action.definition);
    this.limits = new SessionLimits(this.definition.limits);
    this.#restart(this.client.tls === null ? startTlsState(this.admission.tls ?? null) : "active");
    return null;
  }

  #restart(startTls: StartTlsState): void {
    this.machine.close();
    this.machine = this.#newMachine(startTls);
  }

  #newMachine(startTls: StartTlsState): ServerMachine {
    const { limits, settings } = this.definition;
    const off = commandsOff(settings, takesXclient(settings, this.client.address));
    return new ServerMachine(limits.commandBytesMax, startTls, off);
  }
}
