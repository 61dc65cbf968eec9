import { describe, expect, it } from "vitest";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import { type DocumentParts, lintedDocument, onlyOurs } from "../../../support/linted-document.ts";

const now = Date.parse("2026-11-27T12:00:00Z");

const codes = (over: DocumentParts): string[] => lintDocument(lintedDocument(over), now).map(({ code }) => code);

describe("the lint of the order of rules", () => {
  const message = (rules: object[], lists: object[] = []) =>
    lintDocument(
      lintedDocument({
        action: { rulesets: { recipient: onlyOurs, sender: { rules, noneMatched: { action: "tempfail" } } } },
        more: { lists },
      }),
      now,
    ).filter(({ code }) => code.startsWith("rule"));
  const named = (when: object | undefined, action: unknown, n: number) => ({
    name: `r${n}`,
    action,
    ...(when === undefined ? {} : { when }),
  });
  const rulesOf = (...given: [object | undefined, unknown][]) =>
    given.map(([when, action], n) => named(when, action, n + 1));
  const is = (sender: string) => ({ sender: { is: sender } });

  it("leads from a rule that never matches to the one that comes first", () => {
    const [finding] = message(rulesOf([is("a@a.test"), "allow"], [is("b@a.test"), "deny"], [is("a@a.test"), "deny"]));
    expect(finding).toMatchObject({
      code: "rule-shadowed",
      path: ["proxyActions", 0, "rulesets", "sender", "rules", 2],
      related: ["proxyActions", 0, "rulesets", "sender", "rules", 0],
    });
  });

  it("sees that several rules together take all that one asks for", () => {
    const both = { sender: { in: ["a@a.test", "b@a.test"] } };
    const [finding] = message(rulesOf([is("a@a.test"), "allow"], [is("b@a.test"), "drop"], [both, "deny"]));
    expect(finding?.what).toBe(
      'The rule "r3" of Mail in, sender never matches: rule 1 "r1" and rule 2 "r2" together take all that it would.',
    );
  });

  it("names the values that an earlier rule takes", () => {
    const three = { sender: { in: ["a@a.test", "b@a.test", "c@a.test"] } };
    const [finding, ...others] = message(rulesOf([{ sender: { like: "b@*" } }, "allow"], [three, "deny"]));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: "rule-partly-shadowed", severity: "warning" });
    expect(finding?.what).toBe(
      'A part of the rule "r2" of Mail in, sender never matches: rule 1 "r1" takes sender b@a.test.',
    );
  });

  it("shows an example of what two wildcards have in common", () => {
    const [finding] = message(
      rulesOf([{ sender: { like: "invoice*" } }, "drop"], [{ sender: { like: "*@a.test" } }, "deny"]),
    );
    expect(finding).toMatchObject({ code: "rule-partly-shadowed", severity: "note" });
  });

  it.each<[string, [object, unknown][]]>([
    [
      "an exception above a rule",
      [
        [is("a@a.test"), "allow"],
        [{ sender: { like: "*@a.test" } }, "deny"],
      ],
    ],
    [
      "rules that look at different things",
      [
        [is("a@a.test"), "allow"],
        [{ helo: { is: "x" } }, "deny"],
      ],
    ],
    [
      "rules that have nothing in common",
      [
        [is("a@a.test"), "allow"],
        [is("b@a.test"), "deny"],
      ],
    ],
    [
      "what no message can be",
      [
        [{ sender: { like: "a*" } }, "allow"],
        [{ sender: { like: "*b" }, senderDomain: { is: "c.test" } }, "deny"],
      ],
    ],
  ])("says nothing of %s", (_, rules) => {
    expect(message(rulesOf(...rules))).toEqual([]);
  });

  it("calls a rule redundant for which a later one, or none matched, does the same", () => {
    const found = message(
      rulesOf([is("a@a.test"), "deny"], [{ sender: { like: "*@a.test" } }, "deny"], [is("c@c.test"), "tempfail"]),
    );
    expect(found.map(({ code, path, related }) => [code, path.at(-1), related?.at(-1)])).toEqual([
      ["rule-redundant", 0, 1],
      ["rule-redundant", 2, undefined],
    ]);
  });

  it("does not call a rule redundant that logs, observes, or is needed for a part to be looked into", () => {
    const logging = { ...named(is("a@a.test"), "deny", 1), log: true };
    expect(message([logging, named({ sender: { like: "*@a.test" } }, "deny", 2)])).toEqual([]);
    const observing = { ...named({ helo: { is: "x" } }, "allow", 2), state: "observe" };
    const between = [named(is("a@a.test"), "deny", 1), observing, named({ sender: { like: "*@a.test" } }, "deny", 3)];
    expect(message(between)).toEqual([]);
    const virus = { rules: [named({ virus: { like: "*" } }, "allow", 1)] };
    expect(codes({ action: { rulesets: { recipient: onlyOurs, message: virus } } })).not.toContain("rule-redundant");
  });

  it("tells of a rule that matches everything, once, and of what is below it", () => {
    const found = message(
      rulesOf([is("a@a.test"), "deny"], [{ sender: { like: "*" } }, "allow"], [is("b@a.test"), "drop"]),
    );
    expect(found.map(({ code, path }) => [code, path.at(-1)])).toEqual([
      ["rule-shadowed", 2],
      ["rule-matches-everything", 1],
    ]);
  });

  it("does not say that no mail passes where a rule that expires lets some through", () => {
    const passing = { ...named(is("a@a.test"), "allow", 1), expires: "2027-01-01T00:00:00Z" };
    expect(message([passing, named(undefined, "deny", 2)]).map(({ code }) => code)).not.toContain("refuses-everything");
  });

  it("says so where not all rules were compared", () => {
    // Without three characters together, each has to be asked.
    const wildcards = Array.from({ length: 10_000 }, (_, i) => `*${["z", ...String(i)].join("?")}*`);
    const lists = ["one", "other"].map((name) => ({ name, kind: "patterns", entries: wildcards }));
    const inLists = lists
      .map(({ name }) => named({ sender: { inList: name } }, "deny", 0))
      .map((rule, n) => ({ ...rule, name: `list ${n}` }));
    const rules = Array.from({ length: 1_500 }, (_, n) => named(is(`u${n}@a.test`), "deny", n));
    expect(message([...inLists, ...rules], lists).map(({ code }) => code)).toEqual(["rules-not-compared"]);
  });
});

