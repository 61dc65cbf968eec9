import { expect, test } from "vitest";
import { ruleSchema } from "#core/contract/rule.ts";
import { exceptionTo } from "#lib/messages/exception-rule.ts";
import { messageEvent } from "../../support/report-samples.ts";

const recipients = ["bob", "eve"].map((name) => ({ address: `${name}@example.test`, reply: null }));
const session = { ...messageEvent(), kind: "session", cause: "refused" } as const;

test("an exception to a rule is a rule that allows what has the same sender and recipient", () => {
  const rule = exceptionTo(messageEvent(), "attachment");
  expect(rule).toMatchObject({ name: "Exception to executables", action: { kind: "allow" } });
  expect(ruleSchema.parse(rule)).toEqual(ruleSchema.parse({ ...rule, action: "allow" }));
});

test.each([
  {
    what: "sender and recipient",
    event: messageEvent(),
    stage: "attachment",
    when: { sender: { is: "a@example.org" }, recipient: { is: "b@example.test" } },
  },
  {
    what: "the sender alone where the ruleset knows no recipient",
    event: messageEvent(),
    stage: "sender",
    when: { sender: { is: "a@example.org" } },
  },
  {
    what: "the sender alone where there are several recipients",
    event: messageEvent({ recipients }),
    stage: "message",
    when: { sender: { is: "a@example.org" } },
  },
  {
    what: "the client's address for the null sender to several",
    event: messageEvent({ sender: "", recipients }),
    stage: "message",
    when: { clientAddress: { in: ["192.0.2.7"] } },
  },
  {
    what: "author and mailbox over POP3",
    event: messageEvent({ protocol: "pop3", sender: null, recipients: [], user: "bob" }),
    stage: "message",
    when: { from: { is: "a@example.org" }, user: { is: "bob" } },
  },
  {
    what: "the client's address of a session without a message",
    event: session,
    stage: "greeting",
    when: { clientAddress: { in: ["192.0.2.7"] } },
  },
] as const)("it knows such mail by $what", ({ event, stage, when }) => {
  expect(exceptionTo(event, stage).when).toEqual(when);
});
