import type { Facts } from "#core/contract/facts.ts";
import type { Trait } from "#core/contract/traits.ts";
import type { PlacedField } from "#core/message/header-reader.ts";
import { type InspectorNeeds, isAttachment, MessageInspector, type MessageSummary } from "#core/message/inspector.ts";
import type { Part } from "#core/message/part.ts";
import type { ContentNeeds } from "#core/policy/content-needs.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { type InspectedPart, inspectedPart } from "./inspected-part.ts";
import { InspectionReport } from "./inspection-report.ts";
import type { InspectionTask } from "./inspection-tools.ts";
import { MessageFacts } from "./message-facts.ts";
import { PartInspection, type PartLook, type PartLooks, partLooks } from "./part-inspection.ts";
import { WholeInspection } from "./whole-inspection.ts";

/** Takes what an inspection finds, in the order of the message whatever is known first. */
export interface InspectionTaker {
  headerLine(field: PlacedField, values: readonly string[]): void;
  /** The message's own header is complete. `at`: where its empty line begins. */
  headersEnd(summary: MessageSummary, at: number): void;
  part(part: InspectedPart): void;
  /** The part's place is complete. Comes after `part`, or before it. */
  partEnd(part: Part): void;
  /** Everything is known, for the message ruleset. Comes last. */
  message(facts: Facts): void;
  /** The message cannot be read in full; `message` follows all the same. */
  unscannable(reason: string): void;
}

/** A part that was told of, until it is handed on. */
type Slot = { part: Part; traits: Trait[]; inspection: PartInspection | null; ready: InspectedPart | null };

/**
 * Looks into one message while it passes, once for however many copies of it: what is known at once is told at once; what takes time goes
 * on for all parts at the same time. `cancel` must be called once nothing more is wanted; twice does no harm.
 */
export class MessageInspection {
  readonly report = new InspectionReport();
  readonly facts: MessageFacts;
  readonly #task: InspectionTask;
  readonly #takers: readonly InspectionTaker[];
  readonly #inspector: MessageInspector;
  readonly #looks: PartLooks;
  readonly #whole: WholeInspection;
  /** In the order of the parts; those before `#handedOn` were told. */
  readonly #slots: Slot[] = [];
  readonly #open = new Map<number, Slot>();
  #handedOn = 0;
  #ambiguous = false;
  #ended: { bytes: number; done: (failure: string | null) => void } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #failure: string | null = null;
  #unread: string | null = null;
  #over = false;

  constructor(task: InspectionTask, takers: readonly InspectionTaker[]) {
    this.#task = task;
    this.#takers = takers;
    this.#looks = partLooks(task);
    this.facts = new MessageFacts(task.needs.facts);
    this.#whole = new WholeInspection(task, this.facts, this.report);
    const sink = {
      headerLine: (field: PlacedField, values: string[]) => this.#headerLine(field, values),
      headersEnd: (at: number) => this.#headersEnd(at),
      part: (part: Part) => this.#begin(part),
      partBody: (part: Part, piece: Uint8Array) => this.#body(part, piece),
      partEnd: (part: Part) => this.#partEnd(part),
      ambiguous: (_: unknown, part: Part | null) => this.#markAmbiguous(part),
      unscannable: (reason: string) => this.#unscannable(reason),
    };
    this.#inspector = new MessageInspector(inspectorNeeds(task.needs), sink, decodeBase64);
  }

  get summary(): MessageSummary {
    return this.#inspector.summary;
  }

  /** SHA-256 of the message, hexadecimal; null: it has not ended, or nobody asks for it. */
  get sha256(): string | null {
    return this.#whole.sha256;
  }

  /** Why not all of it was read, so that nobody can say what else is in it; null: it was, so far. */
  get unread(): string | null {
    return this.#unread;
  }

