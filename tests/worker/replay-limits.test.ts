import { afterEach, beforeEach, expect, test } from "vitest";
import type { MessageEvent } from "#core/contract/event.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import type { Replayed } from "#core/policy/replay.ts";
import { replayedEvent } from "../support/replayed.ts";
import { gatewayDocument } from "../support/smtp-gateway.ts";
import { closeRigs, type SmtpRig, smtpRig } from "../support/smtp-rig.ts";
import { sendTried } from "../support/tried-mail.ts";
import { compiledWhole } from "../support/tried-policy.ts";

let rig: SmtpRig;
beforeEach(async () => {
  rig = await smtpRig();
});
afterEach(closeRigs);

type Tried = { recipientsMax?: number; messageBytesMax?: number; refused?: string[] };

function policy({ refused = [], ...limits }: Tried): CompiledPolicy {
  const rules = refused.map((address) => ({ name: address, when: { recipient: { is: address } }, action: "deny" }));
  const rulesets = { recipient: { rules } };
  return compiledWhole(gatewayDocument({ upstreamPorts: [rig.upstream.port], rulesets, limits }));
}

/** What is said of a message to b, c and d. */
async function replayed(old: Tried, draft: Tried): Promise<Replayed> {
  const text = `Subject: hello\r\n\r\n${"x".repeat(70)}\r\n`.padEnd(2_000, "some words\r\n");
  const recipients = ["b@inside.test", "c@inside.test", "d@inside.test"];
  const mail = { helo: "client.test", sender: "a@sender.test", recipients, text: `${text}\r\n` };
  const before = policy(old);
  const [event] = (await sendTried(rig.gateway, before, mail)) as MessageEvent[];
  if (event === undefined) throw new Error("no event");
  return replayedEvent(event, before, policy(draft)).replayed;
}

const taken = { kind: "decided", verdict: "allow", rule: null };
const joined = { kind: "not-replayable", why: "who could not get it with the others may get it alone now", rule: null };

test("a message is decided as before where the limits and who is refused are the same", async () => {
  expect(await replayed({ recipientsMax: 2 }, { recipientsMax: 2 })).toEqual(taken);
  expect(await replayed({}, { recipientsMax: 3 })).toEqual(taken);
});

test("nothing is said where a recipient whom a limit refused unasked would be asked about: there is more room", async () => {
  expect(await replayed({ recipientsMax: 2 }, { recipientsMax: 3 })).toEqual(joined);
});

test("nor where others are refused instead, so that not all are", async () => {
  const refused = ["b@inside.test", "c@inside.test"];
  expect(await replayed({ recipientsMax: 2 }, { recipientsMax: 2, refused })).toEqual(joined);
});

test("nor where the draft takes fewer recipients, or smaller messages", async () => {
  const fewer = { kind: "not-replayable", why: "it may have more recipients than are taken now", rule: null };
  expect(await replayed({}, { recipientsMax: 2 })).toEqual(fewer);
  const larger = { kind: "not-replayable", why: "it is larger than is taken now", rule: null };
  expect(await replayed({}, { messageBytesMax: 1_024 })).toEqual(larger);
});
