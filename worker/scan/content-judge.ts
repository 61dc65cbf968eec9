import { verdictOf } from "#core/contract/decision.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import type { ContentDecisions } from "./content-decisions.ts";
import type { InspectionTask } from "./inspection-tools.ts";
import { type InspectionTaker, MessageInspection } from "./message-inspection.ts";

/** What is to become of a message. Both null: it may pass. `failure`: why it cannot be judged now. */
export type JudgeVerdict = { refusal: StageDecision | null; failure: string | null };

/** Judges a message that passes: one inspection, and the decisions of each of its copies. The message is stopped when all of them stop it. */
export class ContentJudge {
  readonly inspection: MessageInspection;
  readonly #copies: readonly ContentDecisions[];

  /** `others` are told what is found after the copies were. */
  constructor(task: InspectionTask, copies: readonly ContentDecisions[], others: readonly InspectionTaker[] = []) {
    this.#copies = copies;
    this.inspection = new MessageInspection(task, [...copies, ...others]);
  }

  /** What the message says of itself; complete for the header once a refusal was given or the body began. */
  get summary(): MessageSummary {
    return this.inspection.summary;
  }

  get headerComplete(): boolean {
    return this.#copies.every(({ headerComplete }) => headerComplete);
  }

  /** Why it was refused without a rule. */
  get cause(): string | null {
    return this.#copies.find(({ cause }) => cause !== null)?.cause ?? null;
  }

  /** Takes the next bytes, dots undone, any cut; answers the refusal after which nothing more of the message is wanted, from then on always. */
  write(chunk: Uint8Array): StageDecision | null {
    const refusal = this.#final();
    // After a refusal the header is still read to its end: events and notices tell of it.
    if (refusal !== null && this.headerComplete) return refusal;
    this.inspection.write(chunk);
    return refusal ?? this.#final();
  }

  /** The message is complete; `bytes` is its size, dots undone. Calls back once, perhaps before it returns; not after `cancel`. */
  end(bytes: number, done: (verdict: JudgeVerdict) => void): void {
    this.inspection.end(bytes, (failure) => {
      const refusal = this.#final();
      if (refusal !== null) done({ refusal, failure: null });
      else done({ refusal: failure === null ? this.#refusalOfAll() : null, failure });
    });
  }

  /** Nothing more is wanted; twice does no harm. */
  cancel(): void {
    this.inspection.cancel();
  }

  /** What is kept is looked into to its end: what is found counts when somebody releases it. */
  #final(): StageDecision | null {
    const refusal = this.#refusalOfAll();
    if (refusal === null || this.#copies.some(isKept)) return null;
    this.inspection.cancel();
    return refusal;
  }

  /** Where one copy is kept the message is: the others are refused beside it. */
  #refusalOfAll(): StageDecision | null {
    for (const { refusal } of this.#copies) if (refusal === null) return null;
    return (this.#copies.find(isKept) ?? this.#copies[0])?.refusal ?? null;
  }
}

function isKept({ refusal }: ContentDecisions): boolean {
  if (refusal === null) return false;
  const verdict = verdictOf(refusal.action.kind);
  return verdict === "quarantine" || verdict === "discard";
}
