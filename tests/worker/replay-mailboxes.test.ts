import { expect, test } from "vitest";
import { type MessageEvent, messageEventSchema } from "#core/contract/event.ts";
import { judgedFactsSchema } from "#core/contract/judged-facts.ts";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import { PolicyReplay, type Replayed } from "#core/policy/replay.ts";
import { generatedMessage } from "../support/generated-message.ts";
import type { Pop3Gateway } from "../support/pop3-gateway.ts";
import { startPop3 } from "../support/pop3-setup.ts";
import { seededRandom } from "../support/seeded-random.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));
const messages = 60;

const programs = { name: "programs", when: { fileName: { like: "*.exe" } }, action: "replace" };
const pages = { name: "pages", when: { detectedType: { is: "text/html" } }, action: "strip" };
const secret = { name: "secret", when: { headerName: { is: "X-Secret" } }, action: "strip" };
const invoices = { name: "invoices", when: { subject: { like: "*invoice*" } }, action: "quarantine" };
const some = { header: { rules: [secret] }, attachment: { rules: [programs, pages] } };
const others = { header: { rules: [secret] }, attachment: { rules: [pages] }, message: { rules: [invoices] } };

/** Fetches every message; gives what was told of each, and the policy as a replay has it. */
async function fetched(all: string[], rulesets: object) {
  const { gate, client } = await startPop3({ messages: all }, { rulesets: { ...rulesets } });
  await client.login();
  for (const index of all.keys()) await client.answer(`RETR ${index + 1}`);
  return { events: gate.events.map((event) => messageEventSchema.parse(event)), policy: policyOf(gate) };
}

function policyOf({ governing }: Pop3Gateway): CompiledPolicy {
  if (governing === null) throw new Error("no policy");
  const document = policyDocumentSchema.parse({ version: 1 });
  const listener = { address: "127.0.0.1", port: 110, protocol: "pop3", tls: null, balancers: null } as const;
  return { document, listeners: [{ ...listener, policies: [governing.policy] }], routes: new Map() };
}

function replayed(event: MessageEvent, under: CompiledPolicy, now: CompiledPolicy): Replayed {
  const judged = judgedFactsSchema.parse(JSON.parse(event.judged ?? ""));
  const { policy, decision, at } = event;
  return new PolicyReplay(now).replay({ judged, at: Date.parse(at), policy, verdict: decision.verdict }, under);
}

test(`messages of a mailbox, judged again under their own policy and another one: as the worker decides, or nothing is said (POSTERN_SEED=${seed})`, {
  timeout: 60_000,
}, async () => {
  const random = seededRandom(seed);
  const all = Array.from({ length: messages }, () => generatedMessage(random));
  const [before, after] = [await fetched(all, some), await fetched(all, others)];
  let said = 0;
  for (const [index, event] of before.events.entries()) {
    const same = replayed(event, before.policy, before.policy);
    const { verdict, ruleName } = event.decision;
    expect({ index, ...same }).toMatchObject({ index, kind: "decided", verdict });
    expect(same.kind === "decided" && (same.rule?.name ?? null)).toBe(ruleName);
    const other = replayed(event, before.policy, after.policy);
    if (other.kind !== "decided") continue;
    said++;
    const decision = after.events[index]?.decision;
    expect({ index, verdict: other.verdict, rule: other.rule?.name ?? null }).toEqual({
      index,
      verdict: decision?.verdict,
      rule: decision?.ruleName,
    });
  }
  expect(before.events).toHaveLength(messages);
  expect(said).toBeGreaterThan(messages / 4);
});
