import type { Outcome } from "#core/contract/event.ts";
import type { Facts, SmtpStage } from "#core/contract/facts.ts";
import { decide, type StageDecision } from "#core/policy/decide.ts";
import type { Command } from "#core/smtp/command.ts";
import { readRecipientParameters } from "#core/smtp/parameters.ts";
import { asksToRelay, type Mailbox } from "#core/smtp/path.ts";
import { type Reply, replyText } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { ContentDecisions } from "../scan/content-decisions.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import { type Answer, answer, refusal } from "./answer.ts";
import type { Delivery, Destination } from "./destination.ts";
import { recipientFacts, senderFacts, tlsFact } from "./envelope-facts.ts";
import { type BodyRefusal, MessageBody } from "./message-body.ts";
import { MessageRecord } from "./message-record.ts";
import { firstDestination, spoolDestination, type TransactionOptions, traceOf } from "./route-destination.ts";

export type MailCommand = Extract<Command, { verb: "MAIL" }>;
export type RecipientCommand = Extract<Command, { verb: "RCPT" }>;

/**
 * One message from MAIL to its last reply, under the policy that was in force at MAIL. Tells exactly one event, unless it was given up
 * without anything refused. The session calls its steps one after the other.
 */
export class Transaction {
  readonly record: MessageRecord;
  readonly #options: TransactionOptions;
  readonly #taken: Mailbox[] = [];
  #facts: Facts;
  #destination: Destination | null = null;
  #body: MessageBody | null = null;
  #ending = false;
  #over = false;

