import {
  type DecisionRecord,
  stopsMessage,
  type TraceStep,
  traceStepsMax,
  type Verdict,
  verdictOf,
} from "#core/contract/decision.ts";
import type { StageDecision } from "./decide.ts";

/** Collects the stage decisions of one message into the decision that its event carries. */
export class DecisionRecorder {
  readonly #keepsFailures: boolean;
  #deciding: StageDecision | null = null;
  readonly #observed: DecisionRecord["observed"] = [];
  readonly #trace: TraceStep[] = [];
  readonly #alarms = new Map<string, { ruleId: string; ruleName: string }>();
  readonly #observedRules = new Set<string>();
  readonly #failed = new Set<string>();
  readonly #matched = new Set<string>();
  #omitted = 0;

  /** `keepsFailures`: the trace shows the rules that did not match, too. */
  constructor(keepsFailures = true) {
    this.#keepsFailures = keepsFailures;
  }

  add(decision: StageDecision): void {
    // Once a rule: a client may name recipients without end.
    for (const seen of decision.observed) {
      if (this.#observedRules.has(seen.ruleId)) continue;
      this.#observedRules.add(seen.ruleId);
      this.#observed.push(seen);
    }
    for (const alarm of decision.alarms) this.#alarms.set(alarm.ruleId, alarm);
    for (const step of decision.steps) this.#keep(step);
    if (supersedes(decision, this.#deciding)) this.#deciding = decision;
  }

  /** A recorder that goes on from here by itself: for one of several copies of the message. */
  fork(): DecisionRecorder {
    const fork = new DecisionRecorder(this.#keepsFailures);
    fork.#deciding = this.#deciding;
    fork.#observed.push(...this.#observed);
    fork.#trace.push(...this.#trace);
    fork.#omitted = this.#omitted;
    for (const [id, alarm] of this.#alarms) fork.#alarms.set(id, alarm);
    for (const [from, to] of [
      [this.#observedRules, fork.#observedRules],
      [this.#failed, fork.#failed],
      [this.#matched, fork.#matched],
    ] as const) {
      for (const key of from) to.add(key);
    }
    return fork;
  }

  /** Whether the trace needs no step of the rule failing; rules meet many header lines and parts, and one failure tells enough. */
  readonly hasFailed = (ruleId: string): boolean => !this.#keepsFailures || this.#failed.has(ruleId);

  /** Keeps the first failure and the first match of each rule; a match takes the last place when there is no room. */
  #keep(step: TraceStep): void {
    if (!step.matched && !this.#keepsFailures) return;
    const seen = step.matched ? this.#matched : this.#failed;
    const key = step.ruleId ?? `none matched at ${step.stage}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (this.#trace.length < traceStepsMax) this.#trace.push(step);
    else {
      this.#omitted++;
      if (step.matched && step.ruleId !== null) this.#trace[traceStepsMax - 1] = step;
    }
  }

  /** As it stands now. */
  get verdict(): Verdict {
    return verdictOf(this.#deciding?.action.kind ?? "allow");
  }

  record(revision: number): DecisionRecord {
    const deciding = this.#deciding;
    return {
      verdict: this.verdict,
      stage: deciding?.stage ?? null,
      ruleId: deciding?.rule?.id ?? null,
      ruleName: deciding?.rule?.name ?? null,
      revision,
      evidence: deciding?.evidence ?? [],
      observed: [...this.#observed],
      trace: [...this.#trace],
      ...(this.#alarms.size === 0 ? {} : { alarms: [...this.#alarms.values()] }),
      traceOmitted: this.#omitted,
    };
  }
}

type Deciding = Pick<StageDecision, "action" | "rule">;

/** The first decision that stops the message counts, else the first that strips something; among those that allow, the last one that a rule made. */
export function supersedes(decision: Deciding, before: Deciding | null): boolean {
  if (before === null) return true;
  const [old, now] = [rank(before), rank(decision)];
  return now > old || (now === 0 && old === 0 && decision.rule !== null);
}

/** 0: goes on as it is. 1: goes on without something. 2: stops. */
function rank({ action }: Deciding): 0 | 1 | 2 {
  const verdict = verdictOf(action.kind);
  if (stopsMessage(verdict)) return 2;
  return verdict === "strip" ? 1 : 0;
}
