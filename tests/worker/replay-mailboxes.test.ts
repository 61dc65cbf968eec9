import fc from "fast-check";
import { expect, test } from "vitest";
import { messageEventSchema } from "#core/contract/event.ts";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import { generatedMessage } from "../support/generated-message.ts";
import type { Pop3Gateway } from "../support/pop3-gateway.ts";
import { startPop3 } from "../support/pop3-setup.ts";
import { expectSame, replayedEvent } from "../support/replayed.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { type TriedRulesets, triedMailboxRulesets, triedVocabulary } from "../support/tried-policy.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));
const runs = 12;
const messages = 12;

/** Fetches every message; gives what was told of each, and the policy as a replay has it. */
async function fetched(all: string[], rulesets: TriedRulesets) {
  const { gate, client } = await startPop3({ messages: all }, { rulesets, document: triedVocabulary(1) });
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

test(`messages of a mailbox, judged again under their own policy and another one: the decision and the trace of the worker, or nothing is said (POSTERN_SEED=${seed})`, {
  timeout: 120_000,
}, async () => {
  const said = { same: 0, other: 0 };
  await fc.assert(
    fc.asyncProperty(triedMailboxRulesets, triedMailboxRulesets, fc.nat(), async (some, others, drawn) => {
      const random = seededRandom(drawn);
      const all = Array.from({ length: messages }, () => generatedMessage(random));
      const [before, after] = [await fetched(all, some), await fetched(all, others)];
      expect([before.events.length, after.events.length]).toEqual([messages, messages]);
      for (const [index, event] of before.events.entries()) {
        const same = replayedEvent(event, before.policy, before.policy);
        if (same.replayed.kind === "decided") said.same++;
        expectSame(same, event.decision, before.policy, false);
        const other = replayedEvent(event, before.policy, after.policy);
        if (other.replayed.kind === "decided") said.other++;
        const decision = after.events[index]?.decision;
        if (decision !== undefined) expectSame(other, decision, after.policy, false);
      }
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
  expect(said.same).toBeGreaterThan(runs * messages * 0.7);
  expect(said.other).toBeGreaterThan(runs * messages * 0.1);
});
