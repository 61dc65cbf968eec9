import { describe, expect, it } from "vitest";
import type { Facts, Stage } from "#core/contract/facts.ts";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { decide } from "#core/policy/decide.ts";
import { DecisionRecorder } from "#core/policy/decision-record.ts";

const now = Date.parse("2026-11-27T12:00:00Z");

type Rulesets = Record<string, unknown>;

function compileAction(rulesets: Rulesets, lists: unknown[] = []) {
  const document = policyDocumentSchema.parse({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    lists,
    routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "127.0.0.1", port: 25 }] }],
    proxyActions: [{ name: "Mail in", protocol: "smtp", direction: "incoming", rulesets }],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External", sources: ["192.0.2.0/24"] },
        to: { interface: "Trusted", route: "inside" },
        listen: [{ address: "127.0.0.1", port: 2525 }],
        proxyAction: "Mail in",
      },
    ],
  });
  const result = compilePolicy(document);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const policy = result.policy.listeners[0]?.policies[0];
  if (policy === undefined) throw new Error("no policy");
  return policy;
}

function verdictOf(rulesets: Rulesets, stage: Stage, facts: Facts, lists: unknown[] = []): string {
  return decide(compileAction(rulesets, lists).action, stage, facts, now).action.kind;
}

const rule = (name: string, when: unknown, action: unknown, state = "on") => ({ name, when, action, state });

