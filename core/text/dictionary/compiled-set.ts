import type { Dictionary } from "#core/contract/dictionary.ts";
import type { PatternSearch } from "#core/match/pattern-search.ts";
import type { Classifier } from "../classifiers/classifier.ts";
import type { TermAutomaton } from "./term-automaton.ts";

export type CompiledEntry = {
  dictionary: number;
  /** Its place in the dictionary. */
  place: number;
  label: string;
  weight: number;
  /** Matches counted at most. */
  limit: number;
  /** What of a match a sample may show; null: all, it is the entry itself. */
  shown: { first: number; last: number } | null;
  /** The words that must stand near a match, or null. */
  context: ContextWords | null;
};

/** Words of which one must stand within so many characters. */
export type ContextWords = { number: number; within: number };

/** What a term means where it stands in a text. `exact`: as it must be written, where case counts. */
export type Term = {
  folded: string;
  entries: { entry: CompiledEntry; exact: string | null }[];
  contexts: number[];
};

export type CompiledSet = {
  definitions: readonly Dictionary[];
  terms: Term[];
  automaton: TermAutomaton;
  contextCount: number;
  patterns: { search: PatternSearch; entry: CompiledEntry }[];
  classified: { classifier: Classifier; entries: CompiledEntry[] }[];
};

/** `value`: equal for matches that count once where only distinct ones count. `found`: as it stands in the normalised text. */
export type MatchSink = (entry: CompiledEntry, value: string, found: string) => void;
