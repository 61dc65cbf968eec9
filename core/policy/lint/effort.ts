import type { Condition, NetworkTest, NumberTest, TextTest } from "#core/contract/condition.ts";
import type { List } from "#core/contract/policy-document.ts";

/** The steps that one look at a document may take; past them nothing more is claimed. A step takes about 50 ns. */
const stepsMax = 20_000_000;
const patternSteps = 20;
/** Of asking for a network, and of comparing two. */
export const networkSteps = 4;

/** Of asking whether a value is in a list whose entries are looked up. */
const listSteps = 4;
/** Looked up, whatever else is in the list: all of the value, its end, or three characters of it. */
const quickEntry = /^\*?[^*?]*$|[^*?]{3}/;
const quickWord = /.{3}/s;

type FactTest = TextTest | NetworkTest | NumberTest;

/** What is left of the steps, and how many a question takes. */
export class Effort {
  readonly #listSteps: ReadonlyMap<string, number>;
  #left = stepsMax;

  constructor(lists: readonly List[]) {
    this.#listSteps = new Map(lists.map((list) => [list.name, stepsOf(list)]));
  }

  /** Takes steps before they are made, and says whether they may be. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }

  /** Whether something was left undone. */
  get hasRunOut(): boolean {
    return this.#left < 0;
  }

  /** Of asking whether a condition holds. */
  ofCondition({ all = [], any = [], none = [], ...tests }: Condition): number {
    const ofTests = Object.values(tests).map((test) => (test === undefined ? 0 : this.ofTest(test)));
    const ofGroups = [...all, ...any, ...none].map((child) => this.ofCondition(child));
    return [...ofTests, ...ofGroups].reduce(
      (sum, steps) => sum + steps,
      tests.clientAddress === undefined ? 0 : networkSteps,
    );
  }

  /** Of asking whether one value passes a test. */
  ofTest(test: FactTest): number {
    if ("pattern" in test) return patternSteps;
    return ("inList" in test ? this.#listSteps.get(test.inList ?? "") : undefined) ?? 1;
  }
}

/** Of asking whether a value is in the list. */
function stepsOf({ kind, entries }: List): number {
  if (kind !== "words" && kind !== "patterns") return 1;
  const quick = kind === "words" ? quickWord : quickEntry;
  return listSteps + entries.filter((entry) => !quick.test(entry)).length;
}
