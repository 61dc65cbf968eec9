import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { type TlsDemand, tlsRank } from "#core/policy/tls-demand.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import { type Reply, replyText } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { EnvelopeRecipient } from "../upstream/smtp-transaction.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import type { MessageRecord } from "./message-record.ts";
import { learnRecipient, verifyRecipient } from "./recipient-verification.ts";
import { RelayDestination } from "./relay-destination.ts";
import { guarded, type TransactionOptions } from "./transaction-options.ts";

/** Where a leg leads. `key` tells legs apart: recipients of one key can go in one message. */
export type LegPlace = {
  key: string;
  /** The same for ways that differ only in their TLS. */
  serverKey: string;
  routeName: string;
  /** As this message may use it. */
  route: SmtpRoute;
  tls: TlsDemand | null;
};

/** `by`: whose answer it is. From 400 on the recipient is refused, for `cause` where the reply does not tell it. */
export type RecipientVerdict = { reply: Reply; by: "us" | "upstream"; cause: string | null };

export type AskedRecipient = EnvelopeRecipient & { mailbox: Mailbox };

/** One way that recipients of a message go: asks its server for each while the client waits, or takes them for the spool. */
export class Leg {
  readonly place: LegPlace;
  readonly #options: TransactionOptions;
  readonly #record: MessageRecord;
  readonly #sender: string;
  #relay: RelayDestination | null = null;
  #used = false;
  #spoiled = false;
  #spools: boolean;
  #tls: TlsDemand | null;

  constructor(place: LegPlace, options: TransactionOptions, record: MessageRecord, sender: string) {
    this.place = place;
    this.#options = options;
    this.#record = record;
    this.#sender = sender;
    this.#tls = place.tls;
    this.#spools = place.route.delivery === "spool";
  }

  /** The conversation with the server; null: the message goes into the spool. */
  get relay(): RelayDestination | null {
    return this.#spools ? null : this.#relay;
  }

  /** What its delivery out of the spool must keep. */
  get tls(): TlsDemand | null {
    return this.#tls;
  }

  /** Takes a recipient of another place that asks for nothing stricter. */
  join({ route, tls }: LegPlace): this {
    // A rule that asks for less than this way has takes nothing from those who are on it.
    const isAsStrict = tlsRank(route, tls) === tlsRank(this.place.route, this.#tls);
    if (isAsStrict && tls !== "none") this.#tls ??= tls;
    return this;
  }

  /** The server took a recipient that the client heard a refusal for: the message must not go in this conversation. */
  get spoiled(): boolean {
    return this.#spoiled;
  }

  /** `keeps`: it has other recipients; without any it begins anew. */
  spoil(keeps: boolean): void {
    this.#spoiled = keeps;
    if (keeps) return;
    this.#relay?.abort();
    this.#relay = null;
    this.#used = false;
  }

  /** Whether it has a recipient. */
  get used(): boolean {
    return this.#used;
  }

  ask(recipient: AskedRecipient, done: (verdict: RecipientVerdict) => void): void {
    if (this.#spools) return this.#verify(recipient.mailbox, done);
    const { bound } = this.#options;
    if (this.place.tls === "required" && bound?.serves(this.place.route) === true) {
      const cause = "a TLS rule requires TLS, and the client logged in at the server in the clear";
      return done({ reply: replies.upstreamNotSecure, by: "us", cause });
    }
    this.#relay ??= this.#newRelay();
    const relay = this.#relay;
    const answered = (error: UpstreamError | null, said: Reply | null): void => {
      this.#record.upstreamTls = relay.upstreamTls;
      this.#record.upstream = relay.upstream ?? error?.target ?? this.#record.upstream;
      this.#record.upstreamReply = error === null ? relay.lastReply : error.answer;
      if (error === null && said !== null) {
        if (this.#maySpoolRefused(said)) {
          this.#record.cause = `spooled: the server answered ${replyText(said)}`;
          return this.#changeOver(recipient, done);
        }
        this.#used ||= said.code < 400;
        if (relay.senderTaken) learnRecipient(this.#options, this.place.route, recipient.address, said);
        return done({ reply: said, by: "upstream", cause: null });
      }
      const cause = error === null ? "no answer" : `${error.target}: ${error.message}`;
      if (error !== null && this.#maySpool(error)) {
        this.#record.cause = `spooled: ${cause}`;
        return this.#changeOver(recipient, done);
      }
      // An upstream that was lost leaves nothing to go on with: the next recipient leases anew only when none was taken.
      if (!this.#used) this.#relay = null;
      const reply = this.#used || error === null ? replies.upstreamLost : error.publicReply;
      done({ reply, by: "upstream", cause });
    };
    relay.recipient(recipient, guarded(this.#options, answered));
  }

  /** May be called twice. */
  abort(): void {
    this.#relay?.abort();
  }

  /** To the spool: the server is left, which has taken nobody. */
  #changeOver(recipient: AskedRecipient, done: (verdict: RecipientVerdict) => void): void {
    this.#relay?.abort();
    this.#relay = null;
    this.#spools = true;
    this.ask(recipient, done);
  }

  #verify(mailbox: Mailbox, done: (verdict: RecipientVerdict) => void): void {
    verifyRecipient(this.#options, this.place.route, mailbox, (failure) => {
      this.#used ||= failure === null;
      done({ by: "us", ...(failure ?? { reply: replies.recipientOk, cause: null }) });
    });
  }

  #newRelay(): RelayDestination {
    const { admission, bound, parameters, definition } = this.#options;
    const mail = { sender: this.#sender, parameters: parameters.passed, size: parameters.size };
    return new RelayDestination(bound ?? admission.services.smtpPool, this.place.route, mail, definition.settings);
  }

  #maySpool(error: UpstreamError): boolean {
    return !error.isPermanent && this.#canChangeOver();
  }

  /** RFC 5321 §4.5.3.1.10: one recipient too many is for another transaction, not for later. */
  #maySpoolRefused({ code, enhanced }: Reply): boolean {
    const isForLater = code >= 400 && code < 500 && enhanced !== "4.5.3";
    return isForLater && this.place.route.spoolOn === "down-or-4xx" && this.#canChangeOver();
  }

  #canChangeOver(): boolean {
    // Later recipients belong to the same server: only a leg that has none yet can change over.
    return (
      this.place.route.delivery === "inline-or-spool" &&
      // Later nobody could say who it is from.
      this.#options.bound === null &&
      !this.#used &&
      this.#options.admission.services.spool.full() === null
    );
  }
}
