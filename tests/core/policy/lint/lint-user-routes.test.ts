import { describe, expect, it } from "vitest";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import { mailboxPolicy, provider } from "../../../support/mailbox-policy.ts";

const now = Date.parse("2026-11-27T12:00:00Z");

describe("the lint of routes by user", () => {
  const lists = [
    { name: "branches", kind: "domains", entries: ["north.test", ".north.test"] },
    { name: "odd", kind: "patterns", entries: ["*"] },
  ];
  const shadowed = (...userRoutes: object[]) => {
    const document = mailboxPolicy({
      to: { userRoutes: userRoutes.map((one) => ({ route: "provider", ...one })) },
      more: { lists },
    });
    const found = lintDocument(document, now).filter(({ code }) => code === "user-route-shadowed");
    return found.map(({ path }) => path.at(-1));
  };

  it.each<[string, object[], number[]]>([
    ["the same", [{ domain: { is: "a.test" } }, { domain: { is: "A.test" } }], [1]],
    ["narrower by a wildcard", [{ domain: { like: "*.test" } }, { domain: { is: "a.test" } }], [1]],
    [
      "narrower by a second test",
      [{ domain: { is: "a.test" } }, { user: { like: "x*" }, domain: { is: "a.test" } }],
      [1],
    ],
    ["users of a domain", [{ domain: { is: "a.test" } }, { user: { in: ["x@a.test", "y@A.test"] } }], [1]],
    ["users of domains in a list", [{ domain: { inList: "branches" } }, { user: { is: "x@sub.north.test" } }], [1]],
    ["users who have no domain", [{ domain: { is: "" } }, { user: { in: ["x", "y"] } }], [1]],
    ["another domain", [{ domain: { is: "a.test" } }, { domain: { is: "b.test" } }], []],
    ["users of several domains", [{ domain: { is: "a.test" } }, { user: { in: ["x@a.test", "x@b.test"] } }], []],
    ["broader", [{ user: { is: "x@a.test" } }, { domain: { is: "a.test" } }], []],
    ["what cannot be told in time", [{ domain: { inList: "odd" } }, { user: { is: "x@a.test" } }], []],
  ])("%s: those that are never taken are %j", (_, userRoutes, places) => {
    expect(shadowed(...userRoutes)).toEqual(places);
  });

  it("is a note where both lead to the same route, and a warning where they do not", () => {
    const more = {
      routes: ["provider", "other"].map((name) => ({
        name,
        protocol: "pop3",
        targets: [provider],
        tls: { mode: "implicit" },
      })),
    };
    const severity = (route: string) => {
      const userRoutes = [
        { domain: { is: "a.test" }, route: "provider" },
        { domain: { is: "a.test" }, route },
      ];
      return lintDocument(mailboxPolicy({ to: { userRoutes }, more }), now).find(
        ({ code }) => code === "user-route-shadowed",
      )?.severity;
    };
    expect([severity("provider"), severity("other")]).toEqual(["note", "warning"]);
  });

  it("ends soon with as many routes as there can be", () => {
    const userRoutes = Array.from({ length: 200 }, (_, n) => ({
      user: { in: Array.from({ length: 500 }, (_, m) => `u${m}@d${n}.test`) },
      domain: { pattern: `^d${n}` },
    }));
    const start = performance.now();
    expect(shadowed(...userRoutes)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(8_000);
  });
});
