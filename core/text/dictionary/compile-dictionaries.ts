import type { Dictionary } from "#core/contract/dictionary.ts";
import { compilePatternSearch } from "#core/match/pattern-search.ts";
import type { Proximity } from "../classifiers/classifier.ts";
import { classifierNamed } from "../classifiers/classifiers.ts";
import type { CompiledEntry, CompiledSet, ContextWords, Term } from "./compiled-set.ts";
import { Dictionaries } from "./dictionaries.ts";
import { foldedText, normalText } from "./normal-text.ts";
import { TermAutomaton, termCharactersMax } from "./term-automaton.ts";

/** Matches that one entry counts; the contract allows no higher `max`. */
export const countMax = 10_000;
/** Expressions of all dictionaries: each costs a pass over the text. */
export const patternsMax = 500;

/** `entry`: its place in the dictionary, from 0; null: the problem is of all together. */
export type DictionaryProblem = { dictionary: string; entry: number | null; reason: string };
export type CompiledDictionaries =
  | { ok: true; dictionaries: Dictionaries }
  | { ok: false; problems: DictionaryProblem[] };

type Entry = Dictionary["entries"][number];

/** Makes one matcher of all dictionaries, so that a text is passed over once for them all. Refused whole when an entry is wrong. */
export function compileDictionaries(definitions: readonly Dictionary[]): CompiledDictionaries {
  const compiler = new Compiler();
  definitions.forEach(({ name, entries }, dictionary) => {
    entries.forEach((entry, place) => {
      const reason = compiler.add(dictionary, place, entry);
      if (reason !== null) compiler.problems.push({ dictionary: name, entry: place, reason });
    });
  });
  if (compiler.termCharacters > termCharactersMax)
    compiler.refuse(`words have more than ${termCharactersMax} characters`);
  if (compiler.patterns.length > patternsMax) compiler.refuse(`there are more than ${patternsMax} expressions`);
  if (compiler.problems.length > 0) return { ok: false, problems: compiler.problems };
  return { ok: true, dictionaries: new Dictionaries(compiler.finish(definitions)) };
}

class Compiler {
  readonly problems: DictionaryProblem[] = [];
  readonly patterns: CompiledSet["patterns"] = [];
  termCharacters = 0;
  readonly #terms = new Map<string, Term>();
  readonly #contexts = new Map<string, ContextWords>();
  readonly #classified = new Map<string, CompiledSet["classified"][number]>();

  refuse(reason: string): void {
    this.problems.push({ dictionary: "", entry: null, reason: `all dictionaries together: ${reason}` });
  }

  /** What is wrong with the entry, or null. */
  add(dictionary: number, place: number, given: Entry): string | null {
    const words = given.word ?? given.phrase;
    const classifier = given.classifier === undefined ? null : classifierNamed(given.classifier);
    const near = given.near ?? classifier?.near;
    if (near?.words.some((word) => comparable(word) === "")) return "a word of near has no visible character";
    const entry: CompiledEntry = {
      dictionary,
      place,
      label: words ?? given.pattern ?? classifier?.label ?? "",
      weight: given.weight,
      limit: given.max ?? countMax,
      shown: words === undefined ? (classifier?.shown ?? { first: 2, last: 2 }) : null,
      context: near === undefined ? null : this.#context(near),
    };
    if (words !== undefined) return this.#addTerm(words, entry, given.caseSensitive);
    if (given.pattern !== undefined) return this.#addPattern(given.pattern, entry, given.caseSensitive);
    if (classifier === null) return `there is no classifier ${given.classifier ?? ""}`;
    const known = this.#classified.get(classifier.name);
    if (known === undefined) this.#classified.set(classifier.name, { classifier, entries: [entry] });
    else known.entries.push(entry);
    return null;
  }

  finish(definitions: readonly Dictionary[]): CompiledSet {
    const folded = [...this.#terms.keys()].sort();
    return {
      definitions,
      terms: folded.flatMap((term) => this.#terms.get(term) ?? []),
      automaton: new TermAutomaton(folded),
      contextCount: this.#contexts.size,
      patterns: this.patterns,
      classified: [...this.#classified.values()],
    };
  }

  #addTerm(words: string, entry: CompiledEntry, caseSensitive: boolean): string | null {
    const exact = normalText(words).replaceAll("\n", " ").trim();
    if (exact === "") return "it has no visible character";
    this.#term(exact).entries.push({ entry, exact: caseSensitive ? exact : null });
    return null;
  }

  #addPattern(pattern: string, entry: CompiledEntry, caseSensitive: boolean): string | null {
    const compiled = compilePatternSearch(pattern, caseSensitive);
    if (!compiled.ok) return compiled.reason;
    this.patterns.push({ search: compiled.search, entry });
    return null;
  }

  #context({ words, within }: Proximity): ContextWords {
    const terms = [...new Set(words.map(comparable))].sort();
    const key = JSON.stringify([within, ...terms]);
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    const context = { number: this.#contexts.size, within };
    this.#contexts.set(key, context);
    for (const term of terms) this.#term(term).contexts.push(context.number);
    return context;
  }

  #term(words: string): Term {
    const folded = comparable(words);
    const known = this.#terms.get(folded);
    if (known !== undefined) return known;
    const term = { folded, entries: [], contexts: [] };
    this.termCharacters += folded.length;
    this.#terms.set(folded, term);
    return term;
  }
}

function comparable(words: string): string {
  return foldedText(normalText(words)).trim();
}
