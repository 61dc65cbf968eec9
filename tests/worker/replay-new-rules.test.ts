import { afterEach, beforeEach, expect, test } from "vitest";
import type { MessageEvent } from "#core/contract/event.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import type { Replayed } from "#core/policy/replay.ts";
import { replayedEvent } from "../support/replayed.ts";
import { gatewayDocument } from "../support/smtp-gateway.ts";
import { closeRigs, type SmtpRig, smtpRig } from "../support/smtp-rig.ts";
import { sendTried } from "../support/tried-mail.ts";
import { compiledWhole } from "../support/tried-policy.ts";

/** Policies in force that ask about the envelope alone, and what a draft adds to them. */
let rig: SmtpRig;
beforeEach(async () => {
  rig = await smtpRig();
});
afterEach(closeRigs);

const deny = { kind: "deny" };
const envelope = { sender: { rules: [{ name: "nobody", when: { sender: { is: "no@body.test" } }, action: deny }] } };

function policy(rulesets: Record<string, unknown>): CompiledPolicy {
  const lists = [{ name: "partners", kind: "domains", entries: ["sender.test"] }];
  const settings = { senderAuth: { dnsbls: ["bl.test=127.0.0.2*2"] } };
  return compiledWhole(
    gatewayDocument({ upstreamPorts: [rig.upstream.port], rulesets, settings, document: { lists } }),
  );
}

/** What is said of the message under a draft with one more rule. */
async function replayed(stage: string, when: object): Promise<Replayed> {
  const text = [
    "From: Ann <ann@sender.test>",
    "Subject: offer",
    "List-Id: <deals.sender.test>",
    `X-Trace: ${"0".repeat(200)}`,
    "Content-Type: application/zip; name=a.zip",
    "",
    "PK\r\n",
  ].join("\r\n");
  const mail = { helo: "client.test", sender: "a@sender.test", recipients: ["b@inside.test"], text };
  const before = policy(envelope);
  const [event] = (await sendTried(rig.gateway, before, mail)) as MessageEvent[];
  if (event === undefined) throw new Error("no event");
  const rules = [{ name: "new", when, action: deny }];
  return replayedEvent(event, before, policy({ ...envelope, [stage]: { rules } })).replayed;
}

const rule = { id: expect.any(String), name: "new" };
const denied = { kind: "decided", verdict: "deny", rule };
const allowed = { kind: "decided", verdict: "allow", rule: null };
const unsaid = (why: string, of: object | null = rule) => ({ kind: "not-replayable", why, rule: of });

test.each([
  ["by the name of a header line", "header", { headerName: { is: "list-id" } }, denied],
  ["by what a header line says", "header", { headerName: { is: "Subject" }, headerValue: { like: "*off*" } }, denied],
  ["that no header line matches", "header", { headerValue: { is: "nothing" }, headerName: { is: "Subject" } }, allowed],
  ["by a list", "recipient", { senderDomain: { inList: "partners" } }, denied],
  ["by the From address", "message", { from: { is: "ann@sender.test" } }, denied],
  ["by a scanner that there is not", "message", { spamScore: { over: 5 } }, allowed],
  ["by the size", "message", { messageBytes: { over: 100 } }, denied],
])("a rule that nobody asked before is tried on what passed: %s", async (_, stage, when, expected) => {
  expect(await replayed(stage, when)).toEqual(expected);
});

test.each([
  [
    "a long header line",
    "header",
    { headerName: { is: "X-Trace" }, headerValue: { like: "0*" } },
    unsaid("it asks for the header value"),
  ],
  ["a part", "attachment", { fileName: { like: "*.zip" } }, unsaid("nobody looked at its parts")],
  [
    "what is in an archive",
    "message",
    { archiveEntry: { like: "*.exe" } },
    unsaid("nobody looked whether it can be read in full"),
  ],
  ["a DNS list", "message", { dnsbl: { is: "bl.test" } }, unsaid("it asks for the DNS list")],
  ["SPF", "message", { spf: { in: ["fail"] } }, unsaid("it asks for the SPF result")],
])("where nobody looked it says so, naming the rule: %s", async (_, stage, when, expected) => {
  expect(await replayed(stage, when)).toEqual(expected);
});

test("a part that the rule cannot match, whatever it is, is no reason but whether all of it can be read", async () => {
  const when = { recipient: { is: "somebody@else.test" }, fileName: { like: "*.zip" } };
  expect(await replayed("attachment", when)).toEqual(unsaid("nobody looked whether it can be read in full", null));
});
