import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";

const text = readFileSync(new URL("../../fixtures/policies/first-message.yaml", import.meta.url), "utf8");

function problemsOf(changed: string): string[] {
  expect(changed).not.toBe(text);
  const result = readPolicyDocument(changed);
  return result.ok ? [] : result.problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

describe("policy document", () => {
  it("is read as written, with its defaults", () => {
    const result = readPolicyDocument(text);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const [mailIn, mailFetch] = result.document.proxyActions;
    expect(mailIn?.limits).toMatchObject({ messageBytesMax: 26_214_400, commandBytesMax: 2048 });
    expect(mailIn?.rulesets).toMatchObject({
      sender: {
        rules: [{ state: "on", log: true, action: { kind: "deny", reply: { code: 550, enhanced: "5.7.1" } } }],
      },
    });
    expect(mailFetch?.rulesets.attachment?.noneMatched).toEqual({ action: { kind: "allow" }, log: false });
    expect(result.document.routes[0]).toMatchObject({ delivery: "inline-or-spool", connectTimeoutMs: 10_000 });
  });

  it("is written so that reading it again gives the same document", () => {
    const first = readPolicyDocument(text);
    if (!first.ok) throw new Error("unreadable");
    expect(readPolicyDocument(writePolicyDocument(first.document))).toEqual(first);
  });

  it.each([
    ["an unknown key", "log: true", "lgo: true", /^23:\d+ shape$/],
    [
      "a dangling list",
      "inList: executables } }, action: deny",
      "inList: gone } }, action: deny",
      /^27:\d+ unknown-name$/,
    ],
    ["a dangling route", "route: inside }, listen", "route: gone }, listen", /^31:\d+ unknown-name$/],
    ["a dangling proxy action", "proxyAction: Mail in", "proxyAction: Mail on", /^31:\d+ unknown-name$/],
    ["a route of the other protocol", "route: mailbox", "route: inside", /^32:\d+ wrong-kind$/],
    [
      "a bad pattern",
      "{ inList: executables } }, action: deny",
      "{ pattern: '(a' } }, action: deny",
      /^27:\d+ bad-pattern$/,
    ],
    ["a port out of range", "port: 2600", "port: 99999", /^11:\d+ shape$/],
    ["an action that POP3 has not", "action: replace", "action: deny", /^29:\d+ illegal$/],
    [
      "a fact that is not known yet",
      "senderDomain: { in: [example.test] }",
      "fileName: { in: [x] }",
      /^23:\d+ illegal$/,
    ],
    ["a permanent code on a temporary refusal", "deny: { code: 550", "tempfail: { code: 550", /^23:\d+ shape$/],
    ["a line break in a reply", "text: Not from outside", 'text: "Not\\r\\nfrom"', /^23:\d+ shape$/],
    ["a key that stands twice", "version: 1", "version: 1\nversion: 1", /^2:\d+ syntax$/],
    ["a list with a wrong network", "kind: patterns", "kind: networks", /^6:\d+ bad-network$/],
    [
      "a trusted proxy that is no network",
      "proxyActions:\n  - name: Mail in\n",
      "proxyActions:\n  - name: Mail in\n    settings: { xclientFrom: [localhost] }\n",
      /^\d+:\d+ bad-network$/,
    ],
    ["two protocols on one listener", "port: 2110", "port: 2525", /^32:\d+ listener$/],
  ])("%s is refused with line and column", (_, before, after, place) => {
    const problems = problemsOf(text.replace(before, after));
    expect(problems.join("\n")).toMatch(new RegExp(place.source, "m"));
  });

  it("duplicate names are refused, each at the second one", () => {
    expect(problemsOf(text.replace("name: Trusted", "name: External"))).toContain("4:7 duplicate-name");
  });

  it("all problems are reported at once", () => {
    const twice = text.replace("route: mailbox", "route: gone").replace("proxyAction: Mail in", "proxyAction: gone");
    expect(problemsOf(twice)).toHaveLength(2);
  });

  it("text that is no YAML is refused with line and column", () => {
    expect(problemsOf(`${text}\n foo: [`)[0]).toMatch(/^\d+:\d+ syntax$/);
  });

  it("aliases cannot blow a document up", () => {
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1]\n${"bcdefghij"
      .split("")
      .map((key, i) => `${key}: &${key} [${`*${"abcdefghi"[i]},`.repeat(9)}]`)
      .join("\n")}`;
    const start = performance.now();
    expect(readPolicyDocument(bomb).ok).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it("nesting without end is refused, not a crash", () => {
    expect(readPolicyDocument("[".repeat(100_000)).ok).toBe(false);
  });
});
