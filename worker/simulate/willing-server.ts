import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { SmtpCapabilities } from "#core/smtp/capabilities.ts";
import { type Reply, reply } from "#core/smtp/reply.ts";
import type { ClientStep } from "#core/smtp/states.ts";
import type { LeasedConnection, LeaseTaker, SmtpLeases } from "../upstream/smtp-transaction.ts";

/** A message that was taken for a route: dots undone. `number`: which of those that were given, from 1; absent: the only one. */
export type TakenMessage = { route: string; recipients: readonly string[]; bytes: Uint8Array; number?: number };

/** What a server offers of which nothing is known: everything that a message may need. */
const everything: SmtpCapabilities = {
  pipelining: true,
  eightBitMime: true,
  enhancedStatusCodes: true,
  smtpUtf8: true,
  dsn: true,
  size: 0,
  startTls: false,
  chunking: false,
  auth: [],
  recipientsMax: null,
  messagesMax: null,
  strippedKeywords: [],
};

/** In the place of every route's servers: says yes to everything, sends nothing anywhere, and keeps what it is given. */
export class WillingServers implements SmtpLeases {
  readonly taken: TakenMessage[] = [];

  /** As of a pool: nothing is known where no server is asked before a recipient is there. */
  capabilities({ delivery, lookup }: SmtpRoute): SmtpCapabilities | null {
    return delivery === "spool" || lookup === "mx" ? null : everything;
  }

  lease(route: SmtpRoute, _domain: string, done: LeaseTaker): void {
    done(null, new WillingConnection(route.name, (message) => this.taken.push(message)));
  }

  release(): void {
    // Nobody else wants it.
  }

  drop(): void {
    // There is nothing to cut.
  }
}

class WillingConnection implements LeasedConnection {
  readonly tls = null;
  readonly closed = false;
  readonly unsentBytes = 0;
  transactions = 0;
  waiting = 0;
  onLost: LeasedConnection["onLost"] = null;
  onDrain: LeasedConnection["onDrain"] = null;
  readonly #recipients: string[] = [];
  readonly #body: Buffer[] = [];

  readonly target: string;
  readonly capabilities = everything;
  readonly #take: (message: TakenMessage) => void;

  constructor(routeName: string, take: (message: TakenMessage) => void) {
    this.target = routeName;
    this.#take = take;
  }

  send(step: ClientStep, line: string, taker: (said: Reply) => void): void {
    const address = /^RCPT TO:<(.*?)>(?: |$)/.exec(line)?.[1];
    if (address !== undefined) this.#recipients.push(address);
    this.#answer(step === "DATA" ? reply(354, null, "go on") : reply(250, "2.0.0", "OK"), taker);
  }

  writeBody(slice: Uint8Array): boolean {
    this.#body.push(Buffer.from(slice));
    return true;
  }

  endBody(taker: (said: Reply) => void): void {
    const stuffed = Buffer.concat(this.#body).toString("latin1");
    // RFC 5321 §4.5.2
    const bytes = Buffer.from(stuffed.replace(/(^|\r\n)\./g, "$1"), "latin1");
    this.#take({ route: this.target, recipients: [...this.#recipients], bytes });
    this.#answer(reply(250, "2.0.0", "OK"), taker);
  }

  /** Not before the question was put. */
  #answer(said: Reply, taker: (said: Reply) => void): void {
    this.waiting++;
    queueMicrotask(() => {
      this.waiting--;
      taker(said);
    });
  }
}
