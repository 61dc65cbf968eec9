import { describe, expect, it } from "vitest";
import { lintDraft } from "#core/policy/lint/lint-draft.ts";
import type { LintInput } from "#core/policy/lint/lint-input.ts";
import { lintInThread } from "#lib/lint/lint-in-thread.ts";
import { lintedDocument, onlyOurs } from "../../support/linted-document.ts";

const now = new Date("2026-11-27T12:00:00Z");

/** Of the console's thread, however many rules are compared. */
const ownMsMax = 80;

function inputOf(count: number, sender: (n: number) => object): LintInput {
  const rules = Array.from({ length: count }, (_, n) => ({
    name: `r${n}`,
    when: { sender: sender(n) },
    action: n % 3 === 0 ? "allow" : "deny",
  }));
  const rulesets = { recipient: onlyOurs, sender: { rules, noneMatched: { action: "tempfail" } } };
  const none: [string, string][] = [];
  const ids = {
    interfaces: none,
    lists: none,
    scanners: none,
    dictionaries: none,
    notices: none,
    routes: none,
    proxyActions: none,
    policies: none,
  };
  return {
    document: lintedDocument({ action: { rulesets } }),
    ids,
    traffic: {
      days: 7,
      newestOnly: null,
      policies: [],
      dkim: [],
      hosts: [],
      idle: { days: 90, rules: [] },
      rules: [],
    },
    missing: [],
  };
}

/** It begins while others have the processor. */
const timeout = 60_000;

describe("the thread of the lint", { timeout }, () => {
  it("finds what the lint finds", async () => {
    const input = inputOf(20, (n) => ({ like: `*${n % 10}@a.test` }));
    const findings = await lintInThread(input, now);
    expect(findings.some(({ code }) => code === "rule-shadowed")).toBe(true);
    expect(findings).toEqual(lintDraft(input, now.getTime()));
  });

  it("leaves the console to others while 2,000 rules are looked at", async () => {
    const input = inputOf(2_000, (n) => ({ pattern: `^(bounce|news)-${n}@.*\\.d${n % 17}\\.test$` }));
    // The thread has begun: what a first page pays once is not meant.
    await lintInThread(
      inputOf(1, () => ({ is: "a" })),
      now,
    );
    const before = { all: process.cpuUsage(), own: process.threadCpuUsage() };
    const findings = await lintInThread(input, now);
    const all = process.cpuUsage(before.all).user / 1000;
    const own = process.threadCpuUsage(before.own).user / 1000;
    console.log(
      `2,000 rules: ${Math.round(all)} ms of the processor, ${Math.round(own)} of them in the console's thread`,
    );
    expect(findings.length).toBeGreaterThan(0);
    // To give the draft away and take the findings: by the clock it would be what others of the machine leave.
    expect(own).toBeLessThan(ownMsMax);
  });

  it("one look that fails leaves the next one alone", async () => {
    const input = inputOf(1, () => ({ is: "a" }));
    const broken = { ...input, document: { ...input.document, lists: undefined } } as unknown as LintInput;
    await expect(lintInThread(broken, now)).rejects.toThrow("the lint failed");
    expect((await lintInThread(input, now)).length).toBeGreaterThan(0);
  });
});
