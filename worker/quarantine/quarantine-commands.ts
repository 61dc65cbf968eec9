import type { QuarantineEvent } from "#core/contract/event.ts";
import type { QuarantineCommandRequest, QuarantineEntry } from "#core/contract/quarantine.ts";
import type { Recorder } from "../services.ts";
import type { CommandResult, SpoolEnvelope } from "../spool/spool.ts";
import { Turns } from "../state/turns.ts";
import type { FileQuarantine } from "./file-quarantine.ts";
import { type ReleaseParts, releaseToQueue } from "./release.ts";

type ReleaseRequest = Extract<QuarantineCommandRequest, { command: "release" }>;

/** The name that stands for the end of an entry's days. */
const retention = "retention";

/** What people, and the end of its days, do to something kept: one at a time for each entry, each with an event. */
export class QuarantineCommands {
  readonly #quarantine: FileQuarantine;
  readonly #recorder: Pick<Recorder, "event">;
  readonly #parts: ReleaseParts;
  readonly #turns = new Turns();

  constructor(quarantine: FileQuarantine, recorder: Pick<Recorder, "event">, parts: ReleaseParts) {
    this.#quarantine = quarantine;
    this.#recorder = recorder;
    this.#parts = parts;
  }

  /** Resolves once the command's effect is on disk. `reason`: why it was not done. */
  command(id: string, request: QuarantineCommandRequest): Promise<CommandResult> {
    return this.#turns.take(id, async () => {
      const entry = this.#quarantine.entry(id);
      if (entry === null) return undone("it is not in quarantine");
      try {
        return request.command === "delete" ? await this.#delete(entry, request) : await this.#release(entry, request);
      } catch (error) {
        return undone(error instanceof Error ? error.message : String(error));
      }
    });
  }

  /** Removes everything whose days are over. Rejects when the disk failed; what remains goes the next time. */
  async expire(): Promise<void> {
    const now = new Date(this.#parts.now()).toISOString();
    const due = Array.from(this.#quarantine.ids()).filter((id) => (this.#quarantine.entry(id)?.expiresAt ?? "") <= now);
    for (const id of due) {
      await this.#turns.take(id, async () => {
        const entry = this.#quarantine.entry(id);
        if (entry === null) return;
        await this.#quarantine.remove(id);
        this.#tell(entry, { command: "expire", recipients: [], by: retention, reason: null });
      });
    }
  }

  async #delete(entry: QuarantineEntry, { by, reason }: QuarantineCommandRequest): Promise<CommandResult> {
    await this.#quarantine.remove(entry.id);
    this.#tell(entry, { command: "delete", recipients: [], by, reason: reason === "" ? null : reason });
    return { done: true, reason: null };
  }

  async #release(entry: QuarantineEntry, request: ReleaseRequest): Promise<CommandResult> {
    const { malware, reason, by } = request;
    if (entry.malware.length > 0 && !malware)
      return undone(`malware was found in it (${entry.malware.join(", ")}): releasing it takes a permission`);
    if (entry.malware.length > 0 && reason.trim() === "") return undone("releasing malware takes a reason");
    const refusal =
      entry.protocol === "pop3" ? await this.#releaseInMailbox(entry, request) : await this.#send(entry, request);
    if (refusal !== null) return undone(refusal);
    this.#tell(entry, {
      command: "release",
      recipients: request.recipients ?? [],
      by,
      reason: reason === "" ? null : reason,
    });
    return { done: true, reason: null };
  }

  /** It lies in its mailbox still: the next RETR gets it as it is. */
  async #releaseInMailbox(entry: QuarantineEntry, { recipients }: ReleaseRequest): Promise<string | null> {
    if (entry.state === "released") return "it is released already: it comes when its user fetches mail";
    if (recipients !== undefined && recipients.some((address) => address !== entry.user))
      return "it lies in a mailbox: only its user can have it";
    await this.#quarantine.markReleased(entry.id, []);
    return null;
  }

  async #send(entry: QuarantineEntry, request: ReleaseRequest): Promise<string | null> {
    const envelope = await this.#quarantine.envelope(entry.id);
    const content = this.#quarantine.content(entry.id);
    if (envelope === null || content === null) return "where it would go is not known";
    const chosen = chooseRecipients(entry, envelope, request.recipients);
    if (typeof chosen === "string") return chosen;
    const { malware } = request;
    const released = { entry, envelope: { ...envelope, recipients: chosen }, content, malware };
    const refusal = await releaseToQueue(released, this.#parts);
    if (refusal === null) await this.#quarantine.markReleased(entry.id, haveIt(entry, envelope, chosen));
    return refusal;
  }

  #tell(entry: QuarantineEntry, what: Pick<QuarantineEvent, "command" | "recipients" | "by" | "reason">): void {
    const { newId, now } = this.#parts;
    this.#recorder.event({
      kind: "quarantine",
      id: newId(),
      at: new Date(now()).toISOString(),
      messageId: entry.messageId,
      entryId: entry.id,
      ...what,
    });
  }
}

type Recipients = SpoolEnvelope["recipients"];

/** Those that were asked for; when nobody is named, those who do not have it yet. In words: why nobody. */
function chooseRecipients(
  entry: QuarantineEntry,
  { recipients }: SpoolEnvelope,
  wanted: readonly string[] | undefined,
): Recipients | string {
  if (wanted === undefined) {
    const left = recipients.filter(({ address }) => !hasIt(entry, address));
    return left.length > 0 ? left : "it was released to all of its recipients already";
  }
  const known = new Set(recipients.map(({ address }) => address));
  const strangers = wanted.filter((address) => !known.has(address));
  if (strangers.length > 0) return `it was not addressed to ${strangers.slice(0, 3).join(", ")}`;
  const chosen = recipients.filter(({ address }) => wanted.includes(address));
  return chosen.length > 0 ? chosen : "name who should have it";
}

function hasIt({ state, releasedTo }: QuarantineEntry, address: string): boolean {
  return state === "released" && (releasedTo.length === 0 || releasedTo.includes(address));
}

/** For `releasedTo`: empty is all. */
function haveIt(entry: QuarantineEntry, { recipients }: SpoolEnvelope, chosen: Recipients): string[] {
  const now = new Set(chosen.map(({ address }) => address));
  const all = recipients.map(({ address }) => address);
  const having = all.filter((address) => now.has(address) || hasIt(entry, address));
  return having.length === all.length ? [] : having.slice(0, releasedNamedMax);
}

/** An entry names so many; who is not named could get it twice, never not at all. */
const releasedNamedMax = 1_000;

function undone(reason: string): CommandResult {
  return { done: false, reason };
}