describe("decide", () => {
  it("allows at a stage that has no ruleset", () => {
    expect(verdictOf({}, "sender", { sender: ["a@b.test"] })).toBe("allow");
  });

  it("takes the first rule that matches", () => {
    const rules = [
      rule("partner", { senderDomain: { is: "partner.test" } }, "allow"),
      rule("all tests", { senderDomain: { like: "*.test" } }, "tempfail"),
      rule("never reached", undefined, "drop"),
    ];
    expect(verdictOf({ sender: { rules } }, "sender", { senderDomain: ["PARTNER.test"] })).toBe("allow");
    expect(verdictOf({ sender: { rules } }, "sender", { senderDomain: ["other.test"] })).toBe("tempfail");
    expect(verdictOf({ sender: { rules } }, "sender", { senderDomain: ["x.example"] })).toBe("drop");
  });

  it("takes none matched when no rule does", () => {
    const ruleset = { rules: [rule("x", { sender: { is: "x" } }, "allow")], noneMatched: { action: "deny" } };
    expect(verdictOf({ sender: ruleset }, "sender", { sender: ["y"] })).toBe("deny");
  });

  it("evaluates and records a rule in state observe and never enforces it", () => {
    const rules = [rule("try", { sender: { like: "*" } }, "deny", "observe"), rule("off", undefined, "drop", "off")];
    const decision = decide(compileAction({ sender: { rules } }).action, "sender", { sender: ["a@b"] }, now);
    expect(decision.action.kind).toBe("allow");
    expect(decision.observed).toEqual([{ ruleId: "try", ruleName: "try", verdict: "deny" }]);
    expect(decision.steps.map(({ ruleName, matched }) => [ruleName, matched])).toEqual([
      ["try", true],
      ["none matched", true],
    ]);
  });

  it("matches when any reading of a fact matches, and shows that reading as evidence", () => {
    const policy = compileAction({ attachment: { rules: [rule("exe", { fileName: { like: "*.exe" } }, "deny")] } });
    const decision = decide(policy.action, "attachment", { fileName: ["a.txt", "A.EXE"] }, now);
    expect(decision.evidence).toEqual([{ fact: "fileName", test: "is like *.exe", observed: "A.EXE" }]);
  });

  it("lets a rule that allows match only when every reading passes, so that a second name opens nothing", () => {
    const rules = [rule("text only", { fileName: { like: "*.txt" } }, "allow")];
    const attachment = { rules, noneMatched: { action: "deny" } };
    expect(verdictOf({ attachment }, "attachment", { fileName: ["a.txt", "b.TXT"] })).toBe("allow");
    expect(verdictOf({ attachment }, "attachment", { fileName: ["a.txt", "evil.exe"] })).toBe("deny");
    expect(verdictOf({ attachment }, "attachment", { fileName: [] })).toBe("deny");
  });

  it("turns that round inside a none group", () => {
    const deny = { rules: [rule("not ours", { none: [{ recipientDomain: { is: "ours.test" } }] }, "deny")] };
    expect(verdictOf({ header: deny }, "header", { recipientDomain: ["ours.test"] })).toBe("allow");
    expect(verdictOf({ header: deny }, "header", { recipientDomain: ["ours.test", "theirs.test"] })).toBe("deny");
    const allow = {
      rules: [rule("no exe", { none: [{ fileName: { like: "*.exe" } }] }, "allow")],
      noneMatched: { action: "deny" },
    };
    expect(verdictOf({ attachment: allow }, "attachment", { fileName: ["a.txt", "b.exe"] })).toBe("deny");
    expect(verdictOf({ attachment: allow }, "attachment", { fileName: ["a.txt", "b.txt"] })).toBe("allow");
  });

  it("shows what it saw where a rule did not match", () => {
    const policy = compileAction({ sender: { rules: [rule("x", { senderDomain: { is: "x.test" } }, "deny")] } });
    const [step] = decide(policy.action, "sender", { senderDomain: ["y.test"] }, now).steps;
    expect(step).toMatchObject({ matched: false, evidence: [{ test: "is x.test", observed: "y.test" }] });
  });

  it.each([
    [{ all: [{ sender: { is: "a" } }, { helo: { is: "h" } }] }, true],
    [{ all: [{ sender: { is: "a" } }, { helo: { is: "x" } }] }, false],
    [{ any: [{ sender: { is: "x" } }, { helo: { is: "h" } }] }, true],
    [{ any: [{ sender: { is: "x" } }, { helo: { is: "x" } }] }, false],
    [{ none: [{ sender: { is: "x" } }, { helo: { is: "x" } }] }, true],
    [{ none: [{ sender: { is: "a" } }, { helo: { is: "x" } }] }, false],
    [{ sender: { is: "a" }, helo: { is: "x" } }, false],
    [{ sender: { is: "a" }, none: [{ any: [{ helo: { is: "x" } }] }] }, true],
    [{ sender: { in: ["b", "A"] } }, true],
    [{ sender: { pattern: "^a$" } }, true],
    [{ clientAddress: { in: ["192.0.2.0/24"] } }, true],
    [{ clientAddress: { inList: "office" } }, false],
  ])("the condition %j holds: %s", (when, expected) => {
    const lists = [{ name: "office", kind: "networks", entries: ["198.51.100.0/24"] }];
    const facts = { sender: ["a"], helo: ["h"], clientAddress: "::ffff:192.0.2.1" };
    expect(verdictOf({ sender: { rules: [rule("r", when, "deny")] } }, "sender", facts, lists)).toBe(
      expected ? "deny" : "allow",
    );
  });

  it("compares numbers with exclusive bounds", () => {
    const rules = [rule("big", { messageBytes: { over: 10, under: 20 } }, "deny")];
    expect(verdictOf({ message: { rules } }, "message", { messageBytes: 10 })).toBe("allow");
    expect(verdictOf({ message: { rules } }, "message", { messageBytes: 11 })).toBe("deny");
    expect(verdictOf({ message: { rules } }, "message", { messageBytes: 20 })).toBe("allow");
    expect(verdictOf({ message: { rules } }, "message", {})).toBe("allow");
  });
});

