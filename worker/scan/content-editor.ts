import type { Action } from "#core/contract/action.ts";
import { type ContentReport, changesReportedMax, reportTextMax } from "#core/contract/content-report.ts";
import type { PlacedField } from "#core/message/header-reader.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import type { Part, PartPlace } from "#core/message/part.ts";
import type { Edit } from "#core/message/rewrite/edit.ts";
import { bannerPartBytesMax, insertBanner } from "#core/message/rewrite/edit-banner.ts";
import {
  addField,
  type PlacedHeader,
  removeFields,
  replaceField,
  tagSubject,
} from "#core/message/rewrite/edit-header.ts";
import { editableAround, lockPart, replacePart, stripPart } from "#core/message/rewrite/edit-part.ts";
import { type Rewrite, removal } from "#core/message/rewrite/rewrite.ts";
import type { PlannedChanges } from "../sender-auth/broken-signatures.ts";
import type { ContentDecisions, DecidingRule, PartChange } from "./content-decisions.ts";
import type { ContentTexts } from "./content-texts.ts";
import type { InspectedPart } from "./inspected-part.ts";
import type { InspectionTaker } from "./message-inspection.ts";
import { plannedChanges } from "./planned-changes.ts";

/** A part that is to be kept in quarantine. `part`: the one that is taken out, which may be an encoded one around it. */
export type Lock = { id: string; part: Part; change: PartChange };

type ModifyAction = Extract<Action, { kind: "modify" }>;
type HeaderChange = NonNullable<ModifyAction["headers"]>[number];
export type PlannedModification = { action: ModifyAction; rule: DecidingRule };

/** Takes the edits. `messageId`: what takes the place of a Message-ID; null: it stays. */
export type EditSink = { edit(edit: Edit): void; messageId: ((old: string) => string) | null };

/**
 * Makes the edits of one copy of a message from what was decided about it, in the order of docs/order-of-operations.md. Steps that were taken
 * already are not taken again.
 */
export class ContentEditor implements InspectionTaker {
  readonly told: ContentReport["changes"] = [];
  /** Of parts that are in quarantine already, by their numbers. */
  readonly lockIds = new Map<number, string>();
  readonly #id: string;
  readonly #decisions: ContentDecisions;
  readonly #texts: ContentTexts;
  readonly #sink: EditSink;
  readonly #fields: PlacedField[] = [];
  readonly #parts: Part[] = [];
  readonly #ended = new Set<Part>();
  /** By the number of the part that was edited. */
  readonly #edited = new Set<number>();
  #headerEnd = 0;
  #headerEdited = false;
  #changedParts = 0;
  readonly #edits: Edit[] = [];

  /** `id`: the message's. */
  constructor(id: string, decisions: ContentDecisions, texts: ContentTexts, sink: EditSink) {
    this.#id = id;
    this.#decisions = decisions;
    this.#texts = texts;
    this.#sink = sink;
  }

  /** The message's own header, as it came. */
  get fields(): readonly PlacedField[] {
    return this.#fields;
  }

