import type { Classifier } from "./classifier.ts";
import { europeanClassifiers } from "./european-ids.ts";
import { financialClassifiers } from "./financial.ts";
import { otherClassifiers } from "./other-ids.ts";
import { secretClassifiers } from "./secrets.ts";

/** All predefined formats, in the order in which they are offered. */
export const classifiers: readonly Classifier[] = [
  ...financialClassifiers,
  ...otherClassifiers,
  ...europeanClassifiers,
  ...secretClassifiers,
];

const byName = new Map(classifiers.map((classifier) => [classifier.name, classifier]));

export function classifierNamed(name: string): Classifier | null {
  return byName.get(name) ?? null;
}

export type Span = { start: number; end: number; value: string };

/** Every place where the format stands in a normalised text, in order and apart. */
export function* findAll({ expression, read }: Classifier, text: string): Iterable<Span> {
  const matcher = new RegExp(expression);
  for (let match = matcher.exec(text); match !== null; match = matcher.exec(text)) {
    const reading = read(match[0]);
    // A candidate that is none may still hold one that begins later.
    matcher.lastIndex = match.index + (reading?.length ?? 1);
    if (reading !== null) yield { start: match.index, end: match.index + reading.length, value: reading.value };
  }
}
