import type { Facts } from "#core/contract/facts.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { SpoolEnvelope } from "../spool/spool.ts";
import { isTaken } from "./answer.ts";
import { type HeldCopy, takenOver } from "./copy-ending.ts";
import type { Delivery, Destination } from "./destination.ts";
import type { Group } from "./envelope.ts";
import { HeldBack, HeldBody } from "./held-body.ts";
import { type BodyFraming, type BodyRefusal, MessageBody } from "./message-body.ts";
import { MessageEnding } from "./message-ending.ts";
import { receivedLineOf } from "./received-line.ts";
import { openContent, type SmtpContent, type SmtpCopy } from "./smtp-content.ts";
import { SplitEnding } from "./split-ending.ts";
import { guarded, type TransactionOptions } from "./transaction-options.ts";

/** What became of a message at its end: refused for what was found in it, or brought where it belongs. */
export type PassageEnd = { refusal: BodyRefusal } | { delivery: Delivery };

export type PassageContext = {
  options: TransactionOptions;
  /** Of the session and the sender. */
  facts: Facts;
  sender: Mailbox | null;
  copies: readonly SmtpCopy[];
  /** It is open. */
  destination: Destination;
  framing: BodyFraming;
  groupFor(mailbox: Mailbox): Group;
  spoolEnvelope(group: Group, id: string): SpoolEnvelope;
};

/** The way of a message from its first byte to its destination, through what looks into it, holds it and changes it. */
export class MessagePassage {
  readonly body: MessageBody;
  readonly content: SmtpContent;
  readonly #context: PassageContext;
  /** null: several copies go from where they are held, or nothing is held. */
  readonly #heldBody: HeldBody | null;
  #settling = false;

  constructor(context: PassageContext) {
    const { options, facts, sender, copies, destination, framing } = context;
    this.#context = context;
    this.content = openContent(options, facts, sender, copies);
    const { held, content } = this.content;
    const [only, ...others] = copies;
    if (only === undefined) throw new Error("a message without copies");
    // Each of several copies has its own.
    const received = others.length > 0 ? null : receivedLineOf(options, only.record.id, only.group.recipients);
    this.#heldBody = held === null || others.length > 0 ? null : new HeldBody(held.hold, destination, received);
    const heldBack = held === null ? null : new HeldBack(held.hold, destination);
    const outlet = this.#heldBody ?? heldBack ?? destination;
    const line = held === null ? received : null;
    this.body = new MessageBody(destination, outlet, content.judge, options.definition, line, framing);
    if (held !== null) held.hold.onError = guarded(options, (error: Error) => this.#holdFailed(error));
  }

  /** The verdict is that it may pass, or that it is taken over: what was begun is brought to its end, whether the client is there or not. */
  get isSettling(): boolean {
    return this.#settling;
  }

  /** The end mark was read. Calls back once, perhaps before it returns; not after `abort`. */
  end(done: (end: PassageEnd) => void): void {
    this.body.judge((refusal) => {
      const isTakenOver = refusal?.kind === "decision" && isTaken(refusal.decision);
      if (refusal !== null && !isTakenOver) return done({ refusal });
      this.#settling = true;
      const { held, content } = this.content;
      const { destination, options } = this.#context;
      const delivered = guarded(options, (delivery: Delivery) => done({ delivery }));
      const decision = isTakenOver ? refusal.decision : null;
      if (held !== null) return void this.#settle(decision).then(delivered).catch(options.fault);
      if (decision === null) return destination.end(content.judge.summary.subject, delivered);
      // Of what is thrown away nothing need be held.
      delivered(takenOver(decision, this.#context.copies[0]?.record.id ?? ""));
    });
  }

  /** Forgets everything; may be called at any time before `end` has called back, and twice. */
  abort(): void {
    this.body.cancel();
    this.#heldBody?.abort();
    this.content.held?.hold.discard();
    this.#context.destination.abort();
  }

  #settle(decision: StageDecision | null): Promise<Delivery> {
    const { destination } = this.#context;
    const copies = this.#heldCopies();
    const [only] = copies;
    if (only === undefined) throw new Error("a message without copies");
    if (this.#heldBody === null) return new SplitEnding(copies).end();
    const ending = new MessageEnding(only, this.#heldBody, destination);
    return decision === null ? ending.pass() : ending.take(decision);
  }

  #heldCopies(): HeldCopy[] {
    const { options, copies, groupFor, spoolEnvelope } = this.#context;
    const { content, held, edits } = this.content;
    return copies.flatMap(({ group, record }, index): HeldCopy[] => {
      const [copy, edited] = [content.copies[index], edits[index]];
      if (copy === undefined || edited === undefined || held === null) return [];
      const top = receivedLineOf(options, record.id, group.recipients);
      return [
        { options, content: this.content, held, copy, edits: edited, record, group, top, groupFor, spoolEnvelope },
      ];
    });
  }

  #holdFailed(error: Error): void {
    this.content.held?.original.fail(error);
    if (this.#settling) return this.#heldBody?.fail(error);
    const cause = `the message could not be held: ${error.message}`;
    this.body.refuse({ kind: "limit", reply: replies.localError, cause });
  }
}
