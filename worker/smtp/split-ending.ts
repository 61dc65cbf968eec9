import { replyText } from "#core/smtp/reply.ts";
import { isTaken, refusal } from "./answer.ts";
import { CopyEnding, type HeldCopy } from "./copy-ending.ts";
import type { Delivery } from "./destination.ts";
import { spoolDelivery } from "./spool-destination.ts";
import { type EditedCopy, spoolEdited } from "./spool-edited.ts";

/**
 * What becomes of a held message that goes in several copies: each is changed, kept or refused by itself. What goes on is in the spool, all
 * or nothing; a copy that is refused while another is not is kept there as failed.
 */
export class SplitEnding {
  readonly #copies: readonly HeldCopy[];

  constructor(copies: readonly HeldCopy[]) {
    this.#copies = copies;
  }

  async end(): Promise<Delivery> {
    const spooled: EditedCopy[] = [];
    for (const held of this.#copies) {
      const one = await this.#endOne(held);
      if (!Array.isArray(one)) return one;
      spooled.push(...one);
    }
    const [first] = this.#copies;
    if (first === undefined) throw new Error("a split without copies");
    const { options, content, record } = first;
    const { subject } = content.content.judge.summary;
    try {
      if (spooled.length > 0) {
        await spoolEdited(options.admission.services.spool, first.held.original.whole(), spooled, subject);
      }
      return spoolDelivery(record.id, null);
    } catch (error) {
      return spoolDelivery(record.id, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** What goes into the spool of it, or why the message cannot be taken. */
  async #endOne(held: HeldCopy): Promise<EditedCopy[] | Delivery> {
    const { copy, record, group, edits, spoolEnvelope } = held;
    const ending = new CopyEnding(held);
    const decision = copy.decisions.refusal;
    const envelope = spoolEnvelope(group, record.id);
    if (decision !== null && isTaken(decision)) return (await ending.take(decision)) ?? [];
    if (decision !== null) {
      const said = refusal(decision, record.id);
      return [{ envelope, top: held.top, edits, refusal: said === null ? null : replyText(said.reply) }];
    }
    const failure = await ending.change();
    if (failure !== null) return failure;
    const others = ending.others();
    if (!Array.isArray(others) || copy.decisions.redirect !== null) return others;
    return [{ envelope, top: held.top, edits, refusal: null }, ...others];
  }
}
