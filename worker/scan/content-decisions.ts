import type { Action } from "#core/contract/action.ts";
import { stopsMessage, verdictOf } from "#core/contract/decision.ts";
import type { Facts, Stage } from "#core/contract/facts.ts";
import type { PlacedField } from "#core/message/header-reader.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import type { CompiledProxyAction } from "#core/policy/compile.ts";
import { decide, type MessageChange, type StageDecision } from "#core/policy/decide.ts";
import type { DecisionRecorder } from "#core/policy/decision-record.ts";
import { unreadAction } from "#core/policy/unread-message.ts";
import type { Recorder } from "../services.ts";
import type { FactLog } from "./fact-log.ts";
import type { InspectedPart } from "./inspected-part.ts";
import { type InspectionTaker, inspectorNeeds } from "./message-inspection.ts";

/** What judging a message takes of the worker. */
export type DecisionServices = { recorder: Pick<Recorder, "ruleHit">; now(): number };

/** A copy of a message. */
export type DecisionSubject = {
  /** Of the session and the envelope. */
  facts: Facts;
  log: DecisionRecorder;
  judgedBy: FactLog;
};

export type DecidingRule = StageDecision["rule"];
type PartAction = Extract<Action, { kind: "strip" | "replace-part" | "lock" }>;
/** A part that goes no further as it is. */
export type PartChange = { inspected: InspectedPart; action: PartAction; decision: StageDecision };
/** A line of the message's own header that is taken out. */
export type LineChange = { field: PlacedField; rule: DecidingRule };

/**
 * Decides about one copy of a message on what its inspection finds: the header ruleset at each header line, the attachment ruleset at each
 * part, the message ruleset at the end. A message that cannot be read in full is refused whenever a rule wanted to read it.
 */
export class ContentDecisions implements InspectionTaker {
  /** What is to be changed, in the order in which it was decided. */
  readonly lines: LineChange[] = [];
  readonly parts: PartChange[] = [];
  readonly changes: MessageChange[] = [];
  readonly #compiled: CompiledProxyAction;
  readonly #facts: Facts;
  readonly #recorder: Pick<Recorder, "ruleHit">;
  readonly #now: () => number;
  readonly #log: DecisionRecorder;
  readonly #judgedBy: FactLog;
  readonly #asksLines: boolean;
  readonly #counted = new Set<string>();
  #refusal: StageDecision | null = null;
  #redirect: StageDecision | null = null;
  #cause: string | null = null;
  #headerComplete = false;

  /** Rule hits are told to `recorder` once a rule and message. */
  constructor(compiled: CompiledProxyAction, { facts, log, judgedBy }: DecisionSubject, services: DecisionServices) {
    this.#now = services.now;
    this.#compiled = compiled;
    this.#facts = { ...facts };
    this.#recorder = services.recorder;
    this.#log = log;
    this.#judgedBy = judgedBy;
    this.#asksLines = inspectorNeeds(compiled.needs).header;
    judgedBy.know(facts);
  }

  /** The message's own header was read to its end, or will not be. */
  get headerComplete(): boolean {
    return this.#headerComplete;
  }

  /** The first decision that stops the message, so far. */
  get refusal(): StageDecision | null {
    return this.#refusal;
  }

  /** The message goes to somebody else. */
  get redirect(): StageDecision | null {
    return this.#redirect;
  }

  /** Why a message was refused without a rule: what of its structure could not be read. */
  get cause(): string | null {
    return this.#cause;
  }

  headerLine(field: PlacedField, values: readonly string[]): void {
    if (!this.#asksLines) {
      if (this.#refusal === null) this.#judgedBy.passLine(field.name, values);
      return;
    }
    const decision = this.#decide("header", { headerName: [field.name], headerValue: values });
    // What tells where the parts are stays: the reader would see others than were judged.
    if (decision?.action.kind === "strip" && !/^(?:content-.*|mime-version)$/i.test(field.name))
      this.lines.push({ field, rule: decision.rule });
  }

  headersEnd({ fromAddresses, subjects }: MessageSummary): void {
    this.#headerComplete = true;
    this.#facts.from = fromAddresses;
    this.#facts.subject = subjects;
    if (this.#refusal === null) this.#judgedBy.know({ from: fromAddresses, subject: subjects });
  }

  part(inspected: InspectedPart): void {
    const decision = this.#decide("attachment", inspected.facts);
    if (decision === null) return;
    const { action } = decision;
    const { place, enclosingEncoded } = inspected.part;
    const isFixed = place === null && enclosingEncoded === null;
    if (isFixed) this.#judgedBy.fixedPart();
    if (!isPartAction(action)) return;
    if (isFixed) this.#uninspectable("a part cannot be taken out by itself");
    else this.parts.push({ inspected, action, decision });
  }

  /** The part stays as it is after all. */
  leave(change: PartChange): void {
    this.parts.splice(this.parts.indexOf(change), 1);
  }

  partEnd(): void {
    // A decision does not wait for it.
  }

  message(facts: Facts): void {
    if (this.#compiled.needs.message) this.#decide("message", facts);
    else if (this.#refusal === null) this.#judgedBy.ask("message", facts);
  }

  unscannable(reason: string): void {
    if (this.#refusal === null) this.#judgedBy.unread(reason);
    this.#uninspectable(reason);
  }

  #uninspectable(reason: string): void {
    this.#headerComplete = true;
    const action = unreadAction(this.#compiled);
    if (this.#refusal !== null || action === null) return;
    this.#cause = reason;
    const evidence = [{ fact: "structure", test: "can be inspected", observed: reason }];
    const stage = this.#compiled.needs.attachment ? "attachment" : "header";
    const nothing = { changes: [], observed: [], steps: [], alarms: [] };
    this.#refusal = { stage, action, rule: null, evidence, log: true, ...nothing };
    this.#log.add(this.#refusal);
  }

  /** null: the message is stopped already, or nothing is decided. */
  #decide(stage: Stage, more: Facts): StageDecision | null {
    if (this.#refusal !== null) return null;
    this.#judgedBy.ask(stage, more);
    const facts = { ...this.#facts, ...more };
    const decision = decide(this.#compiled, stage, facts, this.#now(), this.#log.hasFailed);
    const observed = decision.observed.filter(({ ruleId }) => this.#isNew(`observed ${ruleId}`));
    this.#log.add({ ...decision, observed });
    for (const { ruleId } of observed) this.#recorder.ruleHit(ruleId, "observed");
    this.#hit(decision.rule);
    for (const { rule } of decision.changes) this.#hit(rule);
    this.changes.push(...decision.changes);
    if (stopsMessage(verdictOf(decision.action.kind))) this.#refusal = decision;
    if (decision.action.kind === "redirect") this.#redirect = decision;
    return decision;
  }

  #hit(rule: DecidingRule): void {
    if (rule !== null && this.#isNew(`enforced ${rule.id}`)) this.#recorder.ruleHit(rule.id, "enforced");
  }

  #isNew(key: string): boolean {
    if (this.#counted.has(key)) return false;
    this.#counted.add(key);
    return true;
  }
}

function isPartAction(action: Action): action is PartAction {
  return action.kind === "strip" || action.kind === "replace-part" || action.kind === "lock";
}
