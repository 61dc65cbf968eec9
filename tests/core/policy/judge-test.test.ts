import { expect, it } from "vitest";
import { type PolicyTest, policyTestSchema } from "#core/contract/policy-test.ts";
import type { Simulated } from "#core/contract/simulation.ts";
import { failureOf } from "#core/policy/judge-test.ts";

const test = (must: Partial<PolicyTest["must"]>): PolicyTest =>
  policyTestSchema.parse({
    name: "t",
    given: { interface: "External", client: "192.0.2.1", sender: "", recipients: ["a@b.test"] },
    must: { verdict: ["deny"], ...must },
  });

const refused: Simulated = {
  policy: "In",
  conversation: [{ said: "MAIL FROM:<>", reply: "550 5.7.1 No (ID)" }],
  events: [
    {
      kind: "session",
      id: "1",
      at: "2026-11-28T08:00:00.000Z",
      protocol: "smtp",
      direction: "incoming",
      interface: "External",
      policy: "In",
      proxyAction: "Mail in",
      client: { address: "192.0.2.1", port: 0 },
      helo: "x",
      user: null,
      decision: {
        verdict: "deny",
        stage: "sender",
        ruleId: "id",
        ruleName: "no reports",
        revision: 0,
        evidence: [],
        observed: [],
        trace: [],
        traceOmitted: 0,
      },
      reply: "550 5.7.1 No (ID)",
      cause: "",
    },
  ],
  rules: [],
  rulesOmitted: 0,
  copies: [],
  server: null,
  notAsked: [],
};

it("passes a message that fares as it must, by that rule and with that reply", () => {
  expect(failureOf(test({}), refused)).toBeNull();
  expect(failureOf(test({ rule: "no reports", reply: "550 5.7.1" }), refused)).toBeNull();
});

it.each([
  [{ verdict: ["allow"] as const }, 'It must be allow; it is deny by the rule "no reports".'],
  [{ rule: "another" }, 'The rule "another" must decide; the rule "no reports" does.'],
  [{ reply: "451" }, 'The client must hear "451"; it hears "550 5.7.1 No (ID)".'],
])("says how it fared otherwise than %j", (must, words) => {
  expect(failureOf(test(must as Partial<PolicyTest["must"]>), refused)).toBe(words);
});

it("holds every treatment of a message to it, in whatever order", () => {
  const [one] = refused.events;
  if (one?.decision === undefined || one.decision === null) throw new Error("no decision");
  const other = { ...one, decision: { ...one.decision, verdict: "allow" as const, ruleName: null } };
  expect(failureOf(test({}), { ...refused, events: [one, other] })).toBe("It must be deny; it is allow.");
  expect(failureOf(test({}), { ...refused, events: [other, one] })).toBe("It must be deny; it is allow.");
});

it("counts a client that hears a refusal without any rule, or that no policy takes, as refused; an envelope that is taken as let through so far", () => {
  const heard = (reply: string | null) => ({ ...refused, events: [], conversation: [{ said: "MAIL FROM:<>", reply }] });
  expect(failureOf(test({}), { ...heard("554 5.7.1 Connection refused"), policy: null })).toBeNull();
  expect(failureOf(test({}), heard("530 5.7.0 Log in first"))).toBeNull();
  expect(failureOf(test({ verdict: ["tempfail"] }), heard("451 4.3.0 Later"))).toBeNull();
  expect(failureOf(test({ verdict: ["allow"] }), heard("250 2.1.5 OK"))).toBeNull();
});

it("counts a command of a mailbox that is denied as refused, also where the session goes on or no rule is told", () => {
  const mailbox = (reply: string) => ({
    ...refused,
    conversation: [
      { said: "DELE 1", reply },
      { said: "QUIT", reply: "+OK Bye" },
    ],
  });
  const [one] = refused.events;
  if (one?.decision === undefined || one.decision === null) throw new Error("no decision");
  const passed = { ...one, decision: { ...one.decision, verdict: "allow" as const, ruleName: null } };
  const allowed = test({ verdict: ["allow"] });
  expect(failureOf(test({ rule: "no reports" }), mailbox("-ERR No"))).toBeNull();
  expect(failureOf(allowed, { ...mailbox("-ERR No"), events: [passed] })).toBe("It must be allow; it is deny.");
  expect(failureOf(allowed, { ...mailbox("-ERR [SYS/TEMP] Later"), events: [] })).toBe(
    "It must be allow; it is tempfail.",
  );
  expect(failureOf(allowed, { ...mailbox("+OK"), events: [passed] })).toBeNull();
});
