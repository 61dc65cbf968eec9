import type { Outcome } from "#core/contract/event.ts";
import type { Facts, SmtpStage } from "#core/contract/facts.ts";
import { decide, type StageDecision } from "#core/policy/decide.ts";
import type { Command } from "#core/smtp/command.ts";
import { readRecipientParameters } from "#core/smtp/parameters.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import { type Reply, replyText } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { type Answer, answer, refusal } from "./answer.ts";
import { Consignment } from "./consignment.ts";
import type { Delivery } from "./destination.ts";
import { Envelope, type Outgoing } from "./envelope.ts";
import { type CheckFailure, checkClientTls, checkMail, checkRecipient } from "./envelope-checks.ts";
import { recipientFacts, senderFacts, tlsFact } from "./envelope-facts.ts";
import type { RecipientVerdict } from "./leg.ts";
import type { BodyFraming, BodyRefusal, MessageBody } from "./message-body.ts";
import type { PassageEnd } from "./message-passage.ts";
import { MessageRecord } from "./message-record.ts";
import { type Readdressed, readdress } from "./readdress.ts";
import { guarded, type TransactionOptions } from "./transaction-options.ts";

export type MailCommand = Extract<Command, { verb: "MAIL" }>;
export type RecipientCommand = Extract<Command, { verb: "RCPT" }>;

type RecipientTaker = (answer: Answer, taken: boolean) => void;

/**
 * One message from MAIL to its last reply, under the policy that was in force at MAIL. Tells exactly one event (one for each copy
 * where it is split), unless it was given up without anything refused. The session calls its steps one after the other.
 * The order in which rules, rewrites and limits apply: docs/order-of-operations.md.
 */
export class Transaction {
  readonly record: MessageRecord;
  readonly #options: TransactionOptions;
  readonly #envelope: Envelope;
  #facts: Facts;
  #consignment: Consignment | null = null;
  #over = false;

  constructor(options: TransactionOptions) {
    this.#options = options;
    const { client, sender } = options;
    this.record = new MessageRecord(options.admission, options.governing, client);
    this.record.sender = sender?.address ?? "";
    this.#envelope = new Envelope(options, this.record);
    this.#facts = {
      clientAddress: client.address,
      helo: [client.helo],
      tls: tlsFact(client),
      authUser: [client.auth?.user ?? ""],
      authMechanism: [client.auth?.mechanism ?? ""],
      ...senderFacts(sender),
    };
    this.record.facts.know(this.#facts);
  }

  /** The body that is being read, or null. */
  get body(): MessageBody | null {
    return this.#consignment?.body ?? null;
  }

