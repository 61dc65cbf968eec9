import { type Edit, EditList, EditWriter } from "#core/message/rewrite/edit.ts";
import { HeldBytes, type HoldRoom } from "./held-bytes.ts";
import { HeldReading, type HoldTarget } from "./held-reading.ts";

/**
 * A message on its way that waits for its verdict: bytes go in as they come, and out to the destination up to where they are released,
 * edited. What nothing holds back passes straight through. Others may read the original beside it. `discard` must be called once it is
 * no longer needed, at any moment; twice does no harm.
 */
export class MessageHold {
  /** More may be written, after `write` answered false. */
  onDrain: (() => void) | null = null;
  /** The message cannot be held or read any more. Called at most once; nobody gets anything after it. */
  onError: ((error: Error) => void) | null = null;
  readonly #held: HeldBytes;
  readonly #keepsAll: boolean;
  readonly #edits = new EditList();
  #destination: HeldReading | null = null;
  readonly #replays = new Set<HeldReading>();
  #released = 0;
  #ended = false;
  #stalled = false;
  #over = false;

  /**
   * `name` must be new in the room's folder. With `keepsAll` every byte stays until `discard`, so that the original can be read after it
   * was delivered; without, bytes are gone once the destination and the replays of that moment had them.
   */
  constructor(room: HoldRoom, name: string, keepsAll = false) {
    this.#keepsAll = keepsAll;
    this.#held = new HeldBytes(room, name, { drained: () => this.#settle(), failed: (error) => this.#fail(error) });
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#held.end;
  }

  /** Takes the next bytes, which must not change afterwards. False: wait for `onDrain`. */
  write(slice: Uint8Array): boolean {
    if (this.#over) return true;
    if (this.#passes(this.#destination)) {
      this.#held.skip(slice.length);
      this.#destination.pass(slice);
    } else {
      this.#held.write(slice);
      this.#advance();
    }
    this.#stalled = this.#mustWait();
    return !this.#stalled;
  }

  /** All bytes were written. */
  end(): void {
    this.#ended = true;
    this.#advance();
  }

  /** Replaces a range that was not released yet. */
  edit(edit: Edit): void {
    if (edit.start < this.#released) throw new RangeError(`byte ${edit.start} has been released`);
    this.#edits.add(edit);
  }

  /** Bytes before the offset may go to the destination; infinite: all, also those that come later. */
  releaseTo(offset: number): void {
    this.#released = Math.max(this.#released, offset);
    this.#advance();
  }

  /** Where released bytes go. Called once, before or after they are released. */
  deliverTo(target: HoldTarget): void {
    let takesMore = true;
    const writer = new EditWriter(this.#edits, (slice) => {
      if (!target.piece(slice)) takesMore = false;
    });
    const edited = {
      piece: (bytes: Uint8Array) => {
        takesMore = true;
        writer.write(bytes);
        return takesMore;
      },
      done: () => {
        writer.end();
        target.done();
      },
    };
    this.#destination = new HeldReading(this.#held, 0, edited, () => this.#settle());
    this.#advance();
  }

  /** The destination takes more. */
  resume(): void {
    this.#destination?.resume();
  }

  /**
   * Gives the original bytes [from, to) to another consumer, which may stop and resume the reading. Bytes that were delivered can be
   * read with `keepsAll` only.
   */
  replay(target: HoldTarget, from: number, to: number): HeldReading {
    const kept = this.#keepsAll ? 0 : (this.#destination?.at ?? 0);
    if (from < kept || to > this.#held.end) throw new RangeError(`bytes ${from} to ${to} are not held`);
    const reading = new HeldReading(this.#held, from, target, () => this.#settle());
    this.#replays.add(reading);
    reading.readTo(to, true);
    return reading;
  }

  discard(): void {
    this.#over = true;
    this.#destination?.stop();
    for (const replay of this.#replays) replay.stop();
    this.#held.discard();
  }

  /** Nothing holds the next bytes back. */
  #passes(destination: HeldReading | null): destination is HeldReading {
    const free = !this.#keepsAll && this.#released === Number.POSITIVE_INFINITY && this.#held.empty;
    return free && destination?.caughtUp === true;
  }

  #advance(): void {
    const { end } = this.#held;
    this.#destination?.readTo(Math.min(this.#released, end), this.#ended && this.#released >= end);
  }

  /** The disk is behind, or the destination takes nothing though it may have more. */
  #mustWait(): boolean {
    const destination = this.#destination;
    return this.#held.stalled || (destination?.blocked === true && destination.at < this.#released);
  }

  #settle(): void {
    if (this.#over) return;
    for (const replay of this.#replays) if (replay.over) this.#replays.delete(replay);
    if (!this.#keepsAll && this.#destination !== null) {
      this.#held.forget([...this.#replays].reduce((least, { at }) => Math.min(least, at), this.#destination.at));
    }
    if (!this.#stalled || this.#mustWait()) return;
    this.#stalled = false;
    this.onDrain?.();
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.discard();
    this.onError?.(error);
  }
}
