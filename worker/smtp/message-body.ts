import { isAscii } from "node:buffer";
import { type BodyDecoder, dottedBody } from "#core/bytes/body-decoder.ts";
import type { BodyFault, DotSink } from "#core/bytes/dot-decoder.ts";
import { LineRepair } from "#core/bytes/line-repair.ts";
import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { ContentDecisions } from "../scan/content-decisions.ts";
import type { Delivery, Destination } from "./destination.ts";
import { HopCounter } from "./hop-counter.ts";

/** Judges a message that passes; `ContentDecisions` where everyone gets the same. */
export type BodyDecisions = Pick<ContentDecisions, "write" | "end" | "summary" | "cause">;

/** Why a message is not passed on. decision: the policy's no. limit: ours, with our reply. delivery: the destination's. */
export type BodyRefusal =
  | { kind: "decision"; decision: StageDecision }
  | { kind: "limit"; reply: Reply; cause: string }
  | { kind: "delivery"; delivery: Delivery };

/** dots: as in DATA, up to its end mark. chunks: as in BDAT, until `endChunks`. */
export type BodyFraming = "dots" | "chunks";

/** How far a message that is refused already is still read, for its header fields. */
const refusedHeaderBytesMax = 64 * 1024;

const faultReplies: Record<BodyFault, Reply> = {
  // RFC 5321 §2.3.8: CR and LF only together. What two servers read in two ways is not passed on.
  "bare-cr": replies.bareLineEnd,
  "bare-lf": replies.bareLineEnd,
  nul: replies.nulInMessage,
  "line-too-long": replies.messageLineTooLong,
};

/**
 * A message on its way from the client to its destination: judged as it passes, never held. At the first reason against it the
 * destination is aborted, and the rest is read up to its dot and thrown away.
 */
export class MessageBody implements DotSink {
  readonly decoder: BodyDecoder;
  /** Whether the destination asked to pause; `onUnblocked` is called when it no longer does. */
  blocked = false;
  onUnblocked: (() => void) | null = null;
  readonly #destination: Destination;
  readonly #decisions: BodyDecisions;
  readonly #bytesMax: number;
  readonly #hops: HopCounter;
  readonly #chunks: LineRepair | null;
  #refusal: BodyRefusal | null = null;
  /** Waits for the first bytes, to leave with them in one write. */
  #received: Buffer | null;

  constructor(
    destination: Destination,
    decisions: BodyDecisions,
    { limits, settings }: Pick<SmtpProxyAction, "limits" | "settings">,
    received: Buffer | null,
    framing: BodyFraming,
  ) {
    this.#destination = destination;
    this.#decisions = decisions;
    this.#bytesMax = limits.messageBytesMax;
    this.#hops = new HopCounter(limits.hopsMax);
    const rules = { ...limits, ...settings };
    this.#chunks = framing === "chunks" ? new LineRepair(rules, this) : null;
    this.decoder = this.#chunks ?? dottedBody(rules, this);
    destination.onLost = (delivery) => this.refuse({ kind: "delivery", delivery });
    destination.onDrain = () => this.#unblock();
    this.#received = received;
  }

  get refusal(): BodyRefusal | null {
    return this.#refusal;
  }

  get summary(): MessageSummary {
    return this.#decisions.summary;
  }

  get decisionCause(): string | null {
    return this.#decisions.cause;
  }

  text(slice: Uint8Array): void {
    if (this.#refusal !== null) {
      // The event still wants to tell the subject.
      if (this.decoder.decodedBytes < refusedHeaderBytesMax) this.#decisions.write(slice);
      return;
    }
    const decision = this.#decisions.write(slice);
    if (decision !== null) return this.refuse({ kind: "decision", decision });
    if (this.decoder.decodedBytes > this.#bytesMax) {
      // RFC 1870 §6.2: also when no size was declared.
      return this.refuse({ kind: "limit", reply: replies.tooLarge, cause: "messageBytesMax" });
    }
    if (!this.#destination.takesEightBit && !isAscii(slice)) {
      return this.refuse({ kind: "limit", reply: replies.eightBitNotTaken, cause: "the upstream lacks 8BITMIME" });
    }
    this.#hops.write(slice);
    if (this.#hops.isLooping) {
      return this.refuse({ kind: "limit", reply: replies.mailLoop, cause: "hopsMax" }); // RFC 5321 §6.3
    }
    this.#giveReceived();
    if (!this.#destination.text(slice)) this.blocked = true;
  }

  stuffedDot(slice: Uint8Array): void {
    if (this.#refusal !== null) return;
    this.#giveReceived();
    this.#destination.stuffedDot(slice);
  }

  /** The last chunk was read (RFC 3030 §2). */
  endChunks(): void {
    this.#chunks?.end();
  }

  /** After each chunk: a fault that the decoder found. */
  checkFault(): void {
    const { fault } = this.decoder;
    if (fault !== null && this.#refusal === null) {
      this.refuse({ kind: "limit", reply: faultReplies[fault], cause: fault });
    }
  }

  /** The end mark was read: the last decision. Null: the message may pass. */
  judge(): BodyRefusal | null {
    const decision = this.#refusal === null ? this.#decisions.end(this.decoder.decodedBytes) : null;
    if (decision !== null) this.refuse({ kind: "decision", decision });
    if (this.#refusal === null) this.#giveReceived();
    return this.#refusal;
  }

  /** Cuts the destination off before the final dot. Only the first reason counts. */
  refuse(refusal: BodyRefusal): void {
    if (this.#refusal !== null) return;
    this.#refusal = refusal;
    this.#destination.abort();
    this.#unblock();
  }

  #giveReceived(): void {
    if (this.#received === null) return;
    this.#destination.text(this.#received);
    this.#received = null;
  }

  #unblock(): void {
    this.blocked = false;
    this.onUnblocked?.();
  }
}
