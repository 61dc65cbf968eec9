import { type DecisionRecord, stopsMessage, type TraceStep, type Verdict, verdictOf } from "#core/contract/decision.ts";
import type { StageDecision } from "./decide.ts";
import { TraceSteps } from "./trace-steps.ts";

/** Collects the stage decisions of one message into the decision that its event carries. */
export class DecisionRecorder {
  readonly #keepsFailures: boolean;
  #deciding: StageDecision | null = null;
  readonly #observed: DecisionRecord["observed"] = [];
  #trace = new TraceSteps<TraceStep>();
  readonly #alarms = new Map<string, { ruleId: string; ruleName: string }>();
  readonly #observedRules = new Set<string>();

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
    for (const step of decision.steps) if (step.matched || this.#keepsFailures) this.#trace.keep(step);
    if (supersedes(decision, this.#deciding)) this.#deciding = decision;
  }

  /** A recorder that goes on from here by itself: for one of several copies of the message. */
  fork(): DecisionRecorder {
    const fork = new DecisionRecorder(this.#keepsFailures);
    fork.#deciding = this.#deciding;
    fork.#observed.push(...this.#observed);
    fork.#trace = this.#trace.fork();
    for (const [id, alarm] of this.#alarms) fork.#alarms.set(id, alarm);
    for (const ruleId of this.#observedRules) fork.#observedRules.add(ruleId);
    return fork;
  }

  /** Whether the trace needs no step of the rule failing; rules meet many header lines and parts, and one failure tells enough. */
  readonly hasFailed = (ruleId: string): boolean => !this.#keepsFailures || this.#trace.hasFailed(ruleId);

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
      trace: [...this.#trace.kept],
      ...(this.#alarms.size === 0 ? {} : { alarms: [...this.#alarms.values()] }),
      traceOmitted: this.#trace.omitted,
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
