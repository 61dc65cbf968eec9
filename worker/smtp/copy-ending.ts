import { verdictOf } from "#core/contract/decision.ts";
import type { EditList } from "#core/message/rewrite/edit.ts";
import type { MessageChange, StageDecision } from "#core/policy/decide.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import { reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { ContentCopy } from "../scan/message-content.ts";
import { MessageKeeper } from "../scan/message-keeper.ts";
import type { SpoolEnvelope } from "../spool/spool.ts";
import type { Delivery } from "./destination.ts";
import type { Group } from "./envelope.ts";
import type { MessageRecord } from "./message-record.ts";
import { outgoingFields } from "./outgoing-fields.ts";
import { readdress } from "./readdress.ts";
import type { HeldMessage, SmtpContent } from "./smtp-content.ts";
import type { EditedCopy } from "./spool-edited.ts";
import type { TransactionOptions } from "./transaction-options.ts";

/** A message, or one of its copies, as it is sent on. */
export type HeldCopy = {
  options: TransactionOptions;
  content: SmtpContent;
  held: HeldMessage;
  copy: ContentCopy;
  edits: EditList;
  record: MessageRecord;
  group: Group;
  /** Our fields above the message: the Received line, once it was changed the others too. */
  top: Uint8Array | null;
  /** The way of an address that a content rule names. */
  groupFor(mailbox: Mailbox): Group;
  spoolEnvelope(group: Group, id: string): SpoolEnvelope;
};

/** What is done with one copy of a held message once it was judged. Each step gives null, or why the message cannot be taken. */
export class CopyEnding {
  /** Our fields on top of the changed message, besides the Received line. */
  fields: Uint8Array | null = null;
  readonly #held: HeldCopy;
  readonly #keeper: MessageKeeper;

  constructor(held: HeldCopy) {
    this.#held = held;
    const { quarantine } = held.options.admission.services;
    this.#keeper = new MessageKeeper(quarantine, held.content.content, held.held.original);
    held.record.quarantined = this.#keeper.kept;
  }

  /** The message itself, where the decision keeps it; durable when this resolves. */
  async take(decision: StageDecision): Promise<Delivery | null> {
    const { record, group, top, spoolEnvelope, copy } = this.#held;
    if (verdictOf(decision.action.kind) !== "quarantine") return null;
    return await kept(this.#keeper.message(copy, decision, spoolEnvelope(group, record.id), top));
  }

  /** Makes the changes, and keeps the parts that are locked away. */
  async change(): Promise<Delivery | null> {
    const { copy, held, content, record, group, spoolEnvelope } = this.#held;
    const { editor } = copy;
    editor.editHeader();
    editor.changeParts();
    await editor.modify((from, to) => held.original.bytes(from, to));
    content.content.judge.inspection.report.mark("changes");
    await this.#addFields();
    if (editor.locks().length === 0) return null;
    return await kept(this.#keeper.parts(copy, spoolEnvelope(group, record.id)));
  }

  /** As it goes to those that content rules name, through the spool: its copies, and itself where it goes to somebody else. */
  others(): EditedCopy[] | Delivery {
    const { copy, record, options } = this.#held;
    const { services } = options.admission;
    const named: { decision: Pick<MessageChange | StageDecision, "action" | "rule">; id: string }[] = [];
    for (const change of copy.decisions.changes) {
      if (change.action.kind === "copy") named.push({ decision: change, id: services.newId() });
    }
    if (copy.decisions.redirect !== null) named.push({ decision: copy.decisions.redirect, id: record.id });
    const all: EditedCopy[] = [];
    for (const { decision, id } of named) {
      const edited = this.#to(decision, id);
      if ("result" in edited) return edited;
      all.push(edited);
    }
    return all;
  }

  /** The results line, signatures and seals, over the message as it will be sent. */
  async #addFields(): Promise<void> {
    const { options, copy, content, held, edits, record } = this.#held;
    const { summary, inspection } = content.content.judge;
    const { bytes, signatures } = await outgoingFields({
      definition: options.definition,
      copy,
      edits,
      fromReadings: summary.fromAddresses,
      seen: content.seen(inspection.report.senderAuth),
      keys: options.admission.services.content.signingKeys,
      original: () => held.original.whole(),
      now: options.admission.services.now(),
    });
    record.signatures = signatures;
    if (bytes.length === 0) return;
    this.#held.top = Buffer.concat([this.#held.top ?? Buffer.alloc(0), bytes]);
    this.fields = bytes;
    inspection.report.mark("signatures");
  }

  #to(decision: Pick<StageDecision, "action" | "rule">, id: string): EditedCopy | Delivery {
    const { options, record, top, edits, groupFor, spoolEnvelope, group } = this.#held;
    const [first] = group.judgedAs;
    if (first === undefined) throw new Error("a message without recipients");
    const readdressed = readdress(decision, "recipient", first, options.parameters.smtpUtf8);
    if (!readdressed.ok) return { result: "failed", reply: readdressed.reply, cause: readdressed.cause };
    const mailbox = readdressed.copy ?? readdressed.mailboxes[0];
    if (mailbox === undefined) throw new Error("a redirect to nobody");
    const way = groupFor(mailbox);
    if (options.bound?.serves(way.leg.place.route) === true) {
      const cause = "a rule sends the message of a client that logged in at the server on by itself";
      return { result: "failed", reply: replies.localError, cause };
    }
    record.addChanges(readdressed.changes);
    return { envelope: spoolEnvelope(way, id), top, edits, refusal: null };
  }
}

/** What the client hears of a message that policy took over: that it was accepted, and nothing of what became of it. */
export function takenOver({ action }: StageDecision, id: string): Delivery {
  const result = action.kind === "discard" ? "discarded" : "quarantined";
  return { result, reply: reply(250, "2.0.0", `Message accepted (${id})`), cause: null };
}

/** What had to be kept first could not be: the client keeps the message. */
async function kept(keeping: Promise<unknown>): Promise<Delivery | null> {
  try {
    await keeping;
    return null;
  } catch (error) {
    const cause = `the quarantine: ${error instanceof Error ? error.message : String(error)}`;
    return { result: "failed", reply: replies.localError, cause };
  }
}
