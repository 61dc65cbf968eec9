import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { MessageEvent } from "#core/contract/event.ts";
import { judgedFactsSchema } from "#core/contract/judged-facts.ts";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { type CompiledPolicy, compilePolicy } from "#core/policy/compile.ts";
import { PolicyReplay, type Replayed } from "#core/policy/replay.ts";
import { stuffed } from "../support/fake-pop3-server.ts";
import { generatedMessage } from "../support/generated-message.ts";
import { actionArbitrary } from "../support/rule-arbitrary.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { SmtpClient } from "../support/smtp-client.ts";
import type { SmtpGateway } from "../support/smtp-gateway.ts";
import { closeRigs, smtpRig } from "../support/smtp-rig.ts";
import { waitUntil } from "../support/wait-until.ts";

afterEach(closeRigs);

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));
const runs = 100;

const stages = ["greeting", "sender", "recipient", "header", "attachment", "message"] as const;
type Stage = (typeof stages)[number];

const sender = [
  { sender: { like: "a*" } },
  { senderDomain: { in: ["sender.test", "new.test"] } },
  { helo: { is: "other.test" } },
  { clientAddress: { in: ["127.0.0.0/8"] } },
  { authUser: { is: "" } },
];
const recipient = [
  { recipient: { like: "b@*" } },
  { recipient: { is: "c@inside.test" } },
  { recipientDomain: { is: "new.test" } },
];
const part = [
  { fileName: { like: "*.exe" } },
  { contentType: { like: "text/*" } },
  { detectedType: { is: "text/html" } },
  { trait: { in: ["executable", "type-mismatch"] } },
  { trait: { in: ["ambiguous", "uuencode"] } },
  { archiveEntry: { like: "*" } },
  { urlHost: { is: "example.test" } },
  { text: { like: "*secret*" } },
  { dictionary: { is: "words" } },
  { virus: { like: "*" } },
  { subject: { like: "*invoice*" } },
  { from: { like: "boss@*" } },
];
/** Tests that some of the generated messages pass, and some do not. */
const tests: Record<Stage, readonly object[]> = {
  greeting: sender.slice(2, 4),
  sender,
  recipient: [...sender, ...recipient],
  header: [
    ...sender,
    ...recipient,
    { recipientCount: { over: 1 } },
    { headerName: { is: "X-Secret" } },
    { headerName: { is: "From" }, headerValue: { like: "*boss@*" } },
    { headerValue: { like: "*invoice*" } },
  ],
  attachment: [...recipient, ...part, { partBytes: { over: 300 } }],
  message: [
    ...sender,
    ...recipient,
    ...part,
    { attachmentCount: { over: 1 } },
    { messageBytes: { over: 900 } },
    { hour: { over: -1 } },
    { spamScore: { over: 1 } },
  ],
};

function conditionOf(stage: Stage): fc.Arbitrary<object> {
  const one = fc.constantFrom(...tests[stage]);
  const some = fc.array(one, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 4, arbitrary: one },
    ...["all", "any", "none"].map((group) => ({ weight: 1, arbitrary: some.map((inside) => ({ [group]: inside })) })),
  );
}

function rulesetOf(stage: Stage): fc.Arbitrary<object> {
  const rule = fc.record(
    {
      when: conditionOf(stage),
      action: actionArbitrary("smtp", stage),
      state: fc.constantFrom("on", "on", "on", "observe", "off"),
      expires: fc.constantFrom("2001-01-01T00:00:00Z", "2100-01-01T00:00:00Z"),
    },
    { requiredKeys: ["when", "action", "state"] },
  );
  const rules = fc
    .array(rule, { maxLength: 3 })
    .map((made) => made.map((one, n) => ({ ...one, name: `${stage} ${n}` })));
  const noneMatched = fc.oneof(
    { weight: 5, arbitrary: fc.constant({ kind: "allow" }) },
    { weight: 1, arbitrary: actionArbitrary("smtp", stage) },
  );
  return fc.record({ rules, noneMatched: fc.record({ action: noneMatched }) });
}

const rulesets = fc.record(Object.fromEntries(stages.map((stage) => [stage, rulesetOf(stage)])), { requiredKeys: [] });
const policy = fc.record({
  rulesets,
  recipientsDiffer: fc.constantFrom("strictest", "defer", "split"),
  threshold: fc.constantFrom(1, 3),
});
type PolicyShape = { rulesets: object; recipientsDiffer: string; threshold: number };
const message = fc.record({
  seed: fc.nat(),
  sender: fc.constantFrom("a@sender.test", "x@other.test", ""),
  recipients: fc.uniqueArray(fc.constantFrom("b@inside.test", "c@inside.test", "d@new.test"), { minLength: 1 }),
});

