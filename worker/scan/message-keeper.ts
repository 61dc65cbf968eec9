import { quarantinedReportedMax } from "#core/contract/content-report.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import type { ContentSource, KeepRequest, Quarantine } from "../quarantine/quarantine.ts";
import type { SpoolEnvelope } from "../spool/spool.ts";
import type { HeldOriginal } from "./held-original.ts";
import { keepMessage, keepPart } from "./keep-request.ts";
import type { ContentCopy, MessageContent } from "./message-content.ts";

/** Gives what rules keep of one copy of a message to the quarantine. `envelope`: where a release sends it; null for POP3. */
export class MessageKeeper {
  /** Ids of what was kept, as many as an event tells. */
  readonly kept: string[] = [];
  readonly #quarantine: Quarantine;
  readonly #content: MessageContent;
  readonly #original: HeldOriginal;

  constructor(quarantine: Quarantine, content: MessageContent, original: HeldOriginal) {
    this.#quarantine = quarantine;
    this.#content = content;
    this.#original = original;
  }

  /** The whole message, below `top` where there is one. It is durable when this resolves, with its id; rejects with why it could not be kept. */
  async message(
    { place }: ContentCopy,
    decision: StageDecision,
    envelope: SpoolEnvelope | null,
    top: Uint8Array | null,
  ): Promise<string> {
    return await this.#keep(keepMessage(place, decision, this.#found(envelope)), this.#original.whole(top));
  }

  /** Every part that is locked away. Whoever edits it afterwards tells the ids that it has in quarantine. */
  async parts({ place, editor }: ContentCopy, envelope: SpoolEnvelope | null): Promise<void> {
    for (const lock of editor.locks()) {
      const content = await this.#original.part(lock.part);
      editor.lockIds.set(lock.part.number, await this.#keep(keepPart(place, lock, this.#found(envelope)), content));
    }
  }

  #found(envelope: SpoolEnvelope | null) {
    const { summary, inspection } = this.#content.judge;
    return { summary, viruses: inspection.facts.viruses, envelope };
  }

  #keep(what: KeepRequest, source: ContentSource): Promise<string> {
    // A look at the same message before, which told no event, has kept it: its id is this one's.
    if (this.#quarantine.entry(what.id) !== null) {
      this.#tell(what.id);
      return Promise.resolve(what.id);
    }
    return new Promise((resolve, reject) => {
      this.#quarantine.keep(what, source, (error, entry) => {
        if (error !== null) return reject(error);
        const id = entry?.id ?? what.id;
        this.#tell(id);
        resolve(id);
      });
    });
  }

  #tell(id: string): void {
    if (this.kept.length < quarantinedReportedMax) this.kept.push(id);
  }
}
