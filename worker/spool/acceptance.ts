import { shortLived } from "../net/short-lived.ts";
import { type HeldBytes, HeldMessage } from "./held-message.ts";
import type { LargeFile } from "./large-file.ts";
import type { LogUnit } from "./log-unit.ts";
import type { Content, NewMessage, QueueLog } from "./queue-log.ts";
import { newProgress, type Progress } from "./queue-record.ts";
import type { SpoolBatch, SpoolEnvelope, SpoolWriter } from "./spool.ts";

export type AcceptancePlace = {
  queueLog: QueueLog;
  held: HeldBytes;
  openLarge(envelope: SpoolEnvelope): LargeFile;
  /** Called between the flush to disk and the answer. */
  accepted(id: string): void;
  /** Called once when nothing of these messages remains to be done. */
  closed(): void;
};

type Commit = { subject: string | null; refusals: readonly (string | null)[]; done: (error: Error | null) => void };

/** Messages that come in together: all of them are in the log, or none. */
export class Acceptance implements SpoolBatch {
  onDrain: (() => void) | null = null;
  readonly #place: AcceptancePlace;
  readonly #messages: HeldMessage[];
  readonly #paused = new Set<number>();
  #commit: Commit | null = null;
  #unit: LogUnit | null = null;
  #isAborted = false;
  #isOver = false;

  constructor(envelopes: readonly SpoolEnvelope[], place: AcceptancePlace) {
    this.#place = place;
    this.#messages = envelopes.map((envelope, index) => {
      const message = new HeldMessage(envelope, place.held, place.openLarge);
      message.onDrain = shortLived(() => this.#drained(index));
      return message;
    });
  }

  write(chunk: Uint8Array): boolean {
    for (const index of this.#messages.keys()) this.writeTo(index, chunk);
    return this.#paused.size === 0;
  }

  writeTo(index: number, chunk: Uint8Array): boolean {
    if (this.#isAborted || this.#commit !== null) return true;
    if (this.#messages[index]?.write(chunk) === false) this.#paused.add(index);
    return this.#paused.size === 0;
  }

  commit(subject: string | null, refusals: readonly (string | null)[], done: (error: Error | null) => void): void {
    if (this.#commit !== null) throw new Error("messages are committed once");
    if (this.#isAborted) return;
    const commit = { subject, refusals, done };
    this.#commit = commit;
    const contents = this.#messages.map((message) => message.content(subject));
    const small = contents.flatMap((content) => (content instanceof Promise ? [] : [content]));
    // Nothing to wait for: the usual case.
    if (small.length === contents.length) this.#append(commit, small);
    else void this.#appendWhenWritten(commit, contents);
  }

  abort(): void {
    if (this.#isOver || this.#isAborted) return;
    this.#isAborted = true;
    if (this.#unit !== null) this.#unit.cancelled = true;
    // What is under way ends by itself and then finds that nobody wants it.
    if (this.#commit === null) this.#finish(null);
  }

  /** Files first, so that the log names none that is not there. */
  async #appendWhenWritten(commit: Commit, contents: readonly (Content | Promise<Content>)[]): Promise<void> {
    const written = await Promise.allSettled(contents.map((content) => Promise.resolve(content)));
    const failure = written.find((one) => one.status === "rejected");
    if (failure !== undefined) return this.#finish(asError(failure.reason));
    if (this.#isAborted) return this.#finish(null);
    const all = written.map((one) => (one.status === "fulfilled" ? one.value : null));
    this.#append(commit, all);
  }

  #append({ subject, refusals }: Commit, contents: readonly Content[]): void {
    const messages = this.#messages.map(({ envelope, bytes }, index): NewMessage => {
      const refusal = refusals[index] ?? null;
      const progress = refusal === null ? undefined : refusedProgress(envelope, refusal);
      return { head: { envelope, subject, bytes, progress }, content: contents[index] ?? null };
    });
    this.#unit = this.#place.queueLog.accept(
      messages,
      () => !this.#isAborted,
      (error) => this.#finish(error, error === null),
    );
  }

  /** `isKept`: the log has the messages, and what is not wanted of them it removes itself. */
  #finish(error: Error | null, isKept = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const message of this.#messages) message.release();
    if (isKept) this.#close(null);
    else void this.#removeFiles(error);
  }

  async #removeFiles(failure: Error | null): Promise<void> {
    await Promise.allSettled(this.#messages.map((message) => message.removeFile()));
    this.#close(failure);
  }

  #close(error: Error | null): void {
    const { accepted, closed } = this.#place;
    closed();
    if (this.#isAborted) return;
    if (error === null) for (const { envelope } of this.#messages) accepted(envelope.id);
    this.#commit?.done(error);
  }

  #drained(index: number): void {
    this.#paused.delete(index);
    if (this.#paused.size === 0) this.onDrain?.();
  }
}

/** One message alone. */
export class SingleAcceptance implements SpoolWriter {
  readonly #batch: SpoolBatch;

  constructor(batch: SpoolBatch) {
    this.#batch = batch;
  }

  get onDrain(): (() => void) | null {
    return this.#batch.onDrain;
  }

  set onDrain(taker: (() => void) | null) {
    this.#batch.onDrain = taker;
  }

  write(chunk: Uint8Array): boolean {
    return this.#batch.write(chunk);
  }

  commit(subject: string | null, done: (error: Error | null) => void): void {
    this.#batch.commit(subject, [], done);
  }

  abort(): void {
    this.#batch.abort();
  }
}

function refusedProgress({ recipients }: SpoolEnvelope, refusal: string): Progress {
  const progress = newProgress(recipients.length);
  return {
    ...progress,
    state: "failed",
    outcomes: "f".repeat(recipients.length),
    lastReply: refusal,
    cause: "refused",
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
