import type { Outcome } from "#core/contract/event.ts";
import type { Facts } from "#core/contract/facts.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { SpoolEnvelope } from "../spool/spool.ts";
import type { EnvelopeRecipient, ReplyOrError } from "../upstream/smtp-transaction.ts";
import { isTaken, refusal } from "./answer.ts";
import type { Destination } from "./destination.ts";
import type { Group } from "./envelope.ts";
import type { BodyFraming, MessageBody } from "./message-body.ts";
import { MessageIdDestination } from "./message-id-destination.ts";
import { MessagePassage, type PassageEnd } from "./message-passage.ts";
import type { MessageRecord } from "./message-record.ts";
import { receivedLineOf } from "./received-line.ts";
import type { RelayDestination } from "./relay-destination.ts";
import { holdsMessages, type SmtpCopy } from "./smtp-content.ts";
import { SplitDestination } from "./split-destination.ts";
import { SpoolDestination } from "./spool-destination.ts";
import { guarded, type TransactionOptions } from "./transaction-options.ts";

/** What is sent to whom. `groupFor`: the way of an address that content rules name. */
export type FinalEnvelope = {
  sender: Mailbox | null;
  groups: readonly Group[];
  groupFor(mailbox: Mailbox): Group;
};

type Refused = { reply: Reply; outcome: Outcome };

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
  #copies: readonly SmtpCopy[] = [];
  #destination: Destination | null = null;
  #passage: MessagePassage | null = null;

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
    return this.#passage?.body ?? null;
  }

  /** What was begun is brought to its end, whether the client is there or not. */
  get isSettling(): boolean {
    return this.#passage?.isSettling ?? false;
  }

  /** Calls back with null when the body may follow, or with why not. */
  open(done: (refused: Refused | null) => void): void {
    const { groups } = this.#envelope;
    const [only, ...others] = groups;
    if (only === undefined) throw new Error("a message without recipients");
    const relay = others.length === 0 && !only.leg.spoiled ? only.leg.relay : null;
    if (relay !== null) {
      return this.#askCopies(relay, only.recipients.slice(only.asked), (refused) => {
        if (refused === null) this.#openWith(relay, this.#single(only), done);
        else done(refused);
      });
    }
    if (this.#options.bound !== null && (others.length > 0 || only.leg.spoiled)) {
      this.#record.cause = "several ways for one message of a client that logged in at the server";
      return done({ reply: replies.localError, outcome: "refused" });
    }
    for (const { leg } of groups) leg.abort();
    if (others.length === 0) return this.#openWith(this.#spoolDestination(only), this.#single(only), done);
    const copies = this.#split(groups);
    this.#openWith(this.#splitDestination(copies), copies, done);
  }

  /** The end mark was read. Calls back once, perhaps before it returns; not after `abort`. */
  end(done: (end: PassageEnd) => void): void {
    if (this.#passage === null) throw new Error("no body to end");
    this.#passage.end((end) => {
      this.summarise();
      this.#record.upstreamReply = this.#destination?.lastReply ?? this.#record.upstreamReply;
      done(end);
    });
  }

  /** Puts down what was read of the message. */
  summarise(): void {
    this.#record.bytes = this.body?.decoder.decodedBytes ?? 0;
    this.#record.summary = this.body?.summary ?? null;
  }

  /** Writes the event, or one for each copy. */
  tell(outcome: Outcome, said: Reply | null): void {
    const content = this.#passage?.content.content ?? null;
    for (const [index, { record }] of this.#copies.entries()) {
      const copy = content?.copies[index];
      if (content !== null && copy !== undefined) record.addContent(content, copy);
    }
    if (this.#copies.length <= 1) return this.#record.emit(outcome, said);
    const isDelivered = outcome === "spooled";
    for (const [index, { record }] of this.#copies.entries()) {
      const refusal = content?.copies[index]?.decisions.refusal ?? null;
      const own = isDelivered ? outcomeOf(refusal) : outcome;
      record.summary = this.#record.summary;
      record.bytes = this.#record.bytes;
      record.messageIdReplacement ??= this.#record.messageIdReplacement;
      const isKeptAsFailed = isDelivered && own === "refused";
      record.cause = isKeptAsFailed
        ? "refused for these recipients while others get it: kept in the queue as failed"
        : this.#record.cause;
      record.emit(own, said);
    }
  }

  abort(): void {
    this.#passage?.abort();
    this.#destination?.abort();
  }

  /** A copy that cannot be had stops the message: whoever asked for it must not miss it in silence. */
  #askCopies(
    relay: RelayDestination,
    copies: readonly EnvelopeRecipient[],
    done: (refused: Refused | null) => void,
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

  #openWith(plain: Destination, copies: readonly SmtpCopy[], done: (refused: Refused | null) => void): void {
    const { definition, governing } = this.#options;
    this.#copies = copies;
    const renames =
      definition.settings.messageIdHeader === "replace" && !holdsMessages(governing.policy, copies.length);
    const destination = renames ? this.#renaming(plain) : plain;
    this.#destination = destination;
    const opened = (said: Reply): void => {
      if (said.code === 354) {
        this.#passage = this.#begin(destination);
        return done(null);
      }
      this.#record.upstreamReply = destination.lastReply ?? this.#record.upstreamReply;
      const outcome =
        destination.kind === "spool" ? "refused" : said === replies.upstreamLost ? "aborted" : "upstream-refused";
      done({ reply: said, outcome });
    };
    destination.open(guarded(this.#options, opened));
  }

  #begin(destination: Destination): MessagePassage {
    return new MessagePassage({
      options: this.#options,
      facts: this.#facts,
      sender: this.#envelope.sender,
      copies: this.#copies,
      destination,
      framing: this.#framing,
      groupFor: this.#envelope.groupFor,
      spoolEnvelope: (group, id) => this.#spoolEnvelope(group, id),
    });
  }

  #renaming(destination: Destination): Destination {
    return new MessageIdDestination(destination, this.#options.definition.settings.hostName, (messageId) => {
      this.#record.messageIdReplacement = messageId;
    });
  }

  #single(group: Group): SmtpCopy[] {
    this.#record.route = group.leg.place.routeName;
    return [{ group, record: this.#record }];
  }

  #split(groups: readonly Group[]): SmtpCopy[] {
    this.#record.cause = `split: ${groups.length} copies by treatment`;
    // Servers were asked; none gets the message now.
    this.#record.upstream = null;
    this.#record.upstreamTls = null;
    return groups.map((group, index) => {
      const addresses = new Set(group.recipients.map(({ address }) => address));
      const record = index === 0 ? this.#record : this.#record.fork(addresses);
      record.route = group.leg.place.routeName;
      return { group, record };
    });
  }

  #splitDestination(copies: readonly SmtpCopy[]): SplitDestination {
    const { admission, governing } = this.#options;
    const branches = copies.map(({ group, record }, index) => ({
      envelope: this.#spoolEnvelope(group, record.id),
      received: receivedLineOf(this.#options, record.id, group.recipients),
      refusal: () => {
        const decision = this.#passage?.content.content.copies[index]?.decisions.refusal ?? null;
        return decision === null ? null : refusal(decision, record.id);
      },
    }));
    return new SplitDestination(admission.services.spool, branches, holdsMessages(governing.policy, copies.length));
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

/** Of one copy, where the message as a whole was taken. */
function outcomeOf(refusal: StageDecision | null): Outcome {
  if (refusal === null) return "spooled";
  if (!isTaken(refusal)) return "refused";
  return refusal.action.kind === "discard" ? "discarded" : "quarantined";
}
