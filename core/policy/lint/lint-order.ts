import { actionWords } from "../explain.ts";
import { sameValue } from "../same-value.ts";
import type { Add, Finding } from "./finding.ts";
import type { Coverage } from "./rule-coverage.ts";
import { exampleWords, type Overlaps } from "./rule-overlap.ts";
import { type Piece, rulePieces } from "./rule-pieces.ts";
import { type PlacedRule, type RulesInOrder, ruleWords, takesForGood } from "./rules-in-order.ts";

const shownMax = 3;

/** `does`: its action, as text that is compared. */
type EarlierRule = PlacedRule & { does: string };

/** What rules leave to the later ones of their ruleset: nothing, or not all. */
export class OrderLint {
  readonly #coverage: Coverage;
  readonly #overlaps: Overlaps;
  readonly #add: Add;

  constructor(coverage: Coverage, overlaps: Overlaps, add: Add) {
    this.#coverage = coverage;
    this.#overlaps = overlaps;
    this.#add = add;
  }

  /** The places of the rules that never match. */
  look(ruleset: RulesInOrder): ReadonlySet<number> {
    const above: EarlierRule[] = [];
    const shadowed = new Set<number>();
    ruleset.rules.forEach((rule, n) => {
      if (rule === null) return;
      const finding = this.#lookAt(ruleset, above, { rule, n });
      if (finding !== null) this.#add(finding);
      if (finding?.code === "rule-shadowed") shadowed.add(n);
      if (takesForGood(rule, ruleset.stage)) above.push({ rule, n, does: JSON.stringify(rule.action) });
    });
    return shadowed;
  }

  #lookAt(ruleset: RulesInOrder, above: readonly EarlierRule[], placed: PlacedRule): Finding | null {
    const { rule } = placed;
    const whole = above.find((earlier) => this.#coverage.covers(earlier.rule, rule));
    if (whole !== undefined) return shadowedFinding(ruleset, placed, [whole]);
    const pieces = rulePieces(rule);
    const takers = this.#takers(above, pieces);
    if (takers.length > 0) return shadowedFinding(ruleset, placed, takers);
    return this.#partly(ruleset, above, placed, pieces);
  }

  /** The rules that together take everything that this one would; none: they do not, as far as is known. */
  #takers(above: readonly PlacedRule[], pieces: readonly Piece[]): PlacedRule[] {
    const takers = new Set<PlacedRule>();
    for (const piece of pieces) {
      const taker = above.find((earlier) => this.#coverage.covers(earlier.rule, piece.rule));
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
    above: readonly EarlierRule[],
    placed: PlacedRule,
    pieces: readonly Piece[],
  ): Finding | null {
    const { rule } = placed;
    const { when } = rule;
    if (when === undefined) return null;
    const does = JSON.stringify(rule.action);
    for (const earlier of above) {
      const asked = earlier.rule.when;
      if (earlier.does === does || asked === undefined || !this.#coverage.asksNoMore(asked, when)) continue;
      const example = this.#overlaps.example(earlier.rule, rule);
      if (example === null) continue;
      const taken = pieces.filter((piece) => this.#coverage.covers(earlier.rule, piece.rule)).map(({ words }) => words);
      if (taken.length > 0) return partFinding(ruleset, placed, earlier, taken);
      if (!this.#coverage.covers(rule, earlier.rule))
        return overlapFinding(ruleset, placed, earlier, exampleWords(example));
    }
    return null;
  }
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
