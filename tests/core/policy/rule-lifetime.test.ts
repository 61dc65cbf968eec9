import { describe, expect, it } from "vitest";
import type { Facts, SmtpStage } from "#core/contract/facts.ts";
import { smtpProxyActionSchema } from "#core/contract/policy-document.ts";
import { decide } from "#core/policy/decide.ts";
import { DecisionRecorder } from "#core/policy/decision-record.ts";
import { compiled, smtpDocument } from "../../support/policy-documents.ts";

const now = Date.parse("2026-11-27T12:00:00Z");

function actionOf(stage: SmtpStage, rules: readonly object[]) {
  const document = smtpDocument({ ports: [2525] });
  const proxyActions = [
    smtpProxyActionSchema.parse({
      name: "Mail in",
      protocol: "smtp",
      direction: "incoming",
      rulesets: { [stage]: { rules } },
    }),
  ];
  const action = compiled({ ...document, proxyActions }).listeners[0]?.policies[0]?.action;
  if (action === undefined) throw new Error("no policy");
  return action;
}

function problemOf(stage: SmtpStage, when: object): string | null {
  try {
    actionOf(stage, [{ name: "r", when, action: "deny" }]);
    return null;
  } catch (error) {
    return String(error);
  }
}

describe("a rule that expires", () => {
  const action = actionOf("sender", [
    { name: "until noon", action: "deny", alarm: true, expires: "2026-11-27T12:00:00Z" },
    { name: "until later", state: "observe", action: "drop", expires: "2026-11-27T13:00:00Z" },
  ]);

  it("decides until its moment, and from then on counts as off: no step, no alarm", () => {
    expect(decide(action, "sender", {}, now - 1)).toMatchObject({
      action: { kind: "deny" },
      alarms: [{ ruleName: "until noon" }],
    });
    const after = decide(action, "sender", {}, now);
    expect(after).toMatchObject({ action: { kind: "allow" }, alarms: [], observed: [{ ruleName: "until later" }] });
    expect(after.steps.map(({ ruleName }) => ruleName)).toEqual(["until later", "none matched"]);
  });

  it("observes no longer either", () => {
    expect(decide(action, "sender", {}, now + 3_600_000)).toMatchObject({ observed: [], action: { kind: "allow" } });
  });
});

describe("a rule with an alarm", () => {
  it("raises it where it matches, enforced or observed, and only there", () => {
    const action = actionOf("sender", [
      { name: "watch", state: "observe", when: { sender: { like: "*@x.test" } }, action: "deny", alarm: true },
      { name: "never", when: { sender: { is: "nobody" } }, action: "deny", alarm: true },
      { name: "take", when: { sender: { is: "a@x.test" } }, action: "allow", alarm: true },
      { name: "silent", action: "deny" },
    ]);
    const alarmsOf = (sender: string) =>
      decide(action, "sender", { sender: [sender] }, now).alarms.map(({ ruleName }) => ruleName);
    expect(alarmsOf("a@x.test")).toEqual(["watch", "take"]);
    expect(alarmsOf("b@x.test")).toEqual(["watch"]);
    expect(alarmsOf("b@y.test")).toEqual([]);
  });

  it("stands once in a decision, however often it matched; a decision without one has no such list", () => {
    const action = actionOf("recipient", [{ name: "watch", state: "observe", action: "deny", alarm: true }]);
    const recorder = new DecisionRecorder();
    for (const recipient of ["a@x.test", "b@x.test"]) {
      recorder.add(decide(action, "recipient", { recipient: [recipient] }, now));
    }
    expect(recorder.record(1).alarms).toEqual([{ ruleId: "watch", ruleName: "watch" }]);
    expect(new DecisionRecorder().record(1)).not.toHaveProperty("alarms");
  });
});

describe("how a client came", () => {
  it.each([
    ["greeting", "tls", true],
    ["greeting", "authMechanism", false],
    ["greeting", "authUser", false],
    ["auth", "tls", true],
    ["auth", "authMechanism", true],
    ["auth", "authUser", false],
    ["sender", "authUser", true],
    ["recipient", "authMechanism", true],
    ["message", "tls", true],
    ["message", "authUser", true],
  ] as const)("at %s its %s is known: %s", (stage, fact, known) => {
    expect(problemOf(stage, { [fact]: { is: "x" } })).toEqual(known ? null : expect.stringContaining("is not known"));
  });

  const facts: Facts = {
    clientAddress: "2001:db8::25",
    tls: ["TLSv1.3"],
    authMechanism: ["SCRAM-SHA-256"],
    authUser: ["Anna@Example.test"],
  };

  it.each([
    [{ tls: { is: "" } }, false],
    [{ tls: { is: "tlsv1.3" } }, true],
    [{ tls: { pattern: "^TLSv1\\.[01]$" } }, false],
    [{ tls: { pattern: "^TLSv1\\.[23]$" } }, true],
    [{ authMechanism: { like: "SCRAM-*" } }, true],
    [{ authMechanism: { in: ["PLAIN", "LOGIN"] } }, false],
    [{ authUser: { like: "*@example.test" } }, true],
    [{ authUser: { is: "" } }, false],
    [{ authUser: { pattern: "^anna@" } }, true],
    [{ clientAddress: { in: ["2001:db8::/32"] }, authUser: { is: "" } }, false],
    [{ clientAddress: { in: ["2001:db8::/32"] }, none: [{ authUser: { is: "" } }] }, true],
    [{ none: [{ clientAddress: { in: ["192.0.2.0/24", "2001:db8::/64"] } }, { tls: { is: "" } }] }, false],
  ])("is asked by %j: %s", (when, expected) => {
    const action = actionOf("sender", [{ name: "r", when, action: "deny" }]);
    expect(decide(action, "sender", facts, now).action.kind).toBe(expected ? "deny" : "allow");
  });

  it("in clear text and without a login is the empty text, which a rule can ask for", () => {
    const action = actionOf("sender", [{ name: "r", when: { tls: { is: "" }, authUser: { is: "" } }, action: "deny" }]);
    expect(decide(action, "sender", { tls: [""], authUser: [""] }, now)).toMatchObject({
      action: { kind: "deny" },
      evidence: [{ test: "is empty" }, { test: "is empty" }],
    });
  });
});
