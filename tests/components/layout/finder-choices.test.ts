import { describe, expect, test } from "vitest";
import { finderGroups, searchesFor } from "#components/layout/finder-choices.ts";

const everything = () => true;
const labels = (text: string) => finderGroups(text, [], everything).map(({ label }) => label);
const hrefs = (text: string, may: () => boolean = everything) =>
  finderGroups(text, [], may).flatMap(({ choices }) => choices.map(({ href }) => href));

describe("the search of the header", () => {
  test("offers every page and command before anything is typed", () => {
    expect(labels("")).toEqual(["Pages", "Commands"]);
    expect(hrefs("")).toContain("/audit");
  });

  test("finds pages and commands by any words of their names, in any order and case", () => {
    expect(hrefs("PUBLISH rev")).toEqual(["/changes"]);
    expect(hrefs("message simulate")).toEqual(["/simulator"]);
    expect(hrefs("nothing of this name")).toEqual([]);
  });

  test("offers no command that one may not give", () => {
    expect(hrefs("add list")).toEqual(["/lists?new=1"]);
    expect(hrefs("add list", () => false)).toEqual([]);
    expect(hrefs("simulate", () => false)).toEqual(["/simulator"]);
  });

  test("groups what the console found by kind, each with its address", () => {
    const found = [
      { kind: "rule", id: "a", name: "executables", detail: "Mail in, attachment" },
      { kind: "revision", id: "41", name: "r41", detail: "Mara" },
      { kind: "message", id: "01J/1", name: "Invoice", detail: "" },
    ] as const;
    expect(finderGroups("x-y", found, everything)).toEqual([
      { label: "Rules", choices: [{ href: "/policies?edit=a", name: "executables", detail: "Mail in, attachment" }] },
      { label: "Messages", choices: [{ href: "/messages/01J%2F1", name: "Invoice", detail: "" }] },
      { label: "Revisions", choices: [{ href: "/revisions/41", name: "r41", detail: "Mara" }] },
    ]);
  });

  test("leads on to the searches of the pages, with the text as it was typed", () => {
    expect(searchesFor("a&b").choices.map(({ href }) => href)).toEqual([
      "/messages?text=a%26b",
      "/connections?text=a%26b",
      "/lists?q=a%26b",
      "/policies?find=a%26b",
    ]);
  });
});