describe("compiled policy", () => {
  it("admits the sources that it names and nobody else", () => {
    const policy = compileAction({});
    expect(policy.admits("192.0.2.77", now)).toBe(true);
    expect(policy.admits("192.0.3.1", now)).toBe(false);
  });

  it("says what has to be read: nothing that no rule needs", () => {
    const exe = { rules: [rule("exe", { fileName: { like: "*.exe" } }, "deny")] };
    expect(compileAction({}).action.needs).toMatchObject({ header: false, attachment: false, message: false });
    expect(compileAction({ attachment: exe }).action.needs.attachment).toBe(true);
    expect(compileAction({ attachment: { rules: [] } }).action.needs.attachment).toBe(false);
    expect(compileAction({ message: exe }).action.needs).toMatchObject({
      header: false,
      attachment: true,
      message: true,
    });
    const off = { rules: [rule("exe", { fileName: { like: "*.exe" } }, "deny", "off")] };
    expect(compileAction({ attachment: off }).action.needs.attachment).toBe(false);
  });
});

describe("decision record", () => {
  it("keeps the first refusal, everything observed, and a bounded trace", () => {
    const many = Array.from({ length: 300 }, (_, i) => rule(`r${i}`, { sender: { is: `${i}` } }, "deny"));
    const policy = compileAction({
      sender: { rules: [...many, rule("watch", undefined, "drop", "observe")] },
      recipient: { rules: [rule("no", undefined, "deny")] },
      message: { rules: [rule("later", undefined, "tempfail")] },
    });
    const recorder = new DecisionRecorder();
    for (const stage of ["sender", "recipient", "message"] as const)
      recorder.add(decide(policy.action, stage, {}, now));
    const record = recorder.record(7);
    expect(record).toMatchObject({ verdict: "deny", ruleName: "no", stage: "recipient", revision: 7 });
    expect(record.observed.map(({ ruleName }) => ruleName)).toEqual(["watch"]);
    expect(record.trace).toHaveLength(200);
    expect(record.traceOmitted).toBe(104);
  });

  it("names the last rule that allowed when nothing refused", () => {
    const policy = compileAction({
      sender: { rules: [rule("welcome", undefined, "allow")] },
      recipient: { rules: [] },
    });
    const recorder = new DecisionRecorder();
    for (const stage of ["sender", "recipient"] as const) recorder.add(decide(policy.action, stage, {}, now));
    expect(recorder.record(1)).toMatchObject({ verdict: "allow", ruleName: "welcome", stage: "sender" });
  });
});

describe("a rule that changes the message", () => {
  const tag = { modify: { tag: "[EXTERNAL]" } };

  it("is carried out, and the rules after it are asked", () => {
    const rules = [
      rule("tag", { fileName: { like: "*" } }, tag),
      rule("copy", { fileName: { like: "*" } }, { copy: { to: "archive@b.test" } }),
      rule("spam", { spamScore: { over: 6.5 } }, "quarantine"),
      rule("never", undefined, "deny"),
    ];
    const policy = compileAction({ message: { rules } });
    const decision = decide(policy.action, "message", { fileName: ["a"], spamScore: 6.6 }, now);
    expect(decision.action.kind).toBe("quarantine");
    expect(decision.rule?.name).toBe("spam");
    expect(decision.changes.map(({ rule: by, action }) => [by?.name, action.kind])).toEqual([
      ["tag", "modify"],
      ["copy", "copy"],
    ]);
  });

  it("allows when no other rule speaks, as none matched too", () => {
    const decision = decide(compileAction({ message: { noneMatched: { action: tag } } }).action, "message", {}, now);
    expect(decision).toMatchObject({ action: { kind: "allow" }, rule: null, changes: [{ rule: null }] });
  });

  it("changes nothing in state observe", () => {
    const policy = compileAction({ message: { rules: [rule("tag", undefined, tag, "observe")] } });
    const decision = decide(policy.action, "message", {}, now);
    expect(decision.changes).toEqual([]);
    expect(decision.observed).toEqual([{ ruleId: "tag", ruleName: "tag", verdict: "allow" }]);
  });
});
