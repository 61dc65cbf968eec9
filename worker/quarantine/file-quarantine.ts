import { rm } from "node:fs/promises";
import { callbackify } from "node:util";
import { type QuarantineEntry, quarantineCauses, quarantineEntrySchema } from "#core/contract/quarantine.ts";
import { FreeSpace, spoolFreeBytesMin } from "../spool/free-space.ts";
import type { SpoolEnvelope } from "../spool/spool.ts";
import { isSpoolId } from "../spool/spool-folders.ts";
import { Turns } from "../state/turns.ts";
import { ContentDamaged } from "./content-cipher.ts";
import { ContentFiles, type WrittenContent } from "./content-files.ts";
import { EntryFiles } from "./entry-files.ts";
import type { ContentSource, KeepRequest, Quarantine } from "./quarantine.ts";
import {
  damagedPaths,
  openQuarantineFolders,
  type QuarantineFolders,
  setQuarantineAside,
} from "./quarantine-folders.ts";
import { keyProblem, openQuarantineKeys, type QuarantineKeys } from "./quarantine-keys.ts";

/** Entries in memory. */
export const quarantineEntriesMax = 100_000;
/** What an entry names of them; a release goes to all. */
const recipientsNamedMax = 1_000;
const malwareNamedMax = 20;
/** Contents that are looked at together at start. */
const checkedAtOnce = 64;
const dayMs = 24 * 60 * 60 * 1_000;

export type FileQuarantineOptions = {
  stateDir: string;
  /** Of all contents. */
  bytesMax: number;
  now(): number;
  /** Something cannot be opened and was set aside, or is known to be damaged now. */
  damaged(what: string, reason: string): void;
  freeBytesMin?: number;
};

/** The quarantine as a file per entry and a file per content. */
export class FileQuarantine implements Quarantine {
  readonly #options: FileQuarantineOptions;
  readonly #folders: QuarantineFolders;
  readonly #contents: ContentFiles;
  readonly #files: EntryFiles;
  readonly #freeSpace: FreeSpace;
  /** By digest. */
  readonly #turns = new Turns();
  /** By id; oldest first, since ids sort by time. */
  readonly #entries = new Map<string, QuarantineEntry>();
  /** Ids of what lies in a POP3 mailbox, by content and user. */
  readonly #byMailbox = new Map<string, Set<string>>();
  readonly #keeping = new Set<string>();
  readonly #damagedContents = new Set<string>();
  readonly #listeners: ((id: string) => void)[] = [];
  #reservedBytes = 0;

  private constructor(options: FileQuarantineOptions, folders: QuarantineFolders, keys: QuarantineKeys) {
    this.#options = options;
    this.#folders = folders;
    this.#contents = new ContentFiles(folders, keys);
    this.#files = new EntryFiles(folders, keys.entries);
    this.#freeSpace = new FreeSpace(folders.content, options.now, options.freeBytesMin ?? spoolFreeBytesMin);
  }

  /** Reads back from disk what is kept. */
  static async open(options: FileQuarantineOptions): Promise<FileQuarantine> {
    let folders = openQuarantineFolders(options.stateDir);
    const problem = keyProblem(folders);
    if (problem !== null) {
      options.damaged(setQuarantineAside(options.stateDir), problem);
      folders = openQuarantineFolders(options.stateDir);
    }
    const quarantine = new FileQuarantine(options, folders, await openQuarantineKeys(folders));
    await quarantine.#recover();
    return quarantine;
  }