function compiledPolicy(port: number, { rulesets: given, recipientsDiffer, threshold }: PolicyShape) {
  const document: PolicyDocument = policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "External", zone: "external" }],
    dictionaries: [{ name: "words", threshold, entries: [{ word: "invoice" }, { word: "hello" }, { word: "secret" }] }],
    routes: [{ name: "inside", protocol: "smtp", delivery: "inline", targets: [{ host: "127.0.0.1", port }] }],
    proxyActions: [
      {
        name: "Mail in",
        protocol: "smtp",
        direction: "incoming",
        limits: { errorsMax: 1000, errorsSoftMax: 1000 },
        settings: { hostName: "gate.test", recipientVerification: { mode: "none" }, recipientsDiffer },
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
  const compiled = compilePolicy(document);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.policy;
}

/** Sends the message under the policy; gives the events of its copies. */
async function judged(gateway: SmtpGateway, compiled: CompiledPolicy, mail: Mail): Promise<MessageEvent[]> {
  const [governing] = compiled.listeners[0]?.policies ?? [];
  if (governing === undefined) throw new Error("no policy");
  gateway.governing = { policy: governing, revision: 1 };
  const before = gateway.messages.length;
  const client = await SmtpClient.connect(gateway.port);
  const said = async (command: string) => await client.command(command).catch(() => "closed");
  const named = [];
  if (/^2/.test(await said("EHLO client.test")) && /^2/.test(await said(`MAIL FROM:<${mail.sender}>`))) {
    for (const recipient of mail.recipients) named.push(await said(`RCPT TO:<${recipient}>`));
  }
  if (named.some((reply) => reply.startsWith("2")) && (await said("DATA")).startsWith("354")) {
    client.send(`${stuffed(generatedMessage(seededRandom(mail.seed)))}.\r\n`);
    await client.reply();
  }
  client.close();
  await waitUntil("the session ends", () => gateway.openSessions === 1);
  return gateway.messages.slice(before);
}
type Mail = { seed: number; sender: string; recipients: string[] };

function replayed(event: MessageEvent, under: CompiledPolicy, now: CompiledPolicy): Replayed {
  const facts = judgedFactsSchema.parse(JSON.parse(event.judged ?? ""));
  const { policy: name, decision } = event;
  return new PolicyReplay(now).replay(
    { judged: facts, at: Date.parse(event.at), policy: name, verdict: decision.verdict },
    under,
  );
}

describe(`the facts of a message, judged again (POSTERN_SEED=${seed})`, () => {
  test("under the revision that judged it: the decision that the worker made, or none for lack of a text", {
    timeout: 120_000,
  }, async () => {
    const { gateway, upstream } = await smtpRig();
    let said = 0;
    const verdicts = new Set<string>();
    await fc.assert(
      fc.asyncProperty(policy, message, async (shape, mail) => {
        const compiled = compiledPolicy(upstream.port, shape);
        for (const event of await judged(gateway, compiled, mail)) {
          const result = replayed(event, compiled, compiled);
          if (result.kind === "not-replayable") {
            const asksForText = JSON.stringify(shape.rulesets).includes('"text"');
            if (!asksForText) expect(`${result.why} ${event.judged}`).toMatch(/^a limit or a fault/);
            continue;
          }
          said++;
          verdicts.add(result.verdict);
          const { verdict, ruleId } = event.decision;
          expect({ ...result, event: event.judged }).toMatchObject({
            verdict,
            rule: ruleId === null ? null : { id: ruleId },
            event: event.judged,
          });
        }
      }),
      { numRuns: runs, seed },
    );
    expect(said).toBeGreaterThan(runs / 2);
    expect(verdicts.size).toBeGreaterThan(4);
  });

  test("under another policy: what the worker decides then, or nothing", { timeout: 120_000 }, async () => {
    const { gateway, upstream } = await smtpRig();
    let said = 0;
    let others = 0;
    await fc.assert(
      fc.asyncProperty(policy, policy, message, async (old, draft, mail) => {
        const [under, now] = [compiledPolicy(upstream.port, old), compiledPolicy(upstream.port, draft)];
        const before = await judged(gateway, under, mail);
        const after = await judged(gateway, now, mail);
        for (const event of before) {
          const result = replayed(event, under, now);
          if (result.kind === "not-replayable") continue;
          said++;
          if (result.verdict !== event.decision.verdict) others++;
          const [only, ...copies] = after;
          if (only === undefined || copies.length > 0 || before.length > 1) continue;
          const { verdict, ruleId } = only.decision;
          expect({ ...result, event: event.judged }).toMatchObject({
            verdict,
            rule: ruleId === null ? null : { id: ruleId },
          });
        }
      }),
      { numRuns: runs, seed },
    );
    expect(said).toBeGreaterThan(runs / 10);
    expect(others).toBeGreaterThan(0);
  });
});