  /** Our answer to MAIL. When it refuses, the transaction is over. */
  begin(): Answer {
    const failure = checkMail(this.#options);
    if (failure !== null) return this.#refuseAtOnce(answer(failure.reply), failure.cause);
    const decision = this.#decide("sender", {});
    this.record.log.add(decision);
    const refused = refusal(decision, this.record.id);
    if (refused !== null) return this.#refuseAtOnce(refused, null);
    const unusable = this.#readdressSender(decision) ?? checkClientTls(this.#options, this.#envelope.sender, null);
    return unusable === null ? answer(replies.senderOk) : this.#refuseAtOnce(answer(unusable.reply), unusable.cause);
  }

  /** Answers RCPT, after asking the destination where policy allows. */
  recipient({ recipient, utf8, parameters }: RecipientCommand, done: RecipientTaker): void {
    const { offered, parameters: mail } = this.#options;
    const read = readRecipientParameters(parameters, offered);
    if (!read.ok) return done(answer(read.problem === "unknown" ? replies.badParameter : replies.badSyntax), false);
    if (utf8 && !mail.smtpUtf8) return done(answer(replies.needsSmtpUtf8), false);
    const failure =
      checkRecipient(this.#options, recipient, this.#envelope.size) ??
      checkClientTls(this.#options, this.#envelope.sender, recipient);
    if (failure !== null) {
      this.record.facts.unaskedRecipient();
      return this.#refuseRecipient(recipient, answer(failure.reply), failure.cause, done);
    }
    const decision = this.#decide("recipient", recipientFacts([recipient]));
    const refused = refusal(decision, this.record.id);
    if (refused !== null) {
      this.record.addRecipientRefusal(decision);
      return this.#refuseRecipient(recipient, refused, null, done);
    }
    this.record.log.add(decision);
    const readdressed = readdress(decision, "recipient", recipient, mail.smtpUtf8);
    if (!readdressed.ok) return this.#refuseRecipient(recipient, answer(readdressed.reply), readdressed.cause, done);
    this.#send(recipient, readdressed, read.value, done);
  }

  /** Answers DATA, or the first BDAT: 354, or a refusal with which the transaction is over. */
  open(framing: BodyFraming, done: (answer: Answer, opened: boolean) => void): void {
    const groups = this.#envelope.groups();
    if (groups.length === 0) return done(answer(replies.noRecipients), false);
    const groupFor = (mailbox: Mailbox) => this.#envelope.groupFor(mailbox);
    const envelope = { sender: this.#envelope.sender, groups, groupFor };
    const consignment = new Consignment(this.#options, this.record, this.#facts, envelope, framing);
    const opened = (refused: { reply: Reply; outcome: Outcome } | null): void => {
      if (this.#over) return;
      if (refused !== null) {
        this.#finish(refused.outcome, refused.reply);
        return done(answer(refused.reply), false);
      }
      this.#consignment = consignment;
      done(answer(replies.startBody), true);
    };
    consignment.open(opened);
  }

  /** The end mark was read. Gives the last reply; the transaction is over. */
  end(done: (answer: Answer) => void): void {
    const consignment = this.#consignment;
    if (consignment === null || consignment.body === null) throw new Error("no body to end");
    const { body } = consignment;
    const ended = (end: PassageEnd): void => {
      if (this.#over) return;
      done("refusal" in end ? this.#refusedBody(end.refusal, body) : this.#delivered(end.delivery));
    };
    consignment.end(guarded(this.#options, ended));
  }

  /** RSET, EHLO, QUIT, or the session ended. A message whose end mark was passed on is not called back. */
  cancel(cause: string): void {
    const { body } = this;
    if (this.#over || this.#consignment?.isSettling === true) return;
    this.#consignment?.summarise();
    const { refused } = this.record;
    if (body !== null && body.refusal !== null) {
      this.#refusedBody(body.refusal, body);
    } else if (body !== null) {
      this.record.cause = cause;
      this.#finish("aborted", null);
    } else if (refused !== null) this.#finish(refused.outcome, refused.reply);
    else this.#leave();
  }

  #decide(stage: SmtpStage, more: Facts): StageDecision {
    const { governing, admission } = this.#options;
    this.record.facts.ask(stage, more);
    const facts = { ...this.#facts, ...more };
    const decision = decide(governing.policy.action, stage, facts, admission.services.now(), this.record.log.hasFailed);
    const { recorder } = admission.services;
    if (decision.rule !== null) recorder.ruleHit(decision.rule.id, "enforced");
    for (const { ruleId } of decision.observed) recorder.ruleHit(ruleId, "observed");
    return decision;
  }

  /** Null: the sender is taken. The null path stays what it is: nobody else may get what is sent back (RFC 5321 §4.5.5). */
  #readdressSender(decision: StageDecision): CheckFailure | null {
    const { sender, parameters } = this.#options;
    if (sender === null && decision.action.kind !== "copy") return null;
    const readdressed = readdress(decision, "sender", sender ?? nullPath, parameters.smtpUtf8);
    if (!readdressed.ok) return readdressed;
    const { mailboxes, copy, changes } = readdressed;
    const [only, ...others] = mailboxes;
    if (only === undefined || others.length > 0) {
      return { reply: replies.localError, cause: "a sender becomes exactly one address" };
    }
    this.record.addChanges(changes);
    if (copy !== null) this.#envelope.addCopy(copy, null);
    if (sender === null) return null;
    this.#envelope.sender = only;
    this.record.sender = only.address;
    this.#facts = { ...this.#facts, ...senderFacts(only) };
    this.record.facts.know(this.#facts);
    return null;
  }

  /** The recipient as it goes out: where to, whether with the others, and what its server says. */
  #send(
    recipient: Mailbox,
    { mailboxes, copy, changes }: Extract<Readdressed, { ok: true }>,
    parameters: readonly string[],
    done: RecipientTaker,
  ): void {
    const planned = this.#envelope.plan(mailboxes, parameters);
    const inTheWay = this.#envelope.refusal(planned, copy);
    if (inTheWay !== null) return this.#refuseRecipient(recipient, answer(inTheWay.reply), inTheWay.cause, done);
    const raised = this.#envelope.raised(planned);
    this.#envelope.engage(planned);
    this.#ask([...raised, ...planned], (last, asked) => {
      const refused = last !== null && last.reply.code >= 400;
      if (refused && asked.length <= raised.length) return this.#refuseRaising(recipient, planned, last, done);
      if (refused && raised.length > 0) this.#envelope.leave(new Set(planned.map(({ leg }) => leg)));
      if (refused) return this.#refuseAsked(raised.length > 0 ? asked.slice(-1) : asked, last, done);
      this.#envelope.raise(raised);
      this.record.addChanges(changes);
      this.#take(planned, last, copy, done);
    });
  }

  /** Those from before stay where they are: they cannot have the stricter TLS that this one needs. */
  #refuseRaising(recipient: Mailbox, planned: readonly Outgoing[], why: RecipientVerdict, done: RecipientTaker): void {
    this.#envelope.leave(new Set(planned.map(({ leg }) => leg)));
    const cause = `recipientsDiffer: a recipient before it is not taken with stricter TLS: ${why.cause ?? replyText(why.reply)}`;
    this.#refuseRecipient(recipient, answer(replies.tooManyRecipients), cause, done);
  }

  /** Asks for each in turn up to the first refusal; gives the last verdict, null when there was none to ask. */
  #ask(planned: readonly Outgoing[], done: (last: RecipientVerdict | null, asked: readonly Outgoing[]) => void): void {
    let last: RecipientVerdict | null = null;
    let [asked, taken, asking] = [0, 0, false];
    const answered = (verdict: RecipientVerdict): void => {
      if (this.#over) return;
      if (verdict.reply.code >= 400) return done(verdict, planned.slice(0, asked));
      last = verdict;
      taken++;
      // Answers that come at once wait for the loop: thousands of them must not pile up on the stack.
      if (!asking) askNext();
    };
    const askNext = (): void => {
      asking = true;
      while (asked === taken) {
        const outgoing = planned[asked];
        if (outgoing === undefined) return done(last, planned);
        asked++;
        outgoing.leg.ask(outgoing, answered);
      }
      asking = false;
    };
    askNext();
  }

  /** None of them gets the message: what its server has taken already must not be sent in that conversation. */
  #refuseAsked(asked: readonly Outgoing[], { reply, by, cause }: RecipientVerdict, done: RecipientTaker): void {
    this.#envelope.spoil(asked.slice(0, -1).map(({ leg }) => leg));
    const refused = asked.at(-1);
    if (refused === undefined) throw new Error("a refusal without a recipient");
    this.#refuseRecipient(refused.mailbox, answer(reply), cause, done, by === "us" ? "refused" : "upstream-refused");
  }

  #take(planned: Outgoing[], last: RecipientVerdict | null, copy: Mailbox | null, done: RecipientTaker): void {
    const said = last?.reply ?? replies.recipientOk;
    this.record.facts.recipient("taken");
    this.#envelope.add(planned);
    if (copy !== null) this.#envelope.addCopy(copy, planned[0]?.treatment ?? null);
    for (const { address } of planned) this.record.recipients.push({ address, reply: replyText(said) });
    done(answer(said), true);
  }

  #refuseRecipient(
    mailbox: Mailbox,
    refused: Answer,
    cause: string | null,
    done: RecipientTaker,
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

  #refusedBody(refused: BodyRefusal, body: MessageBody): Answer {
    switch (refused.kind) {
      case "decision": {
        const said = refusal(refused.decision, this.record.id) ?? answer(replies.localError);
        this.record.cause = body.decisionCause ?? this.record.cause;
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
      quarantined: "quarantined",
      discarded: "discarded",
      refused: "upstream-refused",
      failed: "aborted",
    } as const;
    this.record.cause = cause ?? this.record.cause;
    this.#finish(outcomes[result], reply);
    return answer(reply);
  }

  #finish(outcome: Outcome, said: Reply | null): void {
    if (this.#over) return;
    this.#leave();
    if (this.#consignment === null) this.record.emit(outcome, said);
    else this.#consignment.tell(outcome, said);
  }

  #leave(): void {
    this.#over = true;
    this.#consignment?.abort();
    this.#envelope.abort();
  }
}

const nullPath: Mailbox = { address: "", localPart: "", domain: "" };
