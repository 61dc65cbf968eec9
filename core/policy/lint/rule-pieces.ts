import type { Condition } from "#core/contract/condition.ts";
import { facts } from "#core/contract/facts.ts";
import type { Rule } from "#core/contract/rule.ts";
import { quantifierOf } from "../compile-condition.ts";
import { conditionWords } from "../explain.ts";
import { hasOneReading } from "./fact-readings.ts";

/** A part of what a rule asks for. */
export type Piece = { rule: Rule; words: string };

/** Rules of more pieces are looked at as a whole only. */
const piecesMax = 50;

/**
 * The alternatives that a rule spells out: its values, its networks, or the branches of its `any`. Together they are the rule. None where
 * it has no such thing, or where a message of several readings could fit the whole and no piece.
 */
export function rulePieces(rule: Rule): Piece[] {
  const { when } = rule;
  if (when === undefined) return [];
  const branches = when.any ?? [];
  if (branches.length > 1) {
    return branches.map((branch) => ({
      rule: { ...rule, when: { ...when, any: [branch] } },
      words: conditionWords(branch),
    }));
  }
  for (const [fact, test] of Object.entries(when)) {
    const values = valuesOf(test);
    if (values.length < 2 || values.length > piecesMax) continue;
    const definition = facts[fact as keyof typeof facts];
    const mayBeMixed = definition.kind === "text" && quantifierOf(rule.action) === "every" && !hasOneReading(fact);
    if (mayBeMixed) continue;
    return values.map((value) => {
      const narrower = { ...when, [fact]: { in: [value] } } as Condition;
      return { rule: { ...rule, when: narrower }, words: `${definition.words} ${value}` };
    });
  }
  return [];
}

function valuesOf(test: unknown): readonly string[] {
  return typeof test === "object" && test !== null && "in" in test && Array.isArray(test.in)
    ? (test.in as string[])
    : [];
}
