import { describe, expect, it } from "vitest";
import { compileRewrite, type RewriteAction, rewritten } from "#core/policy/rewrite.ts";

type Form = Omit<RewriteAction, "kind">;

function apply(form: Form, address: string, domains = [address.slice(address.lastIndexOf("@") + 1)]) {
  return rewritten({ kind: "rewrite", ...form }, { address, domains });
}

function problem(form: Form): string | null {
  const compiled = compileRewrite({ kind: "rewrite", ...form });
  return compiled.ok ? null : compiled.reason;
}

describe("a rewrite by pattern", () => {
  it("puts the groups of the whole address into its new form", () => {
    const form = { pattern: "(.+)\\.(.+)@old\\.test", to: "$2.$1@new.test" };
    expect(apply(form, "ann.lee@OLD.test")).toEqual(["lee.ann@new.test"]);
  });
  it("leaves alone an address that it matches only in part", () => {
    expect(apply({ pattern: "ann@old\\.test", to: "x@new.test" }, "joann@old.test.example")).toBeNull();
    expect(apply({ pattern: "ann", to: "x@new.test" }, "ann@old.test")).toBeNull();
  });
  it("takes a group without a part for empty, a tenth one for the first and a nought, and another dollar for itself", () => {
    expect(apply({ pattern: "(a)|(b)@x", to: "$1$2@n.test" }, "b@x")).toEqual(["b@n.test"]);
    expect(apply({ pattern: "(a)@x", to: "$10@n.test" }, "a@x")).toEqual(["a0@n.test"]);
    expect(apply({ pattern: "(a)@x", to: "$x$$1@n.test" }, "a@x")).toEqual(["$x$a@n.test"]);
  });
  it("is refused when it cannot be compiled or names a group that it has not", () => {
    expect(problem({ pattern: "(?=a)", to: "a@b" })).toMatch(/look-around/);
    expect(problem({ pattern: "(a)@x", to: "$2@x" })).toBe("to names $2, and the pattern has 1 groups");
  });
  it("takes linear time on an address made against it", () => {
    const started = performance.now();
    expect(apply({ pattern: "(a*)*b@x", to: "$1@x" }, `${"a".repeat(240)}@x`)).toBeNull();
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("a rewrite by domain", () => {
  const form = { domains: { "old.test": "new.test", "xn--bcher-kva.test": "books.test" } };
  it("puts another domain behind the local part as it stands, quotes included", () => {
    expect(apply(form, "Ann@OLD.test")).toEqual(["Ann@new.test"]);
    expect(apply(form, '"a b"@old.test')).toEqual(['"a b"@new.test']);
  });
  it("knows an international domain by either spelling, and no other domain", () => {
    expect(apply(form, "a@bücher.test", ["bücher.test", "xn--bcher-kva.test"])).toEqual(["a@books.test"]);
    expect(apply(form, "a@sub.old.test")).toBeNull();
    expect(apply(form, "postmaster", [""])).toBeNull();
  });
});

describe("a rewrite by alias", () => {
  it("puts one or more addresses in the place of one, whatever its case", () => {
    const form = { aliases: { "sales@x.test": ["a@x.test", "b@y.test"] } };
    expect(apply(form, "Sales@X.test")).toEqual(["a@x.test", "b@y.test"]);
    expect(apply(form, "other@x.test")).toBeNull();
  });
});
