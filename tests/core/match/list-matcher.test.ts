import { describe, expect, it } from "vitest";
import { compileTextList } from "#core/match/list-matcher.ts";
import { compilePattern } from "#core/match/pattern.ts";

describe("list", () => {
  it("of domains holds the domain itself, and subdomains only where it says so", () => {
    const matches = compileTextList("domains", ["Example.test", "*.partner.test", ".other.test"]);
    expect(matches("example.test")).toBe(true);
    expect(matches("sub.example.test")).toBe(false);
    expect(matches("a.b.partner.test")).toBe(true);
    expect(matches("partner.test")).toBe(false);
    expect(matches("x.other.test")).toBe(true);
    expect(matches("notother.test")).toBe(false);
  });

  it("of addresses holds the address, or everything at a domain", () => {
    const matches = compileTextList("addresses", ["ann@example.test", "@partner.test"]);
    expect(matches("ann@example.test")).toBe(true);
    expect(matches("bob@example.test")).toBe(false);
    expect(matches("anyone@partner.test")).toBe(true);
    expect(matches("anyone@evil.partner.test")).toBe(false);
  });

  it("of words finds whole words only", () => {
    const matches = compileTextList("words", ["secret", "top-level"]);
    expect(matches("a secret plan")).toBe(true);
    expect(matches("secretary")).toBe(false);
    expect(matches("the top-level domain")).toBe(true);
    expect(matches("ünsecretü")).toBe(false);
  });
});

describe("pattern", () => {
  it("is found anywhere, ignoring case", () => {
    const pattern = compilePattern("(bat|exe)$");
    expect(pattern.ok && pattern.matches("INVOICE.EXE")).toBe(true);
    expect(pattern.ok && pattern.matches("exe.txt")).toBe(false);
  });

  it.each(["(a", "(?=x)", "(a)\\1"])("%s is refused with a reason", (expression) => {
    const pattern = compilePattern(expression);
    expect(pattern.ok ? "" : pattern.reason).toMatch(/look-around/);
  });

  it("takes linear time where backtracking takes for ever", () => {
    const pattern = compilePattern("(a+)+$");
    const start = performance.now();
    expect(pattern.ok && pattern.matches(`${"a".repeat(5_000)}!`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
