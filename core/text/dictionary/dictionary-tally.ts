import type { Dictionary } from "#core/contract/dictionary.ts";
import { masked } from "../mask.ts";
import type { CompiledEntry, MatchSink } from "./compiled-set.ts";

/** Samples of one entry. */
export const samplesMax = 3;

/** `place`: as the caller named the text. `text`: masked, unless it is a word or phrase of the dictionary itself. */
export type Sample = { place: string; text: string };

/** `entry`: its place in the dictionary, from 0. `count`: as counted, at most the entry's `max`. */
export type EntryResult = { entry: number; label: string; count: number; weight: number; samples: Sample[] };
export type DictionaryResult = { name: string; score: number; reached: boolean; entries: EntryResult[] };

type Count = { entry: CompiledEntry; all: number; values: Set<string>; samples: Sample[] };

/** What the dictionaries count over one or more texts. Two tallies of different texts add up to the one of both. */
export class DictionaryTally {
  readonly #find: (text: string, sink: MatchSink) => void;
  readonly #definitions: readonly Dictionary[];
  readonly #counts = new Map<CompiledEntry, Count>();

  constructor(find: (text: string, sink: MatchSink) => void, definitions: readonly Dictionary[]) {
    this.#find = find;
    this.#definitions = definitions;
  }

  /** Looks through a text. */
  add(place: string, text: string): void {
    this.#find(text, (entry, value, found) => {
      const count = this.#countOf(entry);
      count.all++;
      const known = count.values.has(value);
      if (known || count.values.size === entry.limit) return;
      count.values.add(value);
      if (count.samples.length === samplesMax) return;
      count.samples.push({ place, text: entry.shown === null ? found : masked(found, entry.shown) });
    });
  }

  /** Adds what another tally of the same dictionaries counted. */
  merge(other: DictionaryTally): void {
    for (const { entry, all, values, samples } of other.#counts.values()) {
      const count = this.#countOf(entry);
      count.all += all;
      for (const value of values) if (count.values.size < entry.limit) count.values.add(value);
      count.samples.push(...samples.slice(0, samplesMax - count.samples.length));
    }
  }

  /** The dictionaries of which something was found, in the order of the policy. */
  results(): DictionaryResult[] {
    const entries = this.#definitions.map((): EntryResult[] => []);
    for (const { entry, all, values, samples } of this.#counts.values()) {
      const counted = this.#definitions[entry.dictionary]?.count === "all" ? all : values.size;
      const { label, weight } = entry;
      const count = Math.min(counted, entry.limit);
      entries[entry.dictionary]?.push({ entry: entry.place, label, count, weight, samples });
    }
    return this.#definitions.flatMap(({ name, threshold }, dictionary) => {
      const found = (entries[dictionary] ?? []).sort((a, b) => a.entry - b.entry);
      if (found.length === 0) return [];
      const score = found.reduce((sum, { count, weight }) => sum + count * weight, 0);
      return [{ name, score, reached: score >= threshold, entries: found }];
    });
  }

  /** Names of the dictionaries whose score reaches their threshold. */
  reached(): string[] {
    return this.results().flatMap(({ name, reached }) => (reached ? [name] : []));
  }

  #countOf(entry: CompiledEntry): Count {
    const known = this.#counts.get(entry);
    if (known !== undefined) return known;
    const count = { entry, all: 0, values: new Set<string>(), samples: [] };
    this.#counts.set(entry, count);
    return count;
  }
}