  constructor(options: TransactionOptions) {
    this.#options = options;
    const { client, sender } = options;
    this.record = new MessageRecord(options.admission, options.governing, client);
    this.record.sender = sender?.address ?? "";
    this.#facts = {
      clientAddress: client.address,
      helo: [client.helo],
      tls: tlsFact(client),
      authUser: [""],
      ...senderFacts(sender),
    };
  }

  /** The body that is being read, or null. */
  get body(): MessageBody | null {
    return this.#body;
  }

  /** Our answer to MAIL. When it refuses, the transaction is over. */
  begin(): Answer {
    const { definition, parameters, route, admission, offered } = this.#options;
    const bytesMax = Math.min(definition.limits.messageBytesMax, offered.size ?? Number.POSITIVE_INFINITY);
    if (parameters.size !== null && parameters.size > bytesMax) {
      return this.#refuseAtOnce(answer(replies.tooLarge), "messageBytesMax"); // RFC 1870 §6.1
    }
    const full = route.delivery === "spool" ? admission.services.spool.full() : null;
    if (full !== null) return this.#refuseAtOnce(answer(replies.spoolFull), full);
    const decision = this.#decide("sender", {});
    this.record.log.add(decision);
    const refused = refusal(decision, this.record.id);
    return refused === null ? answer(replies.senderOk) : this.#refuseAtOnce(refused, null);
  }

  /** Answers RCPT, after asking the destination where policy allows. */
  recipient({ recipient, utf8, parameters }: RecipientCommand, done: (answer: Answer, taken: boolean) => void): void {
    const { offered, definition } = this.#options;
    const read = readRecipientParameters(parameters, offered);
    if (!read.ok) return done(answer(read.problem === "unknown" ? replies.badParameter : replies.badSyntax), false);
    if (utf8 && !this.#options.parameters.smtpUtf8) return done(answer(replies.needsSmtpUtf8), false);
    if (asksToRelay(recipient)) return this.#refuseRecipient(recipient, answer(replies.relayDenied), "relay", done);
    if (this.#taken.length >= definition.limits.recipientsMax) {
      return this.#refuseRecipient(recipient, answer(replies.tooManyRecipients), "recipientsMax", done); // RFC 5321 §4.5.3.1.10
    }
    const decision = this.#decide("recipient", recipientFacts([recipient]));
    const refused = refusal(decision, this.record.id);
    if (refused !== null) {
      this.record.addRecipientRefusal(decision);
      return this.#refuseRecipient(recipient, refused, null, done);
    }
    this.record.log.add(decision);
    this.#ask(recipient, read.value, done);
  }

  /** Answers DATA: 354, or a refusal with which the transaction is over. */
  open(done: (answer: Answer, opened: boolean) => void): void {
    const destination = this.#destination;
    if (destination === null) return done(answer(replies.noRecipients), false);
    const opened = (said: Reply): void => {
      if (this.#over) return;
      if (said.code !== 354) {
        const outcome =
          destination.kind === "spool" ? "refused" : said === replies.upstreamLost ? "aborted" : "upstream-refused";
        this.#finish(outcome, said);
        return done(answer(said), false);
      }
      this.#body = this.#makeBody(destination);
      done(answer(said), true);
    };
    destination.open(this.#guarded(opened));
  }

  /** The end mark was read. Gives the last reply; the transaction is over. */
  end(done: (answer: Answer) => void): void {
    const body = this.#body;
    const destination = this.#destination;
    if (body === null || destination === null) throw new Error("no body to end");
    this.#ending = true;
    const refused = body.judge();
    this.record.bytes = body.decoder.decodedBytes;
    this.record.summary = body.summary;
    if (refused !== null) return done(this.#refusedBody(refused, body));
    const ended = (delivery: Delivery): void => done(this.#delivered(delivery));
    destination.end(body.summary.subject, this.#guarded(ended));
  }

  /** RSET, EHLO, QUIT, or the session ended. A message whose end mark was passed on is not called back. */
  cancel(cause: string): void {
    if (this.#over || (this.#ending && this.#body?.refusal === null)) return;
    this.record.summary = this.#body?.summary ?? null;
    this.record.bytes = this.#body?.decoder.decodedBytes ?? 0;
    const { refused } = this.record;
    const bodyRefusal = this.#body?.refusal ?? null;
    if (bodyRefusal !== null && this.#body !== null) {
      this.#refusedBody(bodyRefusal, this.#body);
    } else if (this.#body !== null) {
      this.record.cause = cause;
      this.#finish("aborted", null);
    } else if (refused !== null) this.#finish(refused.outcome, refused.reply);
    else this.#leave();
  }

  #decide(stage: SmtpStage, more: Facts): StageDecision {
    const { governing, admission } = this.#options;
    const decision = decide(governing.policy.action, stage, { ...this.#facts, ...more }, admission.services.now());
    const { recorder } = admission.services;
    if (decision.rule !== null) recorder.ruleHit(decision.rule.id, "enforced");
    for (const { ruleId } of decision.observed) recorder.ruleHit(ruleId, "observed");
    return decision;
  }

  #ask(mailbox: Mailbox, parameters: string[], done: (answer: Answer, taken: boolean) => void): void {
    this.#destination ??= firstDestination(this.#options, this.record.id);
    const destination = this.#destination;
    const recipient = { address: mailbox.address, parameters };
    const answered = (error: UpstreamError | null, said: Reply | null): void => {
      if (this.#over) return;
      this.record.upstreamTls = destination.upstreamTls;
      this.record.upstream = destination.upstream ?? error?.target ?? this.record.upstream;
      if (error === null && said !== null) return this.#answered(mailbox, said, done);
      if (error !== null && this.#maySpool(error)) {
        this.record.cause = `spooled: ${error.target}: ${error.message}`;
        this.#destination = spoolDestination(this.#options, this.record.id);
        return this.#ask(mailbox, parameters, done);
      }
      if (error !== null) this.record.cause = `${error.target}: ${error.message}`;
      this.record.upstreamReply = error?.answer ?? null;
      // An upstream that was lost leaves nothing to go on with: the next recipient leases anew only when none was taken.
      if (this.#taken.length === 0) this.#destination = null;
      this.#refuseRecipient(
        mailbox,
        answer(unreachableReply(error, this.#taken.length > 0)),
        null,
        done,
        "upstream-refused",
      );
    };
    destination.recipient(recipient, this.#guarded(answered));
  }

  /** The destination calls back out of a connection or disk that others use too: what fails here is this session's alone. */
  #guarded<A extends unknown[]>(taker: (...given: A) => void): (...given: A) => void {
    return (...given) => {
      try {
        taker(...given);
      } catch (error) {
        this.#options.fault(error);
      }
    };
  }

  #answered(mailbox: Mailbox, said: Reply, done: (answer: Answer, taken: boolean) => void): void {
    this.record.upstreamReply = this.#destination?.lastReply ?? null;
    if (said.code >= 400) return this.#refuseRecipient(mailbox, answer(said), null, done, "upstream-refused");
    this.#taken.push(mailbox);
    this.record.recipients.push({ address: mailbox.address, reply: replyText(said) });
    done(answer(said), true);
  }

  #refuseRecipient(
    mailbox: Mailbox,
    refused: Answer,
    cause: string | null,
    done: (answer: Answer, taken: boolean) => void,
    outcome: "refused" | "upstream-refused" = "refused",
  ): void {
    this.record.addRefusedRecipient(mailbox.address, replyText(refused.reply));
    this.record.cause = cause ?? this.record.cause;
    this.record.refused = { outcome, reply: refused.reply };
    done(refused, false);
  }

  #refuseAtOnce(refused: Answer, cause: string | null): Answer {
    this.record.cause = cause;
    this.#finish("refused", refused.reply);
    return refused;
  }

  #maySpool(error: UpstreamError): boolean {
    // Later recipients belong to the same server: only a message that has none yet can change over.
    return (
      this.#options.route.delivery === "inline-or-spool" &&
      this.#taken.length === 0 &&
      this.#destination?.kind === "relay" &&
      !error.isPermanent &&
      this.#options.admission.services.spool.full() === null
    );
  }

  #makeBody(destination: Destination): MessageBody {
    const { governing, admission, definition } = this.#options;
    this.#facts = { ...this.#facts, ...recipientFacts(this.#taken), recipientCount: this.#taken.length };
    const decisions = new ContentDecisions(governing.policy.action, this.#facts, admission.services, this.record.log);
    const received = traceOf(this.#options, this.record.id, this.#taken);
    return new MessageBody(destination, decisions, definition.limits, received);
  }

  #refusedBody(refused: BodyRefusal, body: MessageBody): Answer {
    switch (refused.kind) {
      case "decision": {
        const said = refusal(refused.decision, this.record.id) ?? answer(replies.localError);
        this.record.cause = body.decisionCause;
        this.#finish("refused", said.reply);
        return said;
      }
      case "limit":
        this.record.cause = refused.cause;
        this.#finish("refused", refused.reply);
        return answer(refused.reply);
      case "delivery":
        return this.#delivered(refused.delivery);
      default:
        return refused satisfies never;
    }
  }

  #delivered({ result, reply, cause }: Delivery): Answer {
    const outcomes = {
      relayed: "relayed",
      spooled: "spooled",
      refused: "upstream-refused",
      failed: "aborted",
    } as const;
    this.record.upstreamReply = this.#destination?.lastReply ?? this.record.upstreamReply;
    this.record.cause = cause ?? this.record.cause;
    this.#finish(outcomes[result], reply);
    return answer(reply);
  }

  #finish(outcome: Outcome, said: Reply | null): void {
    if (this.#over) return;
    this.#leave();
    this.record.emit(outcome, said);
  }

  #leave(): void {
    this.#over = true;
    this.#destination?.abort();
  }
}

function unreachableReply(error: UpstreamError | null, hasRecipients: boolean): Reply {
  return hasRecipients || error === null ? replies.upstreamLost : error.publicReply;
}
