import type { ToldStep } from "./tell.ts";
import { TraceSteps } from "./trace-steps.ts";

/** The rules that a message meets when it is judged again, as its trace would have them. */
export class ReplayTrace {
  readonly #steps = new TraceSteps<ToldStep>();
  /** They decide about the message, if at all, when nobody was taken. */
  readonly #ofRefused = new TraceSteps<ToldStep>();

  /** Of one ruleset, as `tell` gives them. */
  add(steps: readonly ToldStep[] | null): void {
    for (const step of steps ?? []) this.#steps.keep(step);
  }

  /** Of a recipient who is refused. */
  addRefused(steps: readonly ToldStep[] | null): void {
    for (const step of steps ?? []) this.#ofRefused.keep(step);
  }

  /** In the order of a decision record; `omitted`: past `traceStepsMax`. */
  get told(): { steps: readonly ToldStep[]; omitted: number } {
    const all = this.#steps.fork();
    for (const step of this.#ofRefused.kept) all.keep(step);
    return { steps: all.kept, omitted: all.omitted + this.#ofRefused.omitted };
  }
}
