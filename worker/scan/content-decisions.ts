import type { Action } from "#core/contract/action.ts";
import type { Facts, Stage } from "#core/contract/facts.ts";
import { MessageInspector, type MessageSummary } from "#core/message/inspector.ts";
import type { Part } from "#core/message/part.ts";
import type { CompiledProxyAction } from "#core/policy/compile.ts";
import { decide, type StageDecision } from "#core/policy/decide.ts";
import type { DecisionRecorder } from "#core/policy/decision-record.ts";
import type { Recorder } from "../services.ts";

/** What judging a message takes of the worker. */
export type ContentServices = { recorder: Pick<Recorder, "ruleHit">; now(): number };

/** File name and content type readings of one message; one with more counts as not inspectable. */
export const partReadingsMax = 20_000;

/**
 * Judges a message while it passes: the header ruleset at each header line, the attachment ruleset at each part, the
 * message ruleset at the end. A message that cannot be read in full is refused whenever a rule wanted to read it.
 */
export class ContentDecisions {
  readonly #compiled: CompiledProxyAction;
  readonly #facts: Facts;
  readonly #recorder: Pick<Recorder, "ruleHit">;
  readonly #now: () => number;
  readonly #log: DecisionRecorder;
  readonly #inspector: MessageInspector;
  readonly #counted = new Set<string>();
  readonly #fileNames: string[] = [];
  readonly #contentTypes: string[] = [];
  #refusal: StageDecision | null = null;
  #cause: string | null = null;
  #headerComplete = false;

  /** `facts`: what is known of the session and the envelope. Rule hits are told to `recorder` once a rule and message. */
  constructor(compiled: CompiledProxyAction, facts: Facts, { recorder, now }: ContentServices, log: DecisionRecorder) {
    this.#now = now;
    this.#compiled = compiled;
    this.#facts = { ...facts };
    this.#recorder = recorder;
    this.#log = log;
    const { header, attachment } = compiled.needs;
    this.#inspector = new MessageInspector(
      { header, attachment, content: false },
      {
        headerLine: ({ name }, values) => this.#decide("header", { headerName: [name], headerValue: values }),
        headersEnd: () => this.#headersEnd(),
        part: (part) => this.#part(part),
        partBody: () => {},
        partEnd: () => {},
        // Not passed on in one reading when a recipient may see another.
        ambiguous: (reason) => this.#unscannable(reason),
        unscannable: (reason) => this.#unscannable(reason),
      },
    );
  }

  /** What the message says of itself; complete for the header once a refusal was given or the body began. */
  get summary(): MessageSummary {
    return this.#inspector.summary;
  }

  /** The message's own header was read to its end, or will not be. */
  get headerComplete(): boolean {
    return this.#headerComplete;
  }

  /** The first refusal so far. */
  get refusal(): StageDecision | null {
    return this.#refusal;
  }

  /** Why a message was refused without a rule: what of its structure could not be read. */
  get cause(): string | null {
    return this.#cause;
  }

  /** Takes the next bytes, dots undone, any cut; answers the first refusal, from then on always. */
  write(chunk: Uint8Array): StageDecision | null {
    // After a refusal the header is still read to its end: events and notices tell of it.
    if (this.#refusal === null || !this.#headerComplete) this.#inspector.write(chunk);
    return this.#refusal;
  }

  /** The message is complete; `bytes` is its size, dots undone. Answers the first refusal, or null: it may pass. */
  end(bytes: number): StageDecision | null {
    if (this.#refusal === null || !this.#headerComplete) this.#inspector.end();
    if (this.#refusal !== null || !this.#compiled.needs.message) return this.#refusal;
    this.#decide("message", {
      attachmentCount: this.summary.attachmentCount,
      messageBytes: bytes,
      fileName: this.#fileNames,
      contentType: this.#contentTypes,
    });
    return this.#refusal;
  }

  #headersEnd(): void {
    this.#headerComplete = true;
    this.#facts.from = this.summary.fromAddresses;
    this.#facts.subject = this.summary.subjects;
  }

  #part({ fileNames, contentTypes }: Part): void {
    this.#fileNames.push(...fileNames);
    this.#contentTypes.push(...contentTypes);
    if (this.#fileNames.length + this.#contentTypes.length > partReadingsMax) {
      return this.#unscannable("the parts have too many names and types");
    }
    this.#decide("attachment", { fileName: fileNames, contentType: contentTypes });
  }

  #decide(stage: Stage, more: Facts): void {
    if (this.#refusal !== null) return;
    const decision = decide(this.#compiled, stage, { ...this.#facts, ...more }, this.#now(), this.#log.hasFailed);
    const observed = decision.observed.filter(({ ruleId }) => this.#isNew(`observed ${ruleId}`));
    this.#log.add({ ...decision, observed });
    for (const { ruleId } of observed) this.#recorder.ruleHit(ruleId, "observed");
    if (decision.rule !== null && this.#isNew(`enforced ${decision.rule.id}`)) {
      this.#recorder.ruleHit(decision.rule.id, "enforced");
    }
    if (decision.action.kind !== "allow") this.#refusal = decision;
  }

  #isNew(key: string): boolean {
    if (this.#counted.has(key)) return false;
    this.#counted.add(key);
    return true;
  }

  #unscannable(reason: string): void {
    const { needs, definition } = this.#compiled;
    this.#headerComplete = true;
    if (this.#refusal !== null || !(needs.header || needs.attachment) || !mayRefuse(this.#compiled)) return;
    this.#cause = reason;
    const evidence = [{ fact: "structure", test: "can be inspected", observed: reason }];
    const action: Action = definition.protocol === "pop3" ? { kind: "replace" } : uninspectable;
    const stage = needs.attachment ? "attachment" : "header";
    this.#refusal = {
      stage,
      action,
      rule: null,
      evidence,
      changes: [],
      observed: [],
      steps: [],
      log: true,
      alarms: [],
    };
    this.#log.add(this.#refusal);
  }
}

/** Whether any content rule is there to be enforced: rules that only observe or allow refuse nothing, readable or not. */
function mayRefuse({ rulesets }: CompiledProxyAction): boolean {
  const stages: Stage[] = ["header", "attachment", "message"];
  return stages.some((stage) => {
    const ruleset = rulesets.get(stage);
    if (ruleset === undefined) return false;
    const refuses = ruleset.rules.some((rule) => rule.state === "on" && rule.action.kind !== "allow");
    return refuses || ruleset.noneMatched.action.kind !== "allow";
  });
}

// RFC 3463 §3.7: X.6.0, other or undefined media error.
const uninspectable: Action = {
  kind: "deny",
  reply: { code: 554, enhanced: "5.6.0", text: "The structure of the message cannot be inspected" },
};