  async #recover(): Promise<void> {
    const { kept, setAside } = await this.#files.recover();
    for (const file of setAside) this.#options.damaged(file, "it cannot be opened");
    let damaged = setAside.length;
    for (let at = 0; at < kept.length; at += checkedAtOnce) {
      const some = kept.slice(at, at + checkedAtOnce);
      const whole = await Promise.all(some.map(({ entry }) => this.#contents.isWhole(entry.sha256, entry.bytes)));
      for (const [index, { entry }] of some.entries()) {
        if (whole[index] === true) {
          this.#contents.count(entry.sha256, entry.bytes);
          this.#publish(entry);
          continue;
        }
        damaged++;
        this.#options.damaged(await this.#files.setAside(entry.id), "its content is missing or cut off");
      }
    }
    await this.#contents.removeOrphans(damaged > 0);
  }

  keep(
    what: KeepRequest,
    content: ContentSource,
    done: (error: Error | null, entry: QuarantineEntry | null) => void,
  ): void {
    callbackify(() => this.#keep(what, content))((error: Error | null, entry?: QuarantineEntry) =>
      done(error, entry ?? null),
    );
  }

  isReleased(sha256: string, user: string, malware: readonly string[]): boolean {
    const ids = this.#byMailbox.get(mailboxKey(sha256, user)) ?? [];
    return [...ids].some((id) => {
      const entry = this.#entries.get(id);
      return entry?.state === "released" && (malware.length === 0 || entry.malware.length > 0);
    });
  }

  /** Why `bytes` more cannot be kept, or null. */
  full(bytes = 0): string | null {
    const { bytesMax } = this.#options;
    if (this.#entries.size + this.#keeping.size >= quarantineEntriesMax)
      return `it holds ${quarantineEntriesMax} entries: delete what nobody needs`;
    if (this.#contents.bytes + this.#reservedBytes + bytes > bytesMax)
      return `it may hold ${bytesMax} bytes (quarantine.bytesMax of worker.yaml): delete what nobody needs, or let it hold more`;
    return this.#freeSpace.shortage();
  }

  /** Of all contents, each counted once. */
  get bytes(): number {
    return this.#contents.bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  ids(): Iterable<string> {
    return this.#entries.keys();
  }

  entry(id: string): QuarantineEntry | null {
    return this.#entries.get(id) ?? null;
  }

  /** Where a release sends it; null for POP3. Rejects when the entry is damaged or gone. */
  async envelope(id: string): Promise<SpoolEnvelope | null> {
    return (await this.#files.load(id)).envelope;
  }

  /** What was kept, decrypted and compared with its digest; null: there is no such entry. A damaged one ends with an error. */
  content(id: string): ContentSource | null {
    const entry = this.#entries.get(id);
    if (entry === undefined) return null;
    const source = this.#contents.source(entry.sha256, entry.bytes);
    const noted = (error: Error | null): void => {
      if (error instanceof ContentDamaged) this.#noteDamaged(entry, error.message);
    };
    return {
      bytes: source.bytes,
      read: ({ piece, done }) =>
        source.read({
          piece,
          done: (error) => {
            noted(error);
            done(error);
          },
        }),
    };
  }

  /** Resolves once it is on disk. `to`: everyone who has it now; empty is all of them. What concerns one entry is called one after the other. */
  async markReleased(id: string, to: string[]): Promise<void> {
    const kept = await this.#files.load(id);
    const entry: QuarantineEntry = { ...kept.entry, state: "released", releasedTo: to };
    await this.#files.save({ ...kept, entry });
    this.#entries.set(id, entry);
    this.#changed(id);
  }

  /** Resolves once it is gone for good: the entry first, what remains of it is then worthless. */
  async remove(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#forget(entry);
    await this.#files.remove(id);
    await this.#turns.take(entry.sha256, () => this.#contents.release(entry.sha256));
  }

  /** Called on every change of an entry, and once when it is gone; the listener must not throw. */
  onChange(listener: (id: string) => void): void {
    this.#listeners.push(listener);
  }

  /** What cannot be opened: paths that wait for a person, and ids of entries whose content was found damaged. */
  damaged(): string[] {
    return [...damagedPaths(this.#options.stateDir, this.#folders), ...this.#damagedContents];
  }

  /** Resolves when what is under way is done. */
  async close(): Promise<void> {
    await this.#turns.settled();
  }

  async #keep({ days, envelope, ...what }: KeepRequest, content: ContentSource): Promise<QuarantineEntry> {
    const { id } = what;
    const shortage = this.full(content.bytes);
    if (shortage !== null) throw new Error(`the quarantine is full: ${shortage}`);
    if (!isSpoolId(id) || this.#entries.has(id) || this.#keeping.has(id))
      throw new Error(`${id} cannot be the id of something kept`);
    this.#keeping.add(id);
    this.#reservedBytes += content.bytes;
    try {
      const written = await this.#contents.write(content);
      try {
        const entry = this.#entryOf(what, written, days);
        return await this.#turns.take(written.sha256, () => this.#refer(entry, envelope, written));
      } finally {
        // Where it was not given its name.
        await rm(written.path, { force: true });
      }
    } finally {
      this.#reservedBytes -= content.bytes;
      this.#keeping.delete(id);
    }
  }

  /** Throws for what could not be reported, or read back. */
  #entryOf(
    what: Omit<KeepRequest, "days" | "envelope">,
    { sha256, bytes }: WrittenContent,
    days: number | null,
  ): QuarantineEntry {
    const keptAt = this.#options.now();
    return quarantineEntrySchema.parse({
      ...what,
      recipients: what.recipients.slice(0, recipientsNamedMax),
      malware: what.malware.slice(0, malwareNamedMax),
      bytes,
      sha256,
      keptAt: new Date(keptAt).toISOString(),
      expiresAt: new Date(keptAt + (days ?? quarantineCauses[what.cause]) * dayMs).toISOString(),
      state: "held",
      releasedTo: [],
    });
  }

  async #refer(
    entry: QuarantineEntry,
    envelope: SpoolEnvelope | null,
    written: WrittenContent,
  ): Promise<QuarantineEntry> {
    const before = this.#keptBefore(entry);
    if (before !== null) return before;
    await this.#contents.refer(written);
    try {
      await this.#files.save({ entry, envelope });
    } catch (error) {
      await this.#contents.release(entry.sha256);
      throw error;
    }
    this.#publish(entry);
    return entry;
  }

  /** Not what was kept before malware was found in it: its entry says nothing of that. */
  #keptBefore(wanted: QuarantineEntry): QuarantineEntry | null {
    for (const id of this.#byMailbox.get(mailboxOf(wanted) ?? "") ?? []) {
      const entry = this.#entries.get(id);
      const isSame = entry?.ruleId === wanted.ruleId && entry?.kind === wanted.kind;
      if (isSame && (entry.malware.length > 0 || wanted.malware.length === 0)) return entry;
    }
    return null;
  }

  #publish(entry: QuarantineEntry): void {
    this.#entries.set(entry.id, entry);
    const mailbox = mailboxOf(entry);
    if (mailbox !== null) this.#byMailbox.set(mailbox, (this.#byMailbox.get(mailbox) ?? new Set()).add(entry.id));
    this.#changed(entry.id);
  }

  #forget(entry: QuarantineEntry): void {
    const { id } = entry;
    this.#entries.delete(id);
    this.#damagedContents.delete(id);
    const mailbox = mailboxOf(entry) ?? "";
    const ids = this.#byMailbox.get(mailbox);
    if (ids?.delete(id) === true && ids.size === 0) this.#byMailbox.delete(mailbox);
    this.#changed(id);
  }

  #noteDamaged({ id }: QuarantineEntry, reason: string): void {
    if (!this.#damagedContents.has(id)) this.#options.damaged(id, reason);
    this.#damagedContents.add(id);
  }

  #changed(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}

/** By what a POP3 message or part is known again: its content, and whose mailbox it lies in. */
function mailboxOf({ protocol, sha256, user }: QuarantineEntry): string | null {
  return protocol === "pop3" && user !== null ? mailboxKey(sha256, user) : null;
}

function mailboxKey(sha256: string, user: string): string {
  return `${sha256} ${user}`;
}
