import { describe, expect, test } from "vitest";
import { concernsPage } from "#components/layout/live-topics.ts";

describe("a change concerns a page", () => {
  test("when the page shows its topic", () => {
    expect(concernsPage("/queue", ["queue"])).toBe(true);
    expect(concernsPage("/messages/01J", ["messages"])).toBe(true);
    expect(concernsPage("/", ["workers"])).toBe(true);
  });

  test("not when it shows something else", () => {
    expect(concernsPage("/queue", ["messages"])).toBe(false);
    expect(concernsPage("/audit", ["overview", "queue"])).toBe(false);
    expect(concernsPage("/elsewhere", ["queue"])).toBe(false);
  });

  test("always when it is about the draft, which every page counts", () => {
    expect(concernsPage("/audit", ["draft"])).toBe(true);
  });
});
