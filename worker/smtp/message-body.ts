import { isAscii } from "node:buffer";
import { type BodyDecoder, dottedBody } from "#core/bytes/body-decoder.ts";
import type { BodyFault, DotSink } from "#core/bytes/dot-decoder.ts";
import { LineRepair } from "#core/bytes/line-repair.ts";
import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { shortLived } from "../net/short-lived.ts";
import type { ContentJudge } from "../scan/content-judge.ts";
import { isTaken } from "./answer.ts";
import type { Delivery, Destination } from "./destination.ts";
import { HopCounter } from "./hop-counter.ts";

/** Takes the bytes of a message on its way: its destination, or what holds them back before it. */
export interface BodyOutlet {
  /** Dots undone. False: pause until `onDrain`. */
  text(slice: Uint8Array): boolean;
  /** A dot that stands on the wire only. */
  stuffedDot(slice: Uint8Array): void;
  /** Forgets everything; twice does no harm. */
  abort(): void;
  onDrain: (() => void) | null;
}

/** Why a message is not passed on. decision: the policy's. limit: ours, with our reply. delivery: the destination's. */
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
 * A message on its way from the client to its destination, judged as it passes. At the first reason against it the destination is aborted,
 * and the rest is read up to its dot and thrown away.
 */
export class MessageBody implements DotSink {
  readonly decoder: BodyDecoder;
  /** Whether the destination asked to pause; `onUnblocked` is called when it no longer does. */
  blocked = false;
  onUnblocked: (() => void) | null = null;
  readonly #destination: Destination;
  readonly #outlet: BodyOutlet;
  readonly #judge: ContentJudge;
  readonly #bytesMax: number;
  readonly #hops: HopCounter;
  readonly #chunks: LineRepair | null;
  #refusal: BodyRefusal | null = null;
  /** Waits for the first bytes, to leave with them in one write. */
  #received: Buffer | null;

  /** `received`: our line on top, or null. `outlet`: where the bytes go; the destination itself where nothing is held. */
  constructor(
    destination: Destination,
    outlet: BodyOutlet,
    judge: ContentJudge,
    { limits, settings }: Pick<SmtpProxyAction, "limits" | "settings">,
    received: Buffer | null,
    framing: BodyFraming,
  ) {
    this.#destination = destination;
    this.#outlet = outlet;
    this.#judge = judge;
    this.#bytesMax = limits.messageBytesMax;
    this.#hops = new HopCounter(limits.hopsMax);
    const rules = { ...limits, ...settings };
    this.#chunks = framing === "chunks" ? new LineRepair(rules, this) : null;
    this.decoder = this.#chunks ?? dottedBody(rules, this);
    destination.onLost = shortLived((delivery) => this.refuse({ kind: "delivery", delivery }));
    outlet.onDrain = shortLived(() => this.#unblock());
    this.#received = received;
  }

  get refusal(): BodyRefusal | null {
    return this.#refusal;
  }

  get summary(): MessageSummary {
    return this.#judge.summary;
  }

  get decisionCause(): string | null {
    return this.#judge.cause;
  }

  text(slice: Uint8Array): void {
    if (this.#refusal !== null) {
      // The event still wants to tell the subject.
      if (this.decoder.decodedBytes < refusedHeaderBytesMax) this.#judge.write(slice);
      return;
    }
    const decision = this.#judge.write(slice);
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
    if (!this.#outlet.text(slice)) this.blocked = true;
  }

  stuffedDot(slice: Uint8Array): void {
    if (this.#refusal !== null) return;
    this.#giveReceived();
    this.#outlet.stuffedDot(slice);
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

  /** The end mark was read: the last decision, perhaps before this returns. Null: the message may pass. Not after `cancel`. */
  judge(done: (refusal: BodyRefusal | null) => void): void {
    this.#judge.end(this.decoder.decodedBytes, ({ refusal, failure }) => {
      if (refusal !== null) this.refuse({ kind: "decision", decision: refusal });
      else if (failure !== null) this.refuse({ kind: "limit", reply: replies.notJudged, cause: failure });
      if (this.#refusal === null) this.#giveReceived();
      done(this.#refusal);
    });
  }

  /** Nothing more is wanted of it; twice does no harm. */
  cancel(): void {
    this.#judge.cancel();
  }

  /** Cuts the destination off before the final dot. Only the first reason counts. */
  refuse(refusal: BodyRefusal): void {
    if (this.#refusal !== null) return;
    this.#refusal = refusal;
    // What policy takes over is still read, by whoever keeps it.
    if (refusal.kind === "decision" && isTaken(refusal.decision)) this.#destination.abort();
    else {
      this.#judge.cancel();
      this.#outlet.abort();
    }
    this.#unblock();
  }

  #giveReceived(): void {
    if (this.#received === null) return;
    this.#outlet.text(this.#received);
    this.#received = null;
  }

  #unblock(): void {
    this.blocked = false;
    this.onUnblocked?.();
  }
}
