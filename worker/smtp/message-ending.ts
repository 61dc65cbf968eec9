import type { StageDecision } from "#core/policy/decide.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { shortLived } from "../net/short-lived.ts";
import { CopyEnding, type HeldCopy, takenOver } from "./copy-ending.ts";
import type { Delivery, Destination } from "./destination.ts";
import type { HeldBody } from "./held-body.ts";
import { spoolDelivery } from "./spool-destination.ts";
import { spoolEdited } from "./spool-edited.ts";

/**
 * What becomes of a held message that has one destination: changed and passed on, sent to somebody else, kept, or thrown away. Whatever has to
 * be on disk is, before the client hears 250.
 */
export class MessageEnding {
  readonly #held: HeldCopy;
  readonly #copy: CopyEnding;
  readonly #body: HeldBody;
  readonly #destination: Destination;
  #lost: Delivery | null = null;

  constructor(held: HeldCopy, body: HeldBody, destination: Destination) {
    this.#held = held;
    this.#copy = new CopyEnding(held);
    this.#body = body;
    this.#destination = destination;
    // What is to be kept first is kept all the same.
    destination.onLost = shortLived((delivery) => {
      this.#lost = delivery;
    });
  }

  /** A decision that takes the message over. */
  async take(decision: StageDecision): Promise<Delivery> {
    return (await this.#copy.take(decision)) ?? takenOver(decision, this.#held.record.id);
  }

  /** It may pass. */
  async pass(): Promise<Delivery> {
    const failure = await this.#copy.change();
    if (failure !== null) return failure;
    const others = this.#copy.others();
    if (!Array.isArray(others)) return others;
    const isRedirected = this.#held.copy.decisions.redirect !== null;
    if (isRedirected) this.#destination.abort();
    if (others.length > 0) {
      const spooled = await this.#spool(others);
      if (spooled.result === "failed" || isRedirected) return spooled;
    }
    return await this.#send();
  }

  async #spool(copies: Parameters<typeof spoolEdited>[2]): Promise<Delivery> {
    const { options, held, record, content } = this.#held;
    const { subject } = content.content.judge.summary;
    try {
      await spoolEdited(options.admission.services.spool, held.original.whole(), copies, subject);
      return spoolDelivery(record.id, null);
    } catch (error) {
      return spoolDelivery(record.id, error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #send(): Promise<Delivery> {
    const { edits, held, content } = this.#held;
    if (this.#lost !== null) return this.#lost;
    for (let index = 0; index < edits.length; index++) {
      const edit = edits.at(index);
      if (edit !== undefined) held.hold.edit(edit);
    }
    if (this.#copy.fields !== null) this.#body.top(this.#copy.fields);
    const { subject } = content.content.judge.summary;
    return await new Promise((resolve) => {
      // The destination may be lost before it has all of it.
      this.#destination.onLost = resolve;
      this.#body.finish((error) => {
        if (error === null) this.#destination.end(subject, resolve);
        else resolve({ result: "failed", reply: replies.localError, cause: `the held message: ${error.message}` });
      });
    });
  }
}
