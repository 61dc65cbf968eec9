import { actionWords } from "../explain.ts";
import { sameValue } from "../same-value.ts";
import type { AskedRule } from "./asked-rule.ts";
import type { Add, Finding } from "./finding.ts";
import type { Coverage } from "./rule-coverage.ts";
import { commonExample, exampleWords } from "./rule-overlap.ts";
import { rulePieces } from "./rule-pieces.ts";
import { type PlacedRule, type RulesInOrder, ruleWords, takesForGood } from "./rules-in-order.ts";

const shownMax = 3;

/** A part of what a rule asks for. */
type AskedPiece = { asked: AskedRule; words: string };

/** What rules leave to the later ones of their ruleset: nothing, or not all. */
export class OrderLint {
  readonly #coverage: Coverage;
  readonly #add: Add;

  constructor(coverage: Coverage, add: Add) {
    this.#coverage = coverage;
    this.#add = add;
  }

  /** The places of the rules that never match. */
  look(ruleset: RulesInOrder): ReadonlySet<number> {
    const shadowed = new Set<number>();
    for (const asked of ruleset.rules) {
      const finding = asked === null ? null : this.#lookAt(ruleset, asked);
      if (asked === null || finding === null) continue;
      this.#add(finding);
      if (finding.code === "rule-shadowed") shadowed.add(asked.n);
    }
    return shadowed;
  }

  #lookAt(ruleset: RulesInOrder, asked: AskedRule): Finding | null {
    const above = ruleset.neighbours.of(asked, 0, asked.n).filter(({ rule }) => takesForGood(rule, ruleset.stage));
    const whole = above.find((earlier) => this.#coverage.covers(earlier, asked));
    if (whole !== undefined) return shadowedFinding(ruleset, asked, [whole]);
    const pieces = piecesOf(asked);
    // Where nothing above matches a message that is at hand, the rule takes that one.
    const mayBeShared = asked.samples.every((sample) => above.some((earlier) => earlier.holds(sample)));
    const takers = mayBeShared ? this.#takers(above, pieces) : [];
    if (takers.length > 0) return shadowedFinding(ruleset, asked, takers);
    return this.#partly(ruleset, above, asked, pieces);
  }

  /** The rules that together take everything that this one would; none: they do not, as far as is known. */
  #takers(above: readonly AskedRule[], pieces: readonly AskedPiece[]): AskedRule[] {
    const takers = new Set<AskedRule>();
    for (const piece of pieces) {
      const taker = above.find((earlier) => this.#coverage.covers(earlier, piece.asked));
      if (taker === undefined) return [];
      takers.add(taker);
    }
    return [...takers];
  }

  /**
   * Only rules that do something else are looked at, and that ask for nothing that this one does not ask for: two that look at different
   * things always have messages in common. One that asks for a part of what this one does is an exception, which is what order is for, unless
   * this one names the part.
   */
  #partly(
    ruleset: RulesInOrder,
    above: readonly AskedRule[],
    asked: AskedRule,
    pieces: readonly AskedPiece[],
  ): Finding | null {
    for (const earlier of above) {
      if (earlier.does === asked.does || earlier.matchesAll || !asksNoMore(earlier, asked)) continue;
      const example = commonExample(earlier, asked);
      if (example === null) continue;
      const taken = pieces.filter((piece) => this.#coverage.covers(earlier, piece.asked)).map(({ words }) => words);
      if (taken.length > 0) return partFinding(ruleset, asked, earlier, taken);
      if (!this.#coverage.covers(asked, earlier)) return overlapFinding(ruleset, asked, earlier, exampleWords(example));
    }
    return null;
  }
}

/** Whether the first asks for nothing that the second does not ask for as well. */
function asksNoMore(first: AskedRule, second: AskedRule): boolean {
  for (const name of first.asks) if (!second.asks.has(name)) return false;
  return true;
}

/** Compared by what they ask for only: they have no samples of their own. */
function piecesOf(asked: AskedRule): AskedPiece[] {
  return rulePieces(asked.rule).map(({ rule, words }) => ({ asked: { ...asked, rule, samples: [] }, words }));
}

type Told = Pick<Finding, "severity" | "what" | "why" | "doThis"> & { code: string };

function findingOf({ path }: RulesInOrder, { n }: PlacedRule, cause: PlacedRule, told: Told): Finding {
  return { ...told, path: [...path, n], related: [...path, cause.n], source: null };
}

function shadowedFinding(ruleset: RulesInOrder, placed: PlacedRule, takers: readonly PlacedRule[]): Finding {
  const [first = placed] = takers;
  const { rule } = placed;
  const same = takers.every((taker) => sameValue(taker.rule.action, rule.action));
  const take = takers.length === 1 ? "takes" : "together take";
  return findingOf(ruleset, placed, first, {
    code: "rule-shadowed",
    severity: same ? "note" : "warning",
    what: `The rule "${rule.name}" of ${ruleset.where} never matches: ${listed(takers.map(ruleWords))} ${take} all that it would.`,
    why: same ? "It does nothing of its own." : `Its action, ${actionWords(rule.action)}, is never taken.`,
    doThis: "Move it up, make the earlier one narrower, or delete it.",
  });
}

function partFinding(
  ruleset: RulesInOrder,
  placed: PlacedRule,
  earlier: PlacedRule,
  taken: readonly string[],
): Finding {
  const { rule } = placed;
  return findingOf(ruleset, placed, earlier, {
    code: "rule-partly-shadowed",
    severity: "warning",
    what: `A part of the rule "${rule.name}" of ${ruleset.where} never matches: ${ruleWords(earlier)} takes ${listed(taken)}.`,
    why: `Its action, ${actionWords(rule.action)}, is never taken there.`,
    doThis: "Move it up, make the earlier one narrower, or take that out of it.",
  });
}

function overlapFinding(ruleset: RulesInOrder, placed: PlacedRule, earlier: PlacedRule, example: string): Finding {
  const { rule } = placed;
  return findingOf(ruleset, placed, earlier, {
    code: "rule-partly-shadowed",
    severity: "note",
    what: `Not all that the rule "${rule.name}" of ${ruleset.where} asks for reaches it: ${ruleWords(earlier)} comes first, for example for ${example}.`,
    why: `There its action, ${actionWords(rule.action)}, is not taken.`,
    doThis: "If the earlier one is not meant to go first, move this one up.",
  });
}

/** `a, b and 4 more`. */
function listed(items: readonly string[]): string {
  const more = items.length - shownMax;
  const shown = items.slice(0, shownMax);
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}
