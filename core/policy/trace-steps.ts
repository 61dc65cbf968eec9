import { traceStepsMax } from "#core/contract/decision.ts";

/** One rule looked at; `matched` null: it cannot be said. */
type Step = { stage: string; ruleId: string | null; matched: boolean | null };

/** Gathers the steps of a trace: rules meet many header lines and parts, and of each its first failure and its first match are kept. */
export class TraceSteps<S extends Step> {
  readonly #kept: S[] = [];
  readonly #failed = new Set<string>();
  readonly #matched = new Set<string>();
  /** Of which it could not be said; made with the first. */
  #unsaid: Set<string> | null = null;
  #omitted = 0;

  get kept(): readonly S[] {
    return this.#kept;
  }

  /** Steps past `traceStepsMax`. */
  get omitted(): number {
    return this.#omitted;
  }

  hasFailed(ruleId: string): boolean {
    return this.#failed.has(ruleId);
  }

  /** A match takes the last place when there is no room. */
  keep(step: S): void {
    const seen = this.#seen(step.matched);
    const key = step.ruleId ?? `none matched at ${step.stage}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (this.#kept.length < traceStepsMax) this.#kept.push(step);
    else {
      this.#omitted++;
      if (step.matched && step.ruleId !== null) this.#kept[traceStepsMax - 1] = step;
    }
  }

  /** Goes on from here by itself. */
  fork(): TraceSteps<S> {
    const fork = new TraceSteps<S>();
    fork.#kept.push(...this.#kept);
    fork.#omitted = this.#omitted;
    for (const key of this.#failed) fork.#failed.add(key);
    for (const key of this.#matched) fork.#matched.add(key);
    if (this.#unsaid !== null) fork.#unsaid = new Set(this.#unsaid);
    return fork;
  }

  #seen(matched: boolean | null): Set<string> {
    if (matched !== null) return matched ? this.#matched : this.#failed;
    this.#unsaid ??= new Set();
    return this.#unsaid;
  }
}
