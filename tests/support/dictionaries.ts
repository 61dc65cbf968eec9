import { type Dictionary, dictionarySchema } from "#core/contract/dictionary.ts";
import { compileDictionaries } from "#core/text/dictionary/compile-dictionaries.ts";
import type { Dictionaries } from "#core/text/dictionary/dictionaries.ts";

type Given = Record<string, unknown>;

export function dictionary(entries: Given[], rest: Given = {}): Dictionary {
  return dictionarySchema.parse({ name: "d", entries, ...rest });
}

/** Throws with the problems when they are refused. */
export function compiled(...definitions: Dictionary[]): Dictionaries {
  const result = compileDictionaries(definitions);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.dictionaries;
}

/** The score of the text, 0 when nothing is found. */
export function score(entries: Given[], text: string, rest: Given = {}): number {
  const tally = compiled(dictionary(entries, rest)).tally();
  tally.add("body", text);
  return tally.results()[0]?.score ?? 0;
}
