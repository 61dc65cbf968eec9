import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { judgedFactsSchema } from "#core/contract/judged-facts.ts";
import { ruleSchema } from "#core/contract/rule.ts";
import { documentOfRule, RuleOnPast } from "#core/policy/rule-on-past.ts";
import { closeRigs, smtpRig } from "../support/smtp-rig.ts";
import { sendTried, triedMail } from "../support/tried-mail.ts";
import {
  compiledWhole,
  type TriedPolicy,
  type TriedStage,
  triedCondition,
  triedDns,
  triedDocument,
  triedPolicy,
  triedStages,
} from "../support/tried-policy.ts";

afterEach(closeRigs);

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));

// What greetings are judged by is told, but not what was observed of them: that is the session's.
const tried = fc
  .constantFrom(...triedStages.slice(1))
  .chain((stage) =>
    fc.record({ stage: fc.constant(stage), when: triedCondition(stage), action: fc.constantFrom("deny", "allow") }),
  );

/** The policy with the rule on top of its ruleset, where it is only observed. */
function observed({ rulesets, ...policy }: TriedPolicy, stage: TriedStage, rule: object): TriedPolicy {
  const { rules = [], noneMatched = { action: { kind: "allow" } } } = rulesets[stage] ?? {};
  return {
    ...policy,
    rulesets: { ...rulesets, [stage]: { rules: [{ ...rule, state: "observe" }, ...rules], noneMatched } },
  };
}

test(`a rule matches a past message where the worker would have observed that it does, or nothing is said (POSTERN_SEED=${seed})`, {
  timeout: 120_000,
}, async () => {
  const { gateway, upstream } = await smtpRig({ parts: { senderDns: triedDns() } });
  const counts = { matches: 0, fails: 0, unsaid: 0 };
  await fc.assert(
    fc.asyncProperty(triedPolicy, tried, triedMail, async (policy, { stage, ...asks }, mail) => {
      const rule = { name: "tried", ...asks };
      const document = triedDocument(upstream.port, policy);
      const under = compiledWhole(document);
      const [event, ...copies] = await sendTried(gateway, under, mail);
      const watching = compiledWhole(triedDocument(upstream.port, observed(policy, stage, rule)));
      const [watched, ...others] = await sendTried(gateway, watching, mail);
      if (event?.kind !== "message" || watched?.kind !== "message" || copies.length + others.length > 0) return;
      const place = { proxyAction: "Mail in", ruleset: stage };
      const wanted = compiledWhole(documentOfRule(document, ruleSchema.parse(rule), place));
      const judged = judgedFactsSchema.parse(JSON.parse(event.judged ?? ""));
      const past = { judged, policy: event.policy, verdict: event.decision.verdict };
      const { kind } = new RuleOnPast(wanted, stage).match(past, under);
      counts[kind]++;
      if (kind === "unsaid") return;
      const matched = watched.decision.trace.some((step) => step.ruleName === "tried" && step.matched);
      expect({ kind, judged: event.judged }).toEqual({ kind: matched ? "matches" : "fails", judged: event.judged });
    }),
    { numRuns: 100, seed, endOnFailure: true },
  );
  expect(counts.matches).toBeGreaterThan(10);
  expect(counts.fails).toBeGreaterThan(10);
});
