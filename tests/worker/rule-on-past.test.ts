import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { MessageEvent } from "#core/contract/event.ts";
import { judgedFactsSchema } from "#core/contract/judged-facts.ts";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { type Rule, ruleSchema } from "#core/contract/rule.ts";
import { type CompiledPolicy, compilePolicy } from "#core/policy/compile.ts";
import { documentOfRule, RuleOnPast } from "#core/policy/rule-on-past.ts";
import { stuffed } from "../support/fake-pop3-server.ts";
import { generatedMessage } from "../support/generated-message.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { SmtpClient } from "../support/smtp-client.ts";
import type { SmtpGateway } from "../support/smtp-gateway.ts";
import { closeRigs, smtpRig } from "../support/smtp-rig.ts";
import { waitUntil } from "../support/wait-until.ts";

afterEach(closeRigs);

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));

/** Tests that some of the generated messages pass, and some do not, by the ruleset that asks. */
const tests = {
  greeting: [{ helo: { is: "other.test" } }, { clientAddress: { in: ["127.0.0.0/8"] } }],
  sender: [{ sender: { like: "a*" } }, { senderDomain: { in: ["sender.test"] } }],
  recipient: [{ recipient: { like: "c@*" } }, { sender: { is: "" } }],
  header: [{ headerName: { is: "X-Secret" } }, { headerValue: { like: "*invoice*" } }, { recipientCount: { over: 1 } }],
  attachment: [
    { fileName: { like: "*.exe" } },
    { contentType: { like: "text/*" } },
    { trait: { in: ["executable", "type-mismatch"] } },
    { subject: { like: "*invoice*" } },
    { text: { like: "*secret*" } },
  ],
  message: [{ attachmentCount: { over: 1 } }, { messageBytes: { over: 900 } }, { fileName: { like: "*" } }],
} as const;
type Stage = keyof typeof tests;
const stages = ["greeting", "sender", "recipient", "header", "attachment", "message"] as const satisfies Stage[];

const conditionOf = (stage: Stage) => {
  const one = fc.constantFrom<object>(...tests[stage]);
  const group = fc.constantFrom("all", "any", "none");
  const some = fc.tuple(group, fc.array(one, { minLength: 1, maxLength: 2 }));
  return fc.oneof(
    one,
    some.map(([join, inside]) => ({ [join]: inside })),
  );
};
const ruleOf = (stage: Stage) =>
  fc.record({ when: conditionOf(stage), action: fc.constantFrom("deny", "allow", "tempfail") });
const rulesets = fc.record(
  Object.fromEntries(
    stages.map((stage) => [stage, fc.array(ruleOf(stage), { maxLength: 2 }).map((rules) => ({ rules: named(rules) }))]),
  ),
  { requiredKeys: [] },
);
// What greetings are judged by is told, but not what was observed of them: that is the session's.
const tried = fc.constantFrom(...stages.slice(1)).chain((stage) => ruleOf(stage).map((rule) => ({ stage, rule })));
const message = fc.record({
  seed: fc.nat(),
  sender: fc.constantFrom("a@sender.test", "x@other.test", ""),
  recipients: fc.uniqueArray(fc.constantFrom("b@inside.test", "c@inside.test"), { minLength: 1 }),
});
type Mail = { seed: number; sender: string; recipients: string[] };

function named<R extends object>(rules: readonly R[]): (R & { name: string })[] {
  return rules.map((rule, n) => ({ ...rule, name: `rule ${n}` }));
}

function documentWith(port: number, given: object): PolicyDocument {
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "External", zone: "external" }],
    routes: [{ name: "inside", protocol: "smtp", delivery: "inline", targets: [{ host: "127.0.0.1", port }] }],
    proxyActions: [
      {
        name: "Mail in",
        protocol: "smtp",
        direction: "incoming",
        limits: { errorsMax: 1000, errorsSoftMax: 1000 },
        settings: { hostName: "gate.test", recipientVerification: { mode: "none" } },
        rulesets: given,
      },
    ],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External" },
        to: { interface: "External", route: "inside" },
        listen: [{ address: "127.0.0.1", port: 2525 }],
        proxyAction: "Mail in",
      },
    ],
  });
}

function compiled(document: PolicyDocument): CompiledPolicy {
  const result = compilePolicy(document);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

/** Sends the message under the policy; the event of it, or null where there is none, or one for each copy. */
async function judged(gateway: SmtpGateway, { listeners }: CompiledPolicy, mail: Mail): Promise<MessageEvent | null> {
  const [governing] = listeners[0]?.policies ?? [];
  if (governing === undefined) throw new Error("no policy");
  gateway.governing = { policy: governing, revision: 1 };
  const before = gateway.messages.length;
  const client = await SmtpClient.connect(gateway.port);
  const said = async (command: string) => await client.command(command).catch(() => "closed");
  const replies = [];
  if (/^2/.test(await said("EHLO client.test")) && /^2/.test(await said(`MAIL FROM:<${mail.sender}>`))) {
    for (const recipient of mail.recipients) replies.push(await said(`RCPT TO:<${recipient}>`));
  }
  if (replies.some((reply) => reply.startsWith("2")) && (await said("DATA")).startsWith("354")) {
    client.send(`${stuffed(generatedMessage(seededRandom(mail.seed)))}.\r\n`);
    await client.reply();
  }
  client.close();
  await waitUntil("the session ends", () => gateway.openSessions === 1);
  const [event = null, ...copies] = gateway.messages.slice(before);
  return copies.length === 0 ? event : null;
}

/** The policy with the rule on top of its ruleset, where it is only observed. */
function observed(shape: Record<string, { rules: object[] } | undefined>, stage: Stage, rule: object) {
  const rules = [{ ...rule, name: "tried", state: "observe" }, ...(shape[stage]?.rules ?? [])];
  return { ...shape, [stage]: { rules } };
}

test(`a rule matches a past message where the worker would have observed that it does, or nothing is said (POSTERN_SEED=${seed})`, {
  timeout: 120_000,
}, async () => {
  const { gateway, upstream } = await smtpRig();
  const counts = { matches: 0, fails: 0, unsaid: 0 };
  await fc.assert(
    fc.asyncProperty(rulesets, tried, message, async (shape, { stage, rule }, mail) => {
      const document = documentWith(upstream.port, shape);
      const under = compiled(document);
      const event = await judged(gateway, under, mail);
      const with_ = await judged(gateway, compiled(documentWith(upstream.port, observed(shape, stage, rule))), mail);
      if (event?.judged === undefined || with_ === null) return;
      const parsed: Rule = ruleSchema.parse({ ...rule, name: "tried" });
      const wanted = compiled(documentOfRule(document, parsed, { proxyAction: "Mail in", ruleset: stage }));
      const facts = judgedFactsSchema.parse(JSON.parse(event.judged));
      const past = { judged: facts, policy: event.policy, verdict: event.decision.verdict };
      const match = new RuleOnPast(wanted, stage).match(past, under);
      counts[match.kind]++;
      if (match.kind === "unsaid") return;
      const matched = with_.decision.trace.some(({ ruleName, matched }) => ruleName === "tried" && matched);
      expect({ kind: match.kind, judged: event.judged }).toEqual({
        kind: matched ? "matches" : "fails",
        judged: event.judged,
      });
    }),
    { numRuns: 150, seed },
  );
  expect(counts.matches).toBeGreaterThan(10);
  expect(counts.fails).toBeGreaterThan(10);
});
