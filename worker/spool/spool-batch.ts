import { callbackify } from "node:util";
import { newProgress, type Progress } from "./queue-record.ts";
import type { SpoolBatch, SpoolEnvelope } from "./spool.ts";
import type { FileSpoolWriter } from "./spool-writer.ts";

/** A message of the batch that is on disk, and not yet known to the queue. */
export type Committed = { envelope: SpoolEnvelope; subject: string | null; bytes: number; progress: Progress };

export type BatchPlace = {
  begin(envelope: SpoolEnvelope, committed: (subject: string | null, bytes: number) => void): FileSpoolWriter;
  /** Resolves once it is on disk. */
  saveProgress(id: string, progress: Progress): Promise<void>;
  publish(committed: Committed): void;
  /** Removes what was committed and not published. */
  withdraw(id: string): Promise<void>;
};

type Member = { envelope: SpoolEnvelope; writer: FileSpoolWriter; progress: Progress; committed: Committed | null };

/** Several spool files that count only together: all are on disk before the queue hears of one. */
export class FileSpoolBatch implements SpoolBatch {
  onDrain: (() => void) | null = null;
  readonly #place: BatchPlace;
  readonly #members: Member[];
  readonly #paused = new Set<number>();
  #aborted = false;
  #over = false;

  constructor(envelopes: readonly SpoolEnvelope[], place: BatchPlace) {
    this.#place = place;
    this.#members = envelopes.map((envelope, index) => {
      const progress = newProgress(envelope.recipients.length);
      const writer = place.begin(envelope, (subject, bytes) => {
        member.committed = { envelope, subject, bytes, progress: member.progress };
      });
      const member: Member = { envelope, writer, progress, committed: null };
      writer.onDrain = () => this.#drained(index);
      return member;
    });
  }

  write(chunk: Uint8Array): boolean {
    for (const index of this.#members.keys()) this.writeTo(index, chunk);
    return this.#paused.size === 0;
  }

  writeTo(index: number, chunk: Uint8Array): boolean {
    if (this.#members[index]?.writer.write(chunk) === false) this.#paused.add(index);
    return this.#paused.size === 0;
  }

  commit(subject: string | null, refusals: readonly (string | null)[], done: (error: Error | null) => void): void {
    callbackify(() => this.#commitAll(subject, refusals))((fault, failure) => {
      if (!this.#aborted) done(fault ?? failure);
    });
  }

  abort(): void {
    if (this.#over) return;
    this.#aborted = true;
    for (const { writer } of this.#members) writer.abort();
    // Whose commit is under way removes its own file.
    void this.#withdraw();
  }

  /** Resolves with why it failed, once nothing of it is left. */
  async #commitAll(subject: string | null, refusals: readonly (string | null)[]): Promise<Error | null> {
    const all = this.#members.map((member, index) => this.#commitOne(member, subject, refusals[index] ?? null));
    const failures = await Promise.all(all);
    const failure = failures.find((error) => error !== null) ?? null;
    if (this.#aborted) return failure;
    this.#over = true;
    if (failure !== null) await this.#withdraw();
    else for (const { committed } of this.#members) if (committed !== null) this.#place.publish(committed);
    return failure;
  }

  /** Resolves with why it failed; its record of attempts first: what is refused must not be found without it after a crash. */
  async #commitOne(member: Member, subject: string | null, refusal: string | null): Promise<Error | null> {
    try {
      if (refusal !== null) {
        const outcomes = "f".repeat(member.envelope.recipients.length);
        member.progress = { ...member.progress, state: "failed", outcomes, lastReply: refusal };
        await this.#place.saveProgress(member.envelope.id, member.progress);
      }
    } catch (error) {
      member.writer.abort();
      return error instanceof Error ? error : new Error(String(error));
    }
    if (this.#aborted) return null;
    return await new Promise((resolve) => {
      member.writer.commit(subject, resolve);
    });
  }

  async #withdraw(): Promise<void> {
    const left = this.#members.map(({ envelope }) => this.#place.withdraw(envelope.id));
    await Promise.allSettled(left);
  }

  #drained(index: number): void {
    this.#paused.delete(index);
    if (this.#paused.size === 0) this.onDrain?.();
  }
}
