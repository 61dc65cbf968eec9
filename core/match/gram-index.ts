import type { TextMatcher } from "./wildcard.ts";

/** One of many that a text is asked about. */
export type Sought = {
  /** What stands in every text that it matches, folded: all of them do. */
  literals: readonly string[];
  matches: TextMatcher;
};

/** So many characters of a literal are looked up. */
export const gramLength = 3;
/** Fewer are asked one after the other: that is quicker than to look at each place of a text. */
const indexedMin = 9;
const slotBitsMin = 8;
const slotBitsMax = 16;

/** Those whose literal may stand in a text where these characters do. */
type Slot = { matchers: TextMatcher[]; askedIn: number };

/**
 * Whether one of them matches. Each is found by the three characters of its literals that fewest others have, and is then asked, once a text:
 * time is O(text) and what is asked, be there thousands. One without three literal characters together is always asked.
 */
export function compileByGrams(sought: readonly Sought[]): TextMatcher {
  if (sought.length < indexedMin) return (text) => sought.some(({ matches }) => matches(text));
  const mask = 2 ** Math.min(slotBitsMax, Math.max(slotBitsMin, Math.ceil(Math.log2(sought.length)) + 2)) - 1;
  const { slots, others } = inSlots(sought, mask);
  let asked = 0;
  return (text) => {
    asked++;
    for (let at = 0; at + gramLength <= text.length; at++) {
      const slot = slots[slotOf(text, at, mask)];
      if (slot === undefined || slot.askedIn === asked) continue;
      slot.askedIn = asked;
      for (const matches of slot.matchers) if (matches(text)) return true;
    }
    return others.some((matches) => matches(text));
  };
}

function inSlots(sought: readonly Sought[], mask: number): { slots: (Slot | undefined)[]; others: TextMatcher[] } {
  const uses = new Uint32Array(mask + 1);
  const slotsOfAll = sought.map(({ literals }) => literals.flatMap((literal) => slotsOf(literal, mask)));
  for (const own of slotsOfAll) for (const slot of own) uses[slot] = (uses[slot] ?? 0) + 1;
  const slots: (Slot | undefined)[] = Array.from({ length: mask + 1 }, () => undefined);
  const others: TextMatcher[] = [];
  sought.forEach(({ matches }, n) => {
    const own = slotsOfAll[n] ?? [];
    const [first] = own;
    if (first === undefined) {
      others.push(matches);
      return;
    }
    const rarest = own.reduce((least, slot) => ((uses[slot] ?? 0) < (uses[least] ?? 0) ? slot : least), first);
    const slot = slots[rarest] ?? { matchers: [], askedIn: 0 };
    slot.matchers.push(matches);
    slots[rarest] = slot;
  });
  return { slots, others };
}

function slotsOf(literal: string, mask: number): number[] {
  const count = Math.max(0, literal.length - gramLength + 1);
  return Array.from({ length: count }, (_, at) => slotOf(literal, at, mask));
}

/** Different characters may share a slot: they are told apart by asking. */
function slotOf(text: string, at: number, mask: number): number {
  return ((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) & mask;
}