  /** Takes the next bytes, dots undone, any cut. */
  write(chunk: Uint8Array): void {
    this.#inspector.write(chunk);
    if (!this.#over) this.#whole.write(chunk);
  }

  /** The message is complete. `done` is called once, perhaps before this returns: null, or why it cannot be judged now; not after `cancel`. */
  end(bytes: number, done: (failure: string | null) => void): void {
    this.#inspector.end();
    for (const slot of [...this.#open.values()]) this.#close(slot);
    // Cancelled, or it failed while it passed.
    if (this.#over) return done(this.#failure);
    this.#ended = { bytes, done };
    const { verdictTimeoutMs } = this.#task.settings;
    this.#whole.end(bytes, this.summary, (failure) => (failure === null ? this.#settle() : this.#fail(failure)));
    this.#settle();
    if (this.#over) return;
    this.#timer = setTimeout(() => this.#fail(`no verdict within ${verdictTimeoutMs} ms`), verdictTimeoutMs);
  }

  cancel(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    for (const { inspection } of this.#slots) inspection?.cancel();
    this.#whole.cancel();
  }

  #headerLine(field: PlacedField, values: string[]): void {
    this.#whole.headerLine(field, values);
    for (const taker of this.#takers) taker.headerLine(field, values);
  }

  #headersEnd(at: number): void {
    this.report.mark("header");
    for (const taker of this.#takers) taker.headersEnd(this.summary, at);
  }

  #begin(part: Part): void {
    const slot: Slot = { part, traits: this.#ambiguous ? ["ambiguous"] : [], inspection: null, ready: null };
    this.#ambiguous = false;
    this.#slots.push(slot);
    this.#open.set(part.number, slot);
    if (this.#over) return;
    const { content } = this.#task.needs;
    if (content && hasContent(part)) slot.inspection = new PartInspection(part, this.#task, this.#looks);
    else {
      // A file inside a text is not unpacked: what is in it is known to nobody.
      if (content && part.form !== "mime") slot.traits.push("uninspectable");
      this.#ready(slot, null);
    }
  }

  #body(part: Part, piece: Uint8Array): void {
    if (this.#over) return;
    const inspection = this.#open.get(part.number)?.inspection;
    if (inspection?.write(piece) === false) this.#fail("there is no memory left to look into parts");
  }

  #partEnd(part: Part): void {
    const slot = this.#open.get(part.number);
    if (slot !== undefined) this.#close(slot);
    for (const taker of this.#takers) taker.partEnd(part);
  }

  #close(slot: Slot): void {
    this.#open.delete(slot.part.number);
    if (!this.#over) slot.inspection?.end((look, failure) => this.#looked(slot, look, failure));
  }

  #looked(slot: Slot, look: PartLook, failure: string | null): void {
    slot.inspection = null;
    this.report.addScans(look.scan?.reports ?? []);
    if (failure !== null) return this.#fail(failure);
    this.#whole.part(look);
    // What a multipart consists of is told of by itself.
    this.#ready(slot, look.bytes === 0 && isMultipart(slot.part) ? null : look);
  }

  #ready(slot: Slot, look: PartLook | null): void {
    slot.ready = inspectedPart(slot.part, look, slot.traits);
    while (!this.#over) {
      const next = this.#slots[this.#handedOn];
      const inspected = next?.ready ?? null;
      if (next === undefined || inspected === null) break;
      this.#handedOn++;
      // Its texts are not kept.
      next.ready = null;
      this.#handOn(inspected);
    }
    this.#settle();
  }

  #handOn(inspected: InspectedPart): void {
    if (isAttachment(inspected.part)) this.report.addAttachment(inspected);
    if (!this.facts.addPart(inspected)) this.#unscannable("the parts have too many names, types and contents");
    for (const taker of this.#takers) taker.part(inspected);
  }

  #markAmbiguous(part: Part | null): void {
    if (part === null) this.#ambiguous = true;
    else this.#open.get(part.number)?.traits.push("ambiguous");
    this.facts.traits.add("ambiguous");
  }

  #unscannable(reason: string): void {
    this.#unread ??= reason;
    for (const taker of this.#takers) taker.unscannable(reason);
  }

  /** Once all is known, the message as a whole is told of. */
  #settle(): void {
    if (this.#over || this.#ended === null || !this.#whole.settled || this.#handedOn < this.#slots.length) return;
    const { bytes, done } = this.#ended;
    this.report.mark("parts");
    this.#whole.conclude();
    const facts = this.facts.read(this.summary, bytes, this.#task.now());
    for (const taker of this.#takers) taker.message(facts);
    this.report.mark("rules");
    this.cancel();
    done(null);
  }

  #fail(failure: string): void {
    if (this.#over) return;
    this.cancel();
    this.#failure = failure;
    this.#ended?.done(failure);
  }
}

/** What is changed has to be found first. */
export function inspectorNeeds({ header, attachment, content, hold }: ContentNeeds): InspectorNeeds {
  return { header: header || hold.what !== "nothing", attachment: attachment || hold.what === "all", content };
}

/** As the outline reads them (RFC 2046 §5.2). */
const messageType = /^message\/(?:rfc822|global|news|partial|external-body)$/;

/** A message has none of its own: what it consists of is told of by itself. A file inside a text is not unpacked. */
function hasContent({ contentTypes, form }: Part): boolean {
  return form === "mime" && !contentTypes.every((type) => messageType.test(type));
}

function isMultipart({ contentTypes }: Part): boolean {
  return contentTypes.some((type) => type.startsWith("multipart/"));
}