  /** What was changed so far, as its signatures see it. */
  get planned(): PlannedChanges {
    return plannedChanges(this.#edits, this.#fields, this.#headerEnd);
  }

  headerLine(field: PlacedField): void {
    this.#fields.push(field);
  }

  headersEnd(_summary: MessageSummary, at: number): void {
    this.#headerEnd = at;
  }

  part({ part }: InspectedPart): void {
    this.#parts[part.number - 1] = part;
  }

  partEnd(part: Part): void {
    this.#parts[part.number - 1] = part;
    this.#ended.add(part);
  }

  message(): void {
    // Edits are asked for by whoever sends the message on.
  }

  unscannable(): void {
    // What was decided before holds.
  }

  /** The part that is edited for this one; null: nothing can be edited. */
  editableOf(part: Part): Part | null {
    return editableAround(part, this.#parts);
  }

  hasEnded(part: Part): boolean {
    return this.#ended.has(part);
  }

  /** Once the header is complete: lines that are taken out, and ours in the place of the Message-ID. */
  editHeader(): void {
    if (this.#headerEdited) return;
    this.#headerEdited = true;
    for (const { field, rule } of this.#decisions.lines) {
      this.#apply({ edits: [removal(field)], did: `${field.name} line taken out` }, null, rule);
    }
    const { messageId } = this.#sink;
    if (messageId === null) return;
    for (const { name, raw, start, end } of this.#fields) {
      if (name.toLowerCase() !== "message-id") continue;
      const bytes = encoder.encode(`Message-ID: ${messageId(raw)}\r\n`);
      this.#apply({ edits: [{ start, end, bytes }], did: "Message-ID replaced" }, null, null);
    }
  }

  /** Those whose end is known, in order. */
  changeParts(): void {
    for (; this.#changedParts < this.#decisions.parts.length; this.#changedParts++) {
      const change = this.#decisions.parts[this.#changedParts];
      if (change === undefined) return;
      const editable = this.editableOf(change.inspected.part);
      if (editable !== null && !this.#ended.has(editable)) return;
      this.#changePart(change, editable);
    }
  }

  /** The parts that have to be kept, each once. */
  locks(): Lock[] {
    const locks = new Map<number, Lock>();
    for (const change of this.#decisions.parts) {
      const part = change.action.kind === "lock" ? this.editableOf(change.inspected.part) : null;
      if (part !== null && !locks.has(part.number)) locks.set(part.number, { id: this.#lockId(part), part, change });
    }
    return [...locks.values()];
  }

  /** What rules add to the message or change of its header. `read` gives the bytes from one offset to another. */
  async modify(read: (from: number, to: number) => Promise<Uint8Array>): Promise<void> {
    const modifications = this.#modifications();
    for (const { action, rule } of modifications) {
      if (action.banner !== undefined) await this.#insertBanner(action.banner, rule, read);
    }
    for (const { action, rule } of modifications) {
      if (action.tag !== undefined) this.#apply(tagSubject(this.#header, action.tag), null, rule);
    }
    for (const { action, rule } of modifications) {
      for (const change of action.headers ?? []) this.#apply(this.#headerChange(change, rule), null, rule);
    }
  }

  /** Lines that say falsely that they are ours. */
  removeLines(fields: readonly PlacedField[], why: string): void {
    for (const field of fields)
      this.#apply({ edits: [removal(field)], did: `${field.name} line taken out: ${why}` }, null, null);
  }

  get #header(): PlacedHeader {
    return { fields: this.#fields, end: this.#headerEnd };
  }

  #lockId({ number }: Part): string {
    return this.lockIds.get(number) ?? `${this.#id}-${number}`;
  }

  #modifications(): PlannedModification[] {
    return this.#decisions.changes.flatMap(({ action, rule }) => (action.kind === "modify" ? [{ action, rule }] : []));
  }

  #changePart(change: PartChange, editable: Part | null): void {
    const { part } = change.inspected;
    if (editable === null) throw new Error(`part ${part.number} is to be changed and has no place`);
    // The encoded part around several is changed once, for all of them.
    if (this.#edited.has(editable.number)) return;
    this.#edited.add(editable.number);
    this.#apply(this.#partRewrite(change, editable), editable.number, change.decision.rule);
  }

  #partRewrite(change: PartChange, part: Part): Rewrite {
    const { action } = change;
    const around = part.form === "mime" ? null : this.#textAround(part);
    switch (action.kind) {
      case "strip":
        return stripPart(part, this.#texts.partNotice(change, null), around);
      case "replace-part": {
        const { fileName, contentType } = action;
        const bytes = encoder.encode(this.#texts.filled(action.text, change.decision.rule));
        return replacePart(part, { fileName, contentType, bytes }, around);
      }
      case "lock": {
        const id = this.#lockId(part);
        return lockPart(part, this.#texts.partNotice(change, id), id, around);
      }
      default:
        return action satisfies never;
    }
  }

  /** The text that a file stands in. */
  #textAround({ number }: Part): Part | null {
    return this.#parts.findLast((one) => one.form === "mime" && one.number < number) ?? null;
  }

  async #insertBanner(
    banner: NonNullable<ModifyAction["banner"]>,
    rule: DecidingRule,
    read: (from: number, to: number) => Promise<Uint8Array>,
  ): Promise<void> {
    const texts = this.#texts.banner(banner, rule);
    const parts = this.#bannerParts().filter(({ number }) => !this.#edited.has(number));
    for (const part of parts) {
      const { bodyStart, bodyEnd } = part.place;
      this.#edited.add(part.number);
      const body = await read(bodyStart, Math.max(bodyStart, bodyEnd));
      this.#apply(insertBanner(part, body, { ...texts, at: banner.at }), part.number, rule);
    }
    if (parts.length === 0) this.#tell("banner not possible: no text that may be changed", null, rule);
  }

  /** The parts that a banner is put into: the first text of each kind that a reader shows, unless its author signed or sealed it. */
  #bannerParts(): (Part & { place: PartPlace })[] {
    if (this.#parts.some(({ traits }) => traits.includes("signed") || traits.includes("encrypted"))) return [];
    const own = this.#parts.slice(0, this.#firstMessageInside());
    return ["text/plain", "text/html"].flatMap((type) => {
      const part = own.find((one) => one.form === "mime" && !one.attachment && one.contentTypes[0] === type);
      const place = part?.place ?? null;
      const isSmall = place !== null && place.bodyEnd - place.bodyStart <= bannerPartBytesMax;
      return part !== undefined && isSmall ? [{ ...part, place }] : [];
    });
  }

  #headerChange(change: HeaderChange, rule: DecidingRule): Rewrite {
    switch (change.do) {
      case "add":
        return addField(this.#header, change.name, this.#texts.filled(change.value, rule));
      case "remove":
        return removeFields(this.#header, change.name);
      case "replace":
        return replaceField(this.#header, change.name, this.#texts.filled(change.value, rule));
      default:
        return change satisfies never;
    }
  }

  /** The index of the first message inside this one, whose texts are not ours to change. */
  #firstMessageInside(): number {
    const at = this.#parts.findIndex(({ contentTypes }) => contentTypes.some((type) => type.startsWith("message/")));
    return at === -1 ? this.#parts.length : at;
  }

  #apply({ edits, did }: Rewrite, part: number | null, rule: DecidingRule): void {
    for (const edit of edits) this.#sink.edit(edit);
    this.#edits.push(...edits);
    this.#tell(did, part, rule);
  }

  #tell(what: string, part: number | null, rule: DecidingRule): void {
    if (this.told.length === changesReportedMax) return;
    this.told.push({
      what: what.slice(0, reportTextMax),
      part,
      ruleId: rule?.id ?? null,
      ruleName: rule?.name ?? null,
    });
  }
}

const encoder = new TextEncoder();
