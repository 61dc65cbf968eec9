import { findAll } from "../classifiers/classifiers.ts";
import type { CompiledEntry, CompiledSet, MatchSink, Term } from "./compiled-set.ts";
import { ContextPlaces } from "./context-places.ts";
import { DictionaryTally } from "./dictionary-tally.ts";
import { foldedText, isWordBoundary, normalText, unwrappedText } from "./normal-text.ts";

/** Matches of one expression that are looked for in one text. */
export const patternMatchesMax = 1_000;

type Candidate = { entry: CompiledEntry; start: number; end: number; value: string | null };

/** All dictionaries of a policy, ready to look through texts. */
export class Dictionaries {
  readonly #set: CompiledSet;

  constructor(set: CompiledSet) {
    this.#set = set;
  }

  /** An empty count, of a part or of a message. */
  tally(): DictionaryTally {
    return new DictionaryTally((text, sink) => this.find(text, sink), this.#set.definitions);
  }

  /** Every match of every entry; time and memory are linear in the text. */
  find(text: string, sink: MatchSink): void {
    const normal = normalText(text);
    const contexts = new ContextPlaces(this.#set.contextCount);
    const candidates: Candidate[] = [];
    const take = (candidate: Candidate) => {
      // Its words may still come.
      if (candidate.entry.context !== null) candidates.push(candidate);
      else tell(candidate, normal, sink);
    };
    this.#findTerms(normal, contexts, take);
    for (const { search, entry } of this.#set.patterns) {
      for (const { start, end } of search(normal, patternMatchesMax)) take({ entry, start, end, value: null });
    }
    const unwrapped = unwrappedText(normal);
    for (const { classifier, entries } of this.#set.classified) {
      for (const { start, end, value } of findAll(classifier, unwrapped)) {
        for (const entry of entries) take({ entry, start, end, value });
      }
    }
    for (const candidate of candidates) {
      const { context } = candidate.entry;
      if (context !== null && contexts.isNear(context, candidate.start, candidate.end)) tell(candidate, normal, sink);
    }
  }

  #findTerms(normal: string, contexts: ContextPlaces, take: (candidate: Candidate) => void): void {
    const { terms, automaton } = this.#set;
    const mayEnd = (end: number) => isWordBoundary(normal, end);
    automaton.find(foldedText(normal), mayEnd, (number, end) => {
      const term = terms[number];
      if (term === undefined) return;
      const start = end - term.folded.length;
      if (!isWordBoundary(normal, start)) return;
      for (const context of term.contexts) contexts.add(context, start, end);
      takeEntries(term, normal, start, end, take);
    });
  }
}

function takeEntries(
  term: Term,
  normal: string,
  start: number,
  end: number,
  take: (candidate: Candidate) => void,
): void {
  for (const { entry, exact } of term.entries) {
    if (exact !== null && normal.slice(start, end).replaceAll("\n", " ") !== exact) continue;
    take({ entry, start, end, value: term.folded });
  }
}

function tell({ entry, start, end, value }: Candidate, normal: string, sink: MatchSink): void {
  const found = normal.slice(start, end);
  sink(entry, value ?? foldedText(found), found);
}
