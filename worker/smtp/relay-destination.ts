import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { SmtpSettings } from "#core/contract/smtp-settings.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { shortLived } from "../net/short-lived.ts";
import {
  type EnvelopeRecipient,
  type MailEnvelope,
  type ReplyOrError,
  type SmtpLeases,
  SmtpTransaction,
} from "../upstream/smtp-transaction.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import { type Delivery, type Destination, unsentBytesMax } from "./destination.ts";
import { passedOn } from "./passed-reply.ts";

type RelaySettings = Pick<SmtpSettings, "hideServerReplies">;

/** The route's server, asked while the client waits. The body goes out as it came in, still dot-stuffed. */
export class RelayDestination implements Destination {
  readonly kind = "relay";
  onDrain: (() => void) | null = null;
  onLost: ((delivery: Delivery) => void) | null = null;
  readonly #transaction: SmtpTransaction;
  readonly #settings: RelaySettings;
  #lastReply: Reply | null = null;

  constructor(leases: SmtpLeases, route: SmtpRoute, mail: MailEnvelope, settings: RelaySettings) {
    this.#settings = settings;
    this.#transaction = new SmtpTransaction(leases, route, mail);
    this.#transaction.onDrain = shortLived(() => this.onDrain?.());
    this.#transaction.onLost = shortLived((error) => this.onLost?.(this.#lost(error)));
  }

  get upstream(): string | null {
    return this.#transaction.target;
  }

  get upstreamTls(): string | null {
    return this.#transaction.tls;
  }

  get lastReply(): Reply | null {
    return this.#lastReply;
  }

  /** Whether the server took the sender: only then is an answer about the recipient. */
  get senderTaken(): boolean {
    return this.#transaction.senderTaken;
  }

  get takesEightBit(): boolean {
    return this.#transaction.capabilities?.eightBitMime ?? true;
  }

  /** Exactly one argument is not null; after an error the conversation is of no use. */
  recipient(recipient: EnvelopeRecipient, done: ReplyOrError): void {
    this.#transaction.recipient(recipient, (error, said) => {
      this.#lastReply = said ?? error?.answer ?? null;
      done(error, said === null ? null : passedOn(said, this.#settings));
    });
  }

  open(done: (reply: Reply) => void): void {
    this.#transaction.data((error, said) => {
      this.#lastReply = said ?? error?.answer ?? null;
      if (said === null) done(replies.upstreamLost);
      else done(said.code === 354 ? replies.startBody : passedOn(said, this.#settings));
    });
  }

  text(slice: Uint8Array): boolean {
    return this.#transaction.write(slice) || this.#transaction.unsentBytes < unsentBytesMax;
  }

  stuffedDot(slice: Uint8Array): void {
    this.#transaction.write(slice);
  }

  end(_subject: string | null, done: (delivery: Delivery) => void): void {
    this.#transaction.end((error, said) => {
      this.#lastReply = said ?? error?.answer ?? null;
      if (said === null) {
        // RFC 5321 §4.5.4.1: nobody knows whether it was taken; the client keeps it.
        done({
          result: "failed",
          reply: replies.upstreamLost,
          cause: `lost after the final dot: ${error?.message ?? ""}`,
        });
      } else
        done({ result: said.code < 400 ? "relayed" : "refused", reply: passedOn(said, this.#settings), cause: null });
    });
  }

  abort(): void {
    this.onLost = null;
    this.#transaction.abort();
  }

  /** A refusal in the middle of the body is the server's verdict; anything else is a lost connection. */
  #lost(error: UpstreamError): Delivery {
    this.#lastReply = error.answer;
    if (error.answer !== null && error.answer.code >= 400) {
      return { result: "refused", reply: passedOn(error.answer, this.#settings), cause: null };
    }
    return { result: "failed", reply: replies.upstreamLost, cause: `${error.target}: ${error.message}` };
  }
}
