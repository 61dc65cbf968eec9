import { describe, expect, test } from "vitest";
import { navigation } from "#components/layout/navigation.ts";
import { isScoped, samePageAt, withScope } from "#components/layout/scoped-pages.ts";

describe("the interface in an address", () => {
  test("is carried to every page that shows one, and to no other", () => {
    const pages = navigation.flatMap(({ items }) => items.map(({ href }) => href));
    const carried = pages.filter((href) => withScope(href, "dmz") === `${href}?interface=dmz`);
    expect(carried).toEqual(["/", "/messages", "/connections", "/queue", "/quarantine", "/policies", "/simulator"]);
    const others = pages.filter((href) => !carried.includes(href));
    for (const href of others) expect(withScope(href, "dmz")).toBe(href);
  });

  test("is not added where every interface is shown, nor to what is below a page", () => {
    expect(withScope("/queue", null)).toBe("/queue");
    expect(withScope("/messages/01J", "dmz")).toBe("/messages/01J");
    expect(isScoped("/policies/document")).toBe(false);
  });

  test("stands beside what else is asked for, whatever a name has in it", () => {
    expect(withScope("/queue?state=failed", "R&D =1")).toBe("/queue?state=failed&interface=R%26D+%3D1");
  });

  test("changes on the same page, which keeps its search and leaves its place and what is open", () => {
    const search = new URLSearchParams("interface=old&state=held&range=day&after=x&open=M1&entry=Q1");
    expect(samePageAt("/queue", search, "new")).toBe("/queue?state=held&range=day&interface=new");
    expect(samePageAt("/queue", search, null)).toBe("/queue?state=held&range=day");
    expect(samePageAt("/queue", new URLSearchParams("interface=old"), null)).toBe("/queue");
  });
});
