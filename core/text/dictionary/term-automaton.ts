/** Characters of all terms together: what the automaton needs of memory (about 20 octets each). */
export const termCharactersMax = 2_000_000;

/** Calls back with the number of the term and where it ends. */
export type TermSink = (term: number, end: number) => void;

/**
 * All terms found in one pass over a text, however many there are (A. V. Aho, M. J. Corasick, CACM 18, 1975). The states are numbered
 * breadth first over the sorted terms, so that those that follow a state stand side by side, in the order of their characters.
 */
export class TermAutomaton {
  readonly #character: Uint16Array;
  /** The states that follow state n are #next[n] to #next[n + 1] − 1. */
  readonly #next: Int32Array;
  readonly #fail: Int32Array;
  /** The term that ends in the state, or −1. */
  readonly #term: Int32Array;
  /** The longest suffix of the state in which a term ends, or 0. */
  readonly #shorter: Int32Array;
  /** By character, the state that follows the first one, or 0. */
  readonly #first = new Int32Array(65_536);

  /** `terms`: distinct, not empty, in ascending order of their characters (as `sort` puts them). */
  constructor(terms: readonly string[]) {
    const size = terms.reduce((sum, term) => sum + term.length, 2);
    this.#character = new Uint16Array(size);
    this.#next = new Int32Array(size + 1);
    this.#fail = new Int32Array(size);
    this.#term = new Int32Array(size).fill(-1);
    this.#shorter = new Int32Array(size);
    const states = this.#number(terms);
    this.#link(states);
  }

  /** `mayEnd` is asked once for each place at which any term ends. */
  find(text: string, mayEnd: (end: number) => boolean, sink: TermSink): void {
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      state = this.#step(state, text.charCodeAt(at));
      if (state === 0) continue;
      let ending = (this.#term[state] ?? -1) >= 0 ? state : (this.#shorter[state] ?? 0);
      if (ending === 0 || !mayEnd(at + 1)) continue;
      for (; ending !== 0; ending = this.#shorter[ending] ?? 0) sink(this.#term[ending] ?? 0, at + 1);
    }
  }

  /** Each state is a range of the sorted terms that share their first `depth` characters. Returns how many there are. */
  #number(terms: readonly string[]): number {
    const low = new Int32Array(this.#character.length);
    const high = new Int32Array(this.#character.length);
    const depth = new Int32Array(this.#character.length);
    high[0] = terms.length;
    let states = 1;
    for (let state = 0; state < states; state++) {
      const at = depth[state] ?? 0;
      const end = high[state] ?? 0;
      let from = low[state] ?? 0;
      this.#next[state] = states;
      if (terms[from]?.length === at) this.#term[state] = from++;
      while (from < end) {
        const character = terms[from]?.charCodeAt(at) ?? 0;
        let to = from + 1;
        while (to < end && terms[to]?.charCodeAt(at) === character) to++;
        this.#character[states] = character;
        low[states] = from;
        high[states] = to;
        depth[states] = at + 1;
        if (state === 0) this.#first[character] = states;
        states++;
        from = to;
      }
    }
    this.#next[states] = states;
    return states;
  }

  #link(states: number): void {
    for (let state = 0; state < states; state++) {
      const fail = this.#fail[state] ?? 0;
      for (let child = this.#next[state] ?? 0; child < (this.#next[state + 1] ?? 0); child++) {
        const behind = state === 0 ? 0 : this.#step(fail, this.#character[child] ?? 0);
        this.#fail[child] = behind;
        this.#shorter[child] = (this.#term[behind] ?? -1) >= 0 ? behind : (this.#shorter[behind] ?? 0);
      }
    }
  }

  #step(from: number, character: number): number {
    let state = from;
    while (state !== 0) {
      const child = this.#child(state, character);
      if (child !== 0) return child;
      state = this.#fail[state] ?? 0;
    }
    return this.#first[character] ?? 0;
  }

  #child(state: number, character: number): number {
    let low = this.#next[state] ?? 0;
    let high = (this.#next[state + 1] ?? 0) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#character[middle] ?? 0;
      if (found === character) return middle;
      if (found < character) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }
}
