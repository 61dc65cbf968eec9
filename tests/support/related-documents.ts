import fc from "fast-check";
import { documentSections, type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import { documentArbitrary } from "./policy-arbitrary.ts";

type Named = { name: string };

/** Two documents that have some objects in common, in another order, and some of the same name that differ. Names may lead nowhere. */
export const relatedDocuments: fc.Arbitrary<[PolicyDocument, PolicyDocument]> = fc
  .tuple(documentArbitrary, documentArbitrary, fc.infiniteStream(fc.nat(5)))
  .map(([one, other, dice]) => {
    const next = () => dice.next().value;
    const mixed = (mine: readonly Named[], theirs: readonly Named[]): Named[] => {
      const all = new Map([...theirs.filter(() => next() === 0), ...mine].map((item) => [item.name, item]));
      const twisted = mine.flatMap(({ name }, i) =>
        next() === 0 && theirs[i] !== undefined ? [{ ...theirs[i], name }] : [],
      );
      for (const item of twisted) all.set(item.name, item);
      const kept = [...all.values()].filter(() => next() > 0);
      return next() > 2 ? kept : shuffled(kept, next);
    };
    const proxyActions = one.proxyActions.map((action) => {
      const rulesets = rulesetsOf(action).map(({ stage, ruleset }) => [
        stage,
        { ...ruleset, rules: mixed(ruleset.rules, ruleset.rules.map(logged)) },
      ]);
      return { ...action, rulesets: Object.fromEntries(rulesets) };
    });
    const mine = { ...one, proxyActions };
    const sections = documentSections.map((section) => [section, mixed(mine[section], other[section])]);
    return [one, policyDocumentSchema.parse({ version: 1, ...Object.fromEntries(sections) })];
  });

function logged(rule: Rule): Rule {
  return { ...rule, log: !rule.log };
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
