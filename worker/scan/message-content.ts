import type { ContentReport } from "#core/contract/content-report.ts";
import type { MessageEvent } from "#core/contract/event.ts";
import type { Edit } from "#core/message/rewrite/edit.ts";
import type { CompiledProxyAction } from "#core/policy/compile.ts";
import type { Hold } from "#core/policy/content-needs.ts";
import type { ContentSource } from "../quarantine/quarantine.ts";
import type { ScanEnvelope, Scanner } from "../scanners/scanner.ts";
import type { DnsblFaults } from "../sender-auth/dnsbl-faults.ts";
import type { SenderCheck } from "../sender-auth/sender-check.ts";
import type { SenderDns } from "../sender-auth/sender-dns.ts";
import type { SigningKeyStore } from "../sender-auth/signing-key-store.ts";
import { ContentDecisions, type DecisionServices, type DecisionSubject } from "./content-decisions.ts";
import { ContentEditor } from "./content-editor.ts";
import { ContentJudge } from "./content-judge.ts";
import { ContentTexts } from "./content-texts.ts";
import type { FileInspection } from "./file-inspection/file-inspection.ts";
import type { InspectionMemory } from "./inspection-memory.ts";
import type { InspectionTask } from "./inspection-tools.ts";
import type { ContentPlace } from "./keep-request.ts";
import { inspectorNeeds } from "./message-inspection.ts";
import type { ReleaseGate } from "./release-gate.ts";
import { type PanelScanner, scans } from "./scan-panel.ts";
import { senderAuthResult } from "./sender-facts.ts";

/** What the worker looks into messages with. */
export type ContentParts = {
  memory: InspectionMemory;
  files: Pick<FileInspection, "inspectFile">;
  scanners: { get(name: string): Scanner | undefined };
  senderDns: SenderDns;
  dnsblFaults: Pick<DnsblFaults, "asked">;
  signingKeys: Pick<SigningKeyStore, "active" | "signersOf">;
};

export type ContentServices = DecisionServices & { content: ContentParts };

/** One copy of a message: what is decided about it, and how it is changed. */
export type ContentCopy = {
  place: ContentPlace;
  decisions: ContentDecisions;
  editor: ContentEditor;
  texts: ContentTexts;
};

export type CopyRequest = DecisionSubject & {
  /** What notices tell of it. */
  place: ContentPlace;
  /** Takes the edits of this copy. */
  edit(edit: Edit): void;
  /** What takes the place of a Message-ID; null: it stays. */
  messageId: ((old: string) => string) | null;
};

export type ContentRequest = {
  action: CompiledProxyAction;
  services: ContentServices;
  copies: readonly CopyRequest[];
  senderCheck: SenderCheck | null;
  envelope: ScanEnvelope | null;
  original: (() => ContentSource) | null;
  /** How much of it waits, and why. */
  hold: Hold;
  digest: boolean;
  /** Of the only copy: told of what is found after it was decided. */
  gate: ((copy: ContentCopy) => ReleaseGate) | null;
};

/** Whether scanners judge whole messages, so that each has to be kept while it passes. */
export function scansWholeMessages({ content }: CompiledProxyAction): boolean {
  return content.scanners.some((settings) => scans(settings) === "message");
}

/** One message under its policy: looked into once, decided about and changed for each of its copies. */
export class MessageContent {
  readonly judge: ContentJudge;
  readonly copies: readonly ContentCopy[];
  readonly #hold: Hold;
  readonly #isTold: boolean;

  constructor(request: ContentRequest) {
    const { action, services, envelope, senderCheck, original, digest } = request;
    this.#hold = request.hold;
    this.#isTold = original !== null || action.needs.content || senderCheck !== null;
    this.copies = request.copies.map(({ place, edit, messageId, ...subject }) => {
      const decisions = new ContentDecisions(action, subject, services);
      const texts = new ContentTexts(action, place, () => this.judge.inspection, services.now);
      return { place, decisions, texts, editor: new ContentEditor(place.id, decisions, texts, { edit, messageId }) };
    });
    const { content, now } = services;
    // Drafts are tried on header lines that nobody asks about yet.
    const isTold = request.copies.some(({ judgedBy }) => judgedBy.isTold);
    const task: InspectionTask = {
      needs: { ...action.needs, header: action.needs.header || isTold, hold: request.hold },
      settings: action.definition.content,
      tools: { ...content, scanners: panel(action, content), dictionaries: action.content.dictionaries },
      envelope,
      original,
      digest: digest || scansWholeMessages(action),
      senderCheck,
      now,
    };
    const looks = inspectorNeeds(task.needs);
    for (const { judgedBy } of request.copies) judgedBy.look({ header: looks.header, attachment: looks.attachment });
    const [only] = this.copies;
    const gate = only === undefined ? null : (request.gate?.(only) ?? null);
    const editors = request.original === null ? [] : this.copies.map(({ editor }) => editor);
    const others = gate === null ? editors : [...editors, gate];
    this.judge = new ContentJudge(
      task,
      this.copies.map(({ decisions }) => decisions),
      others,
    );
  }

  /** What the event of a copy tells; null: nothing but header lines, names and types was looked at, and nothing waited. */
  report({ editor }: ContentCopy): Omit<ContentReport, "quarantined" | "signatures"> | null {
    if (!this.#isTold) return null;
    const { report, facts } = this.judge.inspection;
    return {
      held: { what: this.#hold.what, why: [...this.#hold.why] },
      steps: report.steps,
      traits: [...facts.traits],
      senderAuth: report.senderAuth === null ? null : senderAuthResult(report.senderAuth),
      scans: report.scans,
      dictionaries: report.dictionaries,
      changes: editor.told,
    };
  }

  /** The attachments with what is known of them by now. */
  attachments(): MessageEvent["attachments"] {
    const { summary, inspection } = this.judge;
    return summary.attachments.map((attachment, index) => ({ ...attachment, ...inspection.report.attachments[index] }));
  }
}

/** A scanner that the policy in force has no more answers nothing: the setting of the one that was meant says what then happens. */
function panel(action: CompiledProxyAction, { scanners }: ContentParts): PanelScanner[] {
  return action.content.scanners.map((settings) => ({ settings, scanner: scanners.get(settings.name) ?? null }));
}
