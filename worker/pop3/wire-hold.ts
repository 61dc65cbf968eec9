import { shortLived } from "../net/short-lived.ts";
import type { HoldRoom } from "../scan/held-bytes.ts";
import { HeldOriginal } from "../scan/held-original.ts";
import { MessageHold } from "../scan/message-hold.ts";

/**
 * A message of a mailbox that waits for its verdict, as it came over the wire: what may pass goes on octet for octet. `keepsAll`: the message can
 * be read out of it too. `discard` must be called once it is no longer needed; twice does no harm.
 */
export class WireHold {
  readonly hold: MessageHold;
  readonly original: HeldOriginal;
  #decodedBytes = 0;

  /** `name` must be new in the room's folder. */
  constructor(room: HoldRoom, name: string, keepsAll: boolean) {
    this.hold = new MessageHold(room, name, keepsAll);
    this.original = new HeldOriginal(this.hold, () => this.#decodedBytes);
  }

  begin({ onDrain, onError }: { onDrain(): void; onError(error: Error): void }): void {
    this.hold.onDrain = onDrain;
    this.hold.onError = shortLived((error) => {
      this.original.fail(error);
      onError(new Error(`the message could not be held: ${error.message}`));
    });
  }

  /** False: wait for `onDrain`. */
  write(chunk: Uint8Array): boolean {
    return this.hold.write(chunk);
  }

  /** All of it was written; it has so many bytes, dots undone. */
  end(decodedBytes: number): void {
    this.#decodedBytes = decodedBytes;
    this.hold.end();
  }

  discard(): void {
    this.hold.discard();
  }
}
