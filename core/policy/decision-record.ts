import { type DecisionRecord, type TraceStep, traceStepsMax } from "#core/contract/decision.ts";
import type { StageDecision } from "./decide.ts";

/** Collects the stage decisions of one message into the decision that its event carries. */
export class DecisionRecorder {
  #deciding: StageDecision | null = null;
  readonly #observed: DecisionRecord["observed"] = [];
  readonly #trace: TraceStep[] = [];
  #omitted = 0;

  add(decision: StageDecision): void {
    this.#observed.push(...decision.observed);
    const room = traceStepsMax - this.#trace.length;
    this.#trace.push(...decision.steps.slice(0, room));
    this.#omitted += Math.max(0, decision.steps.length - room);
    if (this.#supersedes(decision)) this.#deciding = decision;
  }

  /** The first refusal decides; among those that allow, the last one that a rule made. */
  #supersedes(decision: StageDecision): boolean {
    if (this.#deciding !== null && this.#deciding.action.kind !== "allow") return false;
    return decision.action.kind !== "allow" || decision.rule !== null || this.#deciding === null;
  }

  record(revision: number): DecisionRecord {
    const deciding = this.#deciding;
    return {
      verdict: deciding?.action.kind ?? "allow",
      stage: deciding?.stage ?? null,
      ruleId: deciding?.rule?.id ?? null,
      ruleName: deciding?.rule?.name ?? null,
      revision,
      evidence: deciding?.evidence ?? [],
      observed: [...this.#observed],
      trace: [...this.#trace],
      traceOmitted: this.#omitted,
    };
  }
}
