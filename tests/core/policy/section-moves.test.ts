import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BlockMove, toTop } from "#core/policy/rule-orders.ts";
import { type Arrangement, rearranged, runsOf } from "#core/policy/section-moves.ts";

const seed = Number(process.env.POSTERN_SEED ?? Date.now() % 1_000_000);
const sender = { proxyActionId: "in", ruleset: "sender" } as const;
const message = { proxyActionId: "in", ruleset: "message" } as const;

/** `a bX cX` are three rules, two of them in the section X. */
function arrangement(text: string): Arrangement {
  const words = text.split(" ").filter((word) => word !== "");
  const sections = new Map(words.flatMap((word) => (word.length > 1 ? [[word.slice(0, 1), word.slice(1)]] : [])));
  return { orders: [{ place: sender, ids: words.map((word) => word.slice(0, 1)) }], sections };
}

function shown({ orders, sections }: Arrangement): string {
  return orders.flatMap(({ ids }) => ids.map((id) => `${id}${sections.get(id) ?? ""}`)).join(" ");
}

function moved(text: string, block: string, before: string | null, section?: string | null): string {
  const to = { ...sender, before, ...(section !== undefined && { section }) };
  const after = rearranged(arrangement(text), { ruleIds: [...block], to });
  return after === null ? "nowhere" : shown(after);
}

describe("a rule that moves", () => {
  it.each([
    ["joins the section between two rules of which it lands", "aX bX c", "c", "b", "aX cX bX"],
    ["leaves its own for that one", "aX bX cY dY", "d", "b", "aX dX bX cY"],
    ["stays in its section inside of it", "aX bX cX d", "c", "b", "aX cX bX d"],
    ["stays in its section at its edges", "a bX cX d", "c", "b", "a cX bX d"],
    ["leaves its section where it goes away from the others", "aX bX c d", "a", null, "bX c d a"],
    ["takes its section along where it is alone in it", "aX b cY", "a", null, "b cY aX"],
    ["joins none beside a section", "aX bX c d", "d", "c", "aX bX d c"],
    ["joins none between two sections", "aX bY c", "c", "b", "aX c bY"],
  ])("%s", (_, text, block, before, after) => {
    expect(moved(text, block, before)).toBe(after);
  });

  it("joins the section beside it when it is asked to, and no other", () => {
    expect(moved("aX bX c d", "c", "d", "X")).toBe("aX bX cX d");
    expect(moved("a bX", "a", "b", "X")).toBe("aX bX");
    expect(moved("aX bX c d", "d", null, "X")).toBe("aX bX c d");
  });

  it("leaves its section at the edge when it is asked to, unless that would be all of it", () => {
    expect(moved("aX bX c", "b", "c", null)).toBe("aX b c");
    expect(moved("aX bX c", "ab", "c", null)).toBe("aX bX c");
  });
});

describe("a block that moves", () => {
  it.each([
    ["is in its section still when all of it goes", "aX bX c d", "ab", null, "c d aX bX"],
    ["joins one as a whole", "aX bX c dY eY", "de", "b", "aX dX eX bX c"],
    ["keeps the sections that it has whole, and leaves the others", "aX bX cY d", "bc", null, "aX d b cY"],
    ["goes on with the section above and the one below", "aX bY cX dY", "bc", "d", "aX bY cX dY"],
  ])("%s", (_, text, block, before, after) => {
    expect(moved(text, block, before)).toBe(after);
  });

  it("takes a part of a section that stood apart as it is", () => {
    expect(moved("aX b cX d", "c", null)).toBe("aX b d cX");
    expect(moved("aX b cX d", "b", null)).toBe("aX cX d b");
  });
});

describe(`any sequence of moves (seed ${seed})`, () => {
  const sectionNames = ["", "X", "Y", "Z"] as const;
  const drawnOrder = fc.array(fc.constantFrom(...sectionNames), { maxLength: 7 });
  const drawnMove = fc.record({
    block: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    to: fc.constantFrom(sender, message),
    before: fc.nat(),
    section: fc.constantFrom(undefined, null, "X", "Y"),
  });

  function drawn(first: readonly string[], second: readonly string[]): Arrangement {
    const sections = new Map<string, string>();
    const order = (names: readonly string[], letter: string) =>
      names.map((name, n) => {
        if (name !== "") sections.set(`${letter}${n}`, name);
        return `${letter}${n}`;
      });
    const orders = [
      { place: sender, ids: order(first, "a") },
      { place: message, ids: order(second, "b") },
    ];
    return { orders, sections };
  }

  function moveOf({ orders }: Arrangement, { block, to, before, section }: Drawn): BlockMove {
    const all = orders.flatMap(({ ids }) => ids);
    const target = orders.find(({ place }) => place.ruleset === to.ruleset)?.ids ?? [];
    const places = [...target, toTop, null];
    const ruleIds = [...new Set(block.flatMap((n) => all[n % all.length] ?? []))];
    return {
      ruleIds,
      to: { ...to, before: places[before % places.length] ?? null, ...(section !== undefined && { section }) },
    };
  }

  const allIds = ({ orders }: Arrangement) => orders.flatMap(({ ids }) => ids).toSorted();

  /** In how many places each section stands. */
  function places({ orders, sections }: Arrangement): Map<string, number> {
    const headed = orders.flatMap(({ ids }) => runsOf(ids, sections).map(([id = ""]) => sections.get(id) ?? ""));
    return new Map(sectionNames.map((name) => [name, headed.filter((one) => one === name).length]));
  }

  it("parts no section: one that stood together still does, and one that stood apart does not more often", () => {
    fc.assert(
      fc.property(drawnOrder, drawnOrder, fc.array(drawnMove, { maxLength: 8 }), (first, second, moves) => {
        let now = drawn(first, second);
        for (const one of moves) {
          const move = moveOf(now, one);
          if (move.ruleIds.length === 0) continue;
          const before = places(now);
          const after = rearranged(now, move);
          if (after === null) throw new Error("it goes somewhere");
          expect(allIds(after)).toEqual(allIds(now));
          for (const [section, count] of places(after))
            expect({ section, parted: count > (before.get(section) ?? 0) }).toEqual({ section, parted: false });
          now = after;
        }
      }),
      { seed, numRuns: 2_000 },
    );
  });
});

type Drawn = {
  block: number[];
  to: typeof sender | typeof message;
  before: number;
  section: string | null | undefined;
};
