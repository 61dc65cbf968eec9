import type { NetworkTest, NumberTest, TextTest } from "#core/contract/condition.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import { readNetwork } from "#core/match/network-set.ts";
import type { TextMatcher } from "#core/match/wildcard.ts";
import { type CompiledLists, compileTextTest } from "../compile-condition.ts";
import type { Effort } from "./effort.ts";

/** Past it a list is not looked through value by value. */
const valuesMax = 1_000;
/** Stands for any text at all, and in no text. */
const anything = "\u0001";

/** Text tests of one document compared with each other; what is made for a test is kept. */
export class TextTests {
  readonly #lists: CompiledLists;
  readonly #effort: Effort;
  readonly #matchers = new Map<TextTest, TextMatcher>();
  readonly #samples = new Map<string, string>();

  constructor(lists: CompiledLists, effort: Effort) {
    this.#lists = lists;
    this.#effort = effort;
  }

  /** Whether every text that passes `given` passes `wanted`; false where that is not known. */
  implies(given: TextTest, wanted: TextTest): boolean {
    if (wanted.like === "*" || isSame(given, wanted)) return true;
    const values = given.is === undefined ? given.in : [given.is];
    if (values !== undefined) {
      const matches = this.#matcher(wanted);
      const steps = this.#effort.ofTest(wanted);
      return (
        values.length <= valuesMax && values.every((value) => this.#effort.spend(steps) && matches(foldAscii(value)))
      );
    }
    if (given.like === undefined || wanted.like === undefined || wanted.like.includes("?")) return false;
    return this.#matcher(wanted)(this.#sample(given.like));
  }

  /** A star of the one can be met only by a star of the other: it is put in as a character that no text has. */
  #sample(wildcard: string): string {
    const known = this.#samples.get(wildcard) ?? foldAscii(wildcard.replace(/[*?]/g, anything));
    this.#samples.set(wildcard, known);
    return known;
  }

  #matcher(test: TextTest): TextMatcher {
    const known = this.#matchers.get(test) ?? compileTextTest(test, this.#lists);
    this.#matchers.set(test, known);
    return known;
  }
}

function isSame(given: TextTest, wanted: TextTest): boolean {
  if (wanted.in !== undefined) {
    const { in: values } = wanted;
    return given.in?.length === values.length && given.in.every((value, i) => value === values[i]);
  }
  const { is, like, pattern, inList } = wanted;
  return given.is === is && given.like === like && given.pattern === pattern && given.inList === inList && !given.in;
}

/** Bounds are exclusive. */
export function numberTestImplies(given: NumberTest, wanted: NumberTest): boolean {
  const { is, over = Number.NEGATIVE_INFINITY, under = Number.POSITIVE_INFINITY } = wanted;
  if (given.is !== undefined) return (is ?? given.is) === given.is && given.is > over && given.is < under;
  if (is !== undefined) return false;
  return (given.over ?? Number.NEGATIVE_INFINITY) >= over && (given.under ?? Number.POSITIVE_INFINITY) <= under;
}

export function networkTestImplies(given: NetworkTest, wanted: NetworkTest): boolean {
  if (given.inList !== undefined && given.inList === wanted.inList) return true;
  if (given.in === undefined || wanted.in === undefined) return false;
  const outer = networksOf(wanted.in);
  return networksOf(given.in).every((network) => outer.some((wider) => networkContains(wider, network)));
}

export type Network = NonNullable<ReturnType<typeof readNetwork>>;

const readNetworks = new WeakMap<readonly string[], readonly Network[]>();

/** Read once: every pair of rules is compared. A checked document has no network that cannot be read. */
export function networksOf(texts: readonly string[]): readonly Network[] {
  const known = readNetworks.get(texts) ?? texts.map(readNetwork).filter((network) => network !== null);
  readNetworks.set(texts, known);
  return known;
}

/** Whether all of a network is in the wider one. */
export function networkContains(wider: Network, { prefix, length }: Network): boolean {
  return wider.length <= length && prefix >> BigInt(length - wider.length) === wider.prefix;
}
