import type { Outcome } from "#core/contract/event.ts";
import type { Facts } from "#core/contract/facts.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { ContentDecisions } from "../scan/content-decisions.ts";
import type { SpoolEnvelope } from "../spool/spool.ts";
import type { EnvelopeRecipient, ReplyOrError } from "../upstream/smtp-transaction.ts";
import type { Delivery, Destination } from "./destination.ts";
import type { Group } from "./envelope.ts";
import { recipientFacts } from "./envelope-facts.ts";
import { type BodyDecisions, type BodyFraming, MessageBody } from "./message-body.ts";
import { MessageIdDestination } from "./message-id-destination.ts";
import type { MessageRecord } from "./message-record.ts";
import { receivedLineOf } from "./received-line.ts";
import type { RelayDestination } from "./relay-destination.ts";
import { type Branch, SplitDecisions, SplitDestination } from "./split-destination.ts";
import { SpoolDestination } from "./spool-destination.ts";
import { guarded, type TransactionOptions } from "./transaction-options.ts";

/** What is sent to whom. */
export type FinalEnvelope = { sender: Mailbox | null; groups: readonly Group[] };

type Opening = { destination: Destination; decisions: BodyDecisions; received: Buffer | null };

/**
 * A message with its final envelope, on its way: to the server that was asked, to the spool, or, where its recipients need several
 * ways or treatments, to the spool once for each.
 */
export class Consignment {
  readonly #options: TransactionOptions;
  readonly #record: MessageRecord;
  readonly #facts: Facts;
  readonly #envelope: FinalEnvelope;
  readonly #framing: BodyFraming;
  #branches: readonly Branch[] = [];
  #destination: Destination | null = null;
  #body: MessageBody | null = null;

  constructor(
    options: TransactionOptions,
    record: MessageRecord,
    facts: Facts,
    envelope: FinalEnvelope,
    framing: BodyFraming,
  ) {
    this.#framing = framing;
    this.#options = options;
    this.#record = record;
    this.#facts = facts;
    this.#envelope = envelope;
  }

  get body(): MessageBody | null {
    return this.#body;
  }

