import { randomBytes } from "node:crypto";

export type StoredMessage = { uid: string; bytes: Uint8Array };

/** Beyond these the oldest messages of a mailbox go: the demo runs for days. */
const messagesMax = 500;
const mailboxBytesMax = 128 * 1024 * 1024;

/** The mailboxes of the demo mail server, in memory; a mailbox exists as soon as somebody names it. */
export class Mailboxes {
  readonly #boxes = new Map<string, StoredMessage[]>();
  readonly #locked = new Set<string>();
  readonly #run = randomBytes(4).toString("hex");
  #delivered = 0;

  /** Keeps the bytes exactly as they came. Every spelling of an address is the mailbox of its local part. */
  deliver(address: string, bytes: Uint8Array): void {
    const box = this.#box(address);
    this.#delivered += 1;
    box.push({ uid: `${this.#run}-${this.#delivered}`, bytes });
    let total = box.reduce((sum, message) => sum + message.bytes.length, 0);
    while (box.length > messagesMax || (total > mailboxBytesMax && box.length > 1))
      total -= box.shift()?.bytes.length ?? 0;
  }

  /** What is in a mailbox now, oldest first. */
  messages(user: string): readonly StoredMessage[] {
    return [...this.#box(user)];
  }

  remove(user: string, uids: ReadonlySet<string>): void {
    this.#boxes.set(
      keyOf(user),
      this.#box(user).filter(({ uid }) => !uids.has(uid)),
    );
  }

  /** RFC 1939 §4: one session at a time. False when another has it. */
  lock(user: string): boolean {
    if (this.#locked.has(keyOf(user))) return false;
    this.#locked.add(keyOf(user));
    return true;
  }

  unlock(user: string): void {
    this.#locked.delete(keyOf(user));
  }

  #box(user: string): StoredMessage[] {
    const key = keyOf(user);
    const box = this.#boxes.get(key) ?? [];
    this.#boxes.set(key, box);
    return box;
  }
}

function keyOf(address: string): string {
  const at = address.lastIndexOf("@");
  return (at === -1 ? address : address.slice(0, at)).toLowerCase();
}
