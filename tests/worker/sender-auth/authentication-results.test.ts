import { describe, expect, test } from "vitest";
import { authenticationResults } from "#worker/sender-auth/authentication-results.ts";
import { claimsOurResults } from "#worker/sender-auth/claimed-results.ts";
import type { SenderAuth } from "#worker/sender-auth/sender-check.ts";
import { checkOptions } from "../../support/sender-checks.ts";

const unknown: SenderAuth = {
  ...{ spf: null, dkim: [], dmarc: null, arc: null, reverseName: null, helo: null },
  ...{ dnsbls: [], dnsblScore: 0, spoofed: false },
};
const everything: SenderAuth = {
  ...unknown,
  spf: { result: "pass", domain: "a.test" },
  dkim: [{ result: "pass", domain: "a.test", selector: "s1", aligned: true }],
  dmarc: { result: "fail", policy: "reject", domain: "a.test" },
  arc: { result: "pass", chain: 2, sealer: "b.test" },
  reverseName: { result: "none", names: [] },
};

describe("our line", () => {
  test("tells each result on a line of its own, with what was checked", () => {
    expect(authenticationResults("gate.test", everything, checkOptions()).split("\r\n")).toEqual([
      "Authentication-Results: gate.test;",
      " spf=pass",
      "  smtp.mailfrom=a.test;",
      " iprev=permerror",
      "  policy.iprev=192.0.2.1;",
      " dkim=pass",
      "  header.d=a.test",
      "  header.s=s1;",
      " dmarc=fail (p=reject)",
      "  header.from=a.test;",
      " arc=pass (i=2)",
      "",
    ]);
  });
  test("tells of the null path the name of HELO, of a message without signature that it has none, of nothing none", () => {
    const null_ = checkOptions({ sender: { mailFrom: "" }, asks: new Set(["spf", "dkim"]) });
    expect(authenticationResults("gate.test", { ...unknown, spf: everything.spf }, null_)).toBe(
      "Authentication-Results: gate.test;\r\n spf=pass\r\n  smtp.helo=a.test;\r\n dkim=none\r\n",
    );
    const asks = checkOptions({ asks: new Set() });
    expect(authenticationResults("gate.test", unknown, asks)).toBe("Authentication-Results: gate.test;\r\n none\r\n");
  });
  test.each([
    "a.test; dkim=pass",
    'a"; dkim=pass "',
    "a.test\r\nX-Injected: yes",
    "a.test (\\",
    "é.test\u0085\u2028",
    "\0\x1b[2J",
    "x".repeat(5_000),
    "=?utf-8?q?a?=",
  ])("holds %j of a message in quotes, or not at all", (evil) => {
    const auth: SenderAuth = {
      ...everything,
      spf: { result: "fail", domain: evil },
      dkim: [{ result: "fail", domain: evil, selector: evil, aligned: false }],
      dmarc: { result: "none", policy: null, domain: evil },
    };
    const line = authenticationResults("gate.test", auth, checkOptions());
    expect(line).toMatch(/^[\x20-\x7e]+(?:\r\n [\x20-\x7e]+)*\r\n$/);
    expect(Math.max(...line.split("\r\n").map((one) => one.length))).toBeLessThan(998);
    const outside = line.replace(/"(?:[^"\\]|\\.)*"/g, "");
    expect(outside.match(/dkim=/g)).toHaveLength(1);
  });
});

describe("a field that claims to be ours", () => {
  const ours = "gate.test";
  const claims = (raw: string, name = "Authentication-Results") => claimsOurResults({ name, raw }, ours);
  test.each([
    " gate.test; spf=pass",
    " GATE.Test;spf=pass",
    "gate.test",
    " gate.test 1; spf=pass",
    " gate.test(c)1; spf=pass",
    ' "gate.test"; spf=pass',
    ' "gate\\.test"; spf=pass',
    " (a comment) gate.test (another; one); spf=pass",
    " (nested (gate) \\) comment) gate.test; spf=pass",
    "\n gate.test;\n spf=pass",
    "\n\tgate.test\n ;",
    " gate . test; spf=pass",
    " gate(x).test; spf=pass",
    " gate.test.; spf=pass",
    " gate\\.test; spf=pass",
    " ; spf=pass",
    "",
    ` (${"x".repeat(2_000)}) other.test; spf=pass`,
    " (never closed gate.test; spf=pass",
  ])("is found: %j", (raw) => expect(claims(raw)).toBe(true));
  test.each([
    " other.test; spf=pass",
    " gate.test.other.test; spf=pass",
    " notgate.test; spf=pass",
    " gate.test1; spf=pass",
    " other.test; spf=pass smtp.mailfrom=gate.test",
    " other.test (gate.test); spf=pass",
    ' "other.test;gate.test"; spf=pass',
  ])("of somebody else is left: %j", (raw) => expect(claims(raw)).toBe(false));
  test("has the name Authentication-Results in any case, and no other", () => {
    expect(claims(" gate.test; x=y", "aUTHENTICATION-rESULTS")).toBe(true);
    expect(claims(" gate.test; x=y", "ARC-Authentication-Results")).toBe(false);
  });
  test("is found under an international name in both its spellings", () => {
    const field = (raw: string) => ({ name: "Authentication-Results", raw });
    expect(claimsOurResults(field(" xn--bcher-kva.test; x=y"), "bücher.test")).toBe(true);
    expect(claimsOurResults(field(" b\xc3\xbccher.test; x=y"), "xn--bcher-kva.test")).toBe(true);
  });
});