describe("the lint of policies that share a listener", () => {
  const [base] = lintedDocument().policies;
  const unreachable = (...policies: { [key: string]: unknown }[]) =>
    lintDocument(
      lintedDocument({
        more: {
          lists: [{ name: "inside", kind: "networks", entries: ["10.0.0.0/8"] }],
          policies: policies.map((over, n) => ({ ...base, name: `P${n}`, ...over })),
        },
      }),
      now,
    )
      .filter(({ code }) => code === "policy-unreachable")
      .map(({ path, related }) => [path, related]);
  const from = (sources: string[], sourceLists: string[] = []) => ({
    from: { interface: "External", sources, sourceLists },
  });
  const second = [
    [
      ["policies", 1],
      ["policies", 0],
    ],
  ];

  it.each([
    ["for everyone", {}, from(["10.0.0.0/8"])],
    ["for a wider network", from(["10.0.0.0/8"]), from(["10.1.0.0/16", "10.2.0.0/16"])],
    ["for a list", from([], ["inside"]), from(["10.1.0.0/16"])],
  ])("finds one that stands behind one %s", (_, first, later) => {
    expect(unreachable(first, later)).toEqual(second);
  });

  it.each([
    ["has a schedule", { schedule: { timeZone: "UTC", windows: [{ days: ["mon"], from: "08:00", to: "18:00" }] } }, {}],
    ["is off", { enabled: false }, {}],
    ["takes other sources", from(["10.0.0.0/8"]), from(["10.0.0.0/7"])],
    ["takes a part of everyone", from(["0.0.0.0/0"]), {}],
    ["listens elsewhere", {}, { listen: [...(base?.listen ?? []), { address: "127.0.0.2", port: 2525 }] }],
  ])("says nothing where the earlier one %s", (_, first, later) => {
    expect(unreachable(first, later)).toEqual([]);
  });
});
