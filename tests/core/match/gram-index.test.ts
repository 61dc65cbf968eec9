import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTextList } from "#core/match/list-matcher.ts";
import { cpuTimeMs } from "../../support/cpu-time.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
const letters = (extra: readonly string[], maxLength: number) =>
  fc.string({ unit: fc.constantFrom("a", "b", "c", " ", "é", ...extra), minLength: 1, maxLength });

describe(`a long list is asked by what stands in the text (seed ${seed})`, () => {
  it.each(["patterns", "words"] as const)("of %s: it holds what its entries hold one by one", (kind) => {
    const entries = fc.array(letters(kind === "patterns" ? ["*", "?"] : [], 8), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(entries, fc.array(letters([], 14), { maxLength: 8 }), (list, texts) => {
        const whole = compileTextList(kind, list);
        const alone = list.map((entry) => compileTextList(kind, [entry]));
        for (const text of ["", ...texts]) expect(whole(text)).toBe(alone.some((matches) => matches(text)));
      }),
      { numRuns: 2_000, seed },
    );
  });

  it("costs what the text costs, not what the list does: 20,000 wildcards, 20,000 values", async () => {
    const entries = Array.from({ length: 20_000 }, (_, n) => `*x${n}*@d${n % 300}-mail.*`);
    const matches = compileTextList("patterns", entries);
    const ms = await cpuTimeMs(async () => {
      for (let n = 0; n < 20_000; n++) expect(matches(`u${n}@elsewhere.test`)).toBe(false);
    });
    // One by one it would be 400 million questions.
    expect(ms).toBeLessThan(2_000);
    expect(matches("ax7b@d7-mail.test")).toBe(true);
  });

  it("asks an entry once a text, however often its characters stand in it", async () => {
    const entries = Array.from({ length: 2_000 }, (_, n) => `*aaa*b${n}`);
    const text = "a".repeat(20_000);
    const matches = compileTextList("patterns", entries);
    expect(await cpuTimeMs(async () => matches(text))).toBeLessThan(1_000);
  });
});