  /** Calls back with null when the body may follow, or with why not. */
  open(done: (refused: { reply: Reply; outcome: Outcome } | null) => void): void {
    const { groups } = this.#envelope;
    const [only, ...others] = groups;
    if (only === undefined) throw new Error("a message without recipients");
    const relay = others.length === 0 && !only.leg.spoiled ? only.leg.relay : null;
    if (relay !== null) {
      return this.#askCopies(relay, only.recipients.slice(only.asked), (refused) => {
        if (refused === null) this.#openWith(this.#single(only, relay), done);
        else done(refused);
      });
    }
    if (this.#options.bound !== null && (others.length > 0 || only.leg.spoiled)) {
      this.#record.cause = "several ways for one message of a client that logged in at the server";
      return done({ reply: replies.localError, outcome: "refused" });
    }
    for (const { leg } of groups) leg.abort();
    if (others.length > 0) this.#openWith(this.#split(groups), done);
    else this.#openWith(this.#single(only, this.#spoolDestination(only)), done);
  }

  /** The end mark was read and nothing is against the message. */
  end(done: (delivery: Delivery) => void): void {
    this.#destination?.end(this.#body?.summary.subject ?? null, (delivery) => {
      this.#record.upstreamReply = this.#destination?.lastReply ?? this.#record.upstreamReply;
      done(delivery);
    });
  }

  /** Puts down what was read of the message. */
  summarise(): void {
    this.#record.bytes = this.#body?.decoder.decodedBytes ?? 0;
    this.#record.summary = this.#body?.summary ?? null;
  }

  /** Writes the event, or one for each copy. */
  tell(outcome: Outcome, said: Reply | null): void {
    if (this.#branches.length === 0) return this.#record.emit(outcome, said);
    for (const { record, decisions } of this.#branches) {
      const kept = outcome === "spooled" && decisions.refusal !== null;
      record.summary = decisions.summary;
      record.bytes = this.#record.bytes;
      record.messageIdReplacement = this.#record.messageIdReplacement;
      record.cause = kept
        ? "refused for these recipients while others get it: kept in the queue as failed"
        : this.#record.cause;
      record.emit(kept ? "refused" : outcome, said);
    }
  }

  abort(): void {
    this.#destination?.abort();
  }

  /** A copy that cannot be had stops the message: whoever asked for it must not miss it in silence. */
  #askCopies(
    relay: RelayDestination,
    copies: readonly EnvelopeRecipient[],
    done: (refused: { reply: Reply; outcome: Outcome } | null) => void,
  ): void {
    const [copy, ...others] = copies;
    if (copy === undefined) return done(null);
    const answered: ReplyOrError = (error, said) => {
      if (said !== null && said.code < 400) return this.#askCopies(relay, others, done);
      const { lastReply } = relay;
      this.#record.upstreamReply = lastReply;
      this.#record.cause = `the copy to ${copy.address} was not taken${error === null ? "" : `: ${error.message}`}`;
      done({ reply: error === null ? replies.localError : replies.upstreamLost, outcome: "aborted" });
    };
    relay.recipient(copy, guarded(this.#options, answered));
  }

  #openWith(
    { destination: plain, decisions, received }: Opening,
    done: (refused: { reply: Reply; outcome: Outcome } | null) => void,
  ): void {
    const { definition } = this.#options;
    const destination = definition.settings.messageIdHeader === "replace" ? this.#renaming(plain) : plain;
    this.#destination = destination;
    const opened = (said: Reply): void => {
      if (said.code === 354) {
        this.#body = new MessageBody(destination, decisions, definition, received, this.#framing);
        return done(null);
      }
      this.#record.upstreamReply = destination.lastReply ?? this.#record.upstreamReply;
      const outcome =
        destination.kind === "spool" ? "refused" : said === replies.upstreamLost ? "aborted" : "upstream-refused";
      done({ reply: said, outcome });
    };
    destination.open(guarded(this.#options, opened));
  }

  #renaming(destination: Destination): Destination {
    return new MessageIdDestination(destination, this.#options.definition.settings.hostName, (messageId) => {
      this.#record.messageIdReplacement = messageId;
    });
  }

  #single({ leg, recipients, judgedAs }: Group, destination: Destination): Opening {
    const { routeName } = leg.place;
    if (routeName !== this.#options.route.name) this.#record.route = routeName;
    const received = receivedLineOf(this.#options, this.#record.id, recipients);
    return { destination, decisions: this.#decisions(judgedAs, this.#record), received };
  }

  #split(groups: readonly Group[]): Opening {
    this.#record.cause = `split: ${groups.length} copies by treatment`;
    // Servers were asked; none gets the message now.
    this.#record.upstream = null;
    this.#record.upstreamTls = null;
    this.#branches = groups.map((group, index): Branch => {
      const addresses = new Set(group.recipients.map(({ address }) => address));
      const record = index === 0 ? this.#record : this.#record.fork(addresses);
      record.route = group.leg.place.routeName;
      return {
        envelope: this.#spoolEnvelope(group, record.id),
        decisions: this.#decisions(group.judgedAs, record),
        record,
        received: receivedLineOf(this.#options, record.id, group.recipients),
      };
    });
    const destination = new SplitDestination(this.#options.admission.services.spool, this.#branches);
    return { destination, decisions: new SplitDecisions(this.#branches), received: null };
  }

  #decisions(judgedAs: readonly Mailbox[], record: MessageRecord): ContentDecisions {
    const { governing, admission } = this.#options;
    const facts = { ...this.#facts, ...recipientFacts(judgedAs), recipientCount: judgedAs.length };
    return new ContentDecisions(governing.policy.action, facts, admission.services, record.log);
  }

  #spoolDestination(group: Group): SpoolDestination {
    const { spool } = this.#options.admission.services;
    return new SpoolDestination(spool, this.#spoolEnvelope(group, this.#record.id));
  }

  #spoolEnvelope({ leg, recipients }: Group, id: string): SpoolEnvelope {
    const { admission, governing, parameters } = this.#options;
    const { tls, place } = leg;
    return {
      id,
      receivedAt: admission.services.now(),
      interface: governing.policy.fromInterface,
      policy: governing.policy.name,
      route: place.routeName,
      revision: governing.revision,
      sender: this.#envelope.sender?.address ?? "",
      mailParameters: parameters.passed,
      recipients: recipients.map(({ address, parameters: own }) => ({ address, parameters: [...own] })),
      ...(tls === null ? {} : { tls }),
    };
  }
}
