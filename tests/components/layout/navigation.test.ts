import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isCurrent, navigation, phonePages } from "#components/layout/navigation.ts";

const pages = navigation.flatMap(({ items }) => items);

describe("the navigation", () => {
  test("has five groups, in the order of the work: watch, act, decide, account for it, run it", () => {
    expect(navigation.map(({ label }) => label)).toEqual(["Monitor", "Act", "Policy", "Report", "System"]);
  });

  test("leads to pages that exist, each once", () => {
    const missing = pages.filter(({ href }) => !existsSync(`app/(console)${href === "/" ? "" : href}/page.tsx`));
    expect(missing).toEqual([]);
    expect(new Set(pages.map(({ href }) => href)).size).toBe(pages.length);
  });

  test("marks one page, also where the address is that of a detail", () => {
    const current = (path: string) => pages.filter(({ href }) => isCurrent(href, path)).map(({ label }) => label);
    expect(current("/")).toEqual(["Overview"]);
    expect(current("/lists")).toEqual(["Lists"]);
    expect(current("/policies/document")).toEqual(["Rules"]);
    expect(current("/messages/01J")).toEqual(["Messages"]);
  });

  test("has four pages at hand on narrow screens", () => {
    const labels = phonePages.map((href) => pages.find((page) => page.href === href)?.label);
    expect(labels).toEqual(["Overview", "Queue", "Quarantine", "Rules"]);
  });
});
