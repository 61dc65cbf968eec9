import { describe, expect, it } from "vitest";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import { mailboxPolicy, type Over } from "../../../support/mailbox-policy.ts";

const now = Date.parse("2026-11-27T12:00:00Z");
const findings = (over: Over) => lintDocument(mailboxPolicy(over), now);
const codes = (over: Over) => findings(over).map(({ code }) => code);

describe("the lint of POP3 commands", () => {
  it("points to the rule, or to none matched", () => {
    const at = ["proxyActions", 0, "rulesets", "command"];
    const rules = [{ when: { command: { is: "NOOP" } } }, { when: { command: { is: "TOP" } } }];
    expect(findings({ commands: rules })).toMatchObject([{ code: "top-denied", path: [...at, "rules", 1] }]);
    const known = ["STAT", "LIST", "RETR", "QUIT", "USER", "PASS", "UIDL", "DELE", "CAPA", "AUTH"];
    const allowList = [{ when: { command: { in: known } }, action: "allow" }];
    expect(findings({ commands: allowList, noneMatched: { action: "deny" } })).toMatchObject([
      { code: "top-denied", path: [...at, "noneMatched"] },
    ]);
  });

  it.each<[string, object]>([
    ["denies in clear text only", { when: { command: { is: "RETR" }, tls: { is: "" } } }],
    ["denies to some users only", { when: { command: { is: "UIDL" }, user: { is: "anna" } } }],
    ["denies to some networks only", { when: { command: { is: "TOP" }, clientAddress: { in: ["10.0.0.0/8"] } } }],
    ["is only watched", { state: "observe", when: { command: { is: "DELE" } } }],
    ["names a command of no standard, too", { when: { command: { in: ["LAST", "NOOP"] } } }],
    ["is off", { state: "off", when: { command: { is: "DELE" } } }],
    ["expired", { expires: "2026-11-01T00:00:00Z", when: { command: { is: "DELE" } } }],
    ["denies one mechanism of several", { when: { command: { is: "AUTH" }, authMechanism: { is: "PLAIN" } } }],
    ["denies TLS where none is offered that begins later", { when: { command: { is: "STLS" } } }],
  ])("does not mind a rule that %s", (_, rule) => {
    expect(codes({ commands: [rule] }).filter((code) => code !== "rule-expired")).toEqual([]);
  });
});
