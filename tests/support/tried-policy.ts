import fc from "fast-check";
import { type FactName, factIsKnown, type Protocol } from "#core/contract/facts.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { type CompiledMailPolicy, type CompiledPolicy, compilePolicy } from "#core/policy/compile.ts";
import { SenderDns } from "#worker/sender-auth/sender-dns.ts";
import { actionArbitrary } from "./rule-arbitrary.ts";
import { gatewayDocument } from "./smtp-gateway.ts";
import { type ZoneData, zoneRecords } from "./zone-records.ts";

/** The rulesets of a message, in the order in which they are asked. */
export const triedStages = ["greeting", "sender", "recipient", "header", "attachment", "message"] as const;
export type TriedStage = (typeof triedStages)[number];

/** What the DNS says of the senders of `triedMail`, who all come from 127.0.0.1. */
const triedZone: ZoneData = {
  "sender.test": [{ TXT: "v=spf1 ip4:127.0.0.1 -all" }],
  "other.test": [{ TXT: "v=spf1 -all" }],
  "_dmarc.sender.test": [{ TXT: "v=DMARC1; p=reject" }],
  "_dmarc.other.test": [{ TXT: "v=DMARC1; p=quarantine" }],
  "client.test": [{ A: "127.0.0.1" }],
  "1.0.0.127.in-addr.arpa": [{ PTR: "client.test" }],
  "1.0.0.127.bl.test": [{ A: "127.0.0.2" }],
};

export function triedDns(): SenderDns {
  return new SenderDns(zoneRecords(triedZone), Date.now);
}

const greeting = [
  { helo: { is: "odd.test" } },
  { clientAddress: { in: ["127.0.0.0/8"] } },
  { clientAddress: { inList: "far" } },
];
const sender = [
  ...greeting,
  { sender: { like: "a*" } },
  { sender: { is: "" } },
  { sender: { pattern: "^[a-m]+@" } },
  { senderDomain: { in: ["sender.test", "new.test"] } },
  { senderDomain: { inList: "partners" } },
  { authUser: { is: "" } },
];
const recipient = [
  { recipient: { like: "b@*" } },
  { recipient: { is: "c@inside.test" } },
  { recipientDomain: { is: "new.test" } },
];
const part = [
  { fileName: { inList: "executables" } },
  { fileName: { like: "*.exe" } },
  { contentType: { like: "text/*" } },
  { detectedType: { is: "text/html" } },
  { trait: { in: ["executable", "type-mismatch"] } },
  { trait: { in: ["ambiguous", "uuencode"] } },
  { archiveEntry: { like: "*" } },
  { archiveEntry: { inList: "executables" } },
  { archiveEntry: { in: ["note.txt", "setup.exe"] } },
  { urlHost: { is: "example.test" } },
  { text: { like: "*secret*" } },
  { text: { like: "*hello*" } },
  { url: { pattern: "^http://example" } },
  { dictionary: { is: "words" } },
  { virus: { like: "*" } },
  { subject: { like: "*invoice*" } },
  { from: { like: "boss@*" } },
];
const senderAuth = [
  { spf: { in: ["fail", "softfail"] } },
  { dkim: { is: "none" } },
  { dmarc: { is: "fail" } },
  { dmarcPolicy: { in: ["reject"] } },
  { reverseName: { is: "pass" } },
  { heloCheck: { is: "fail" } },
  { dnsbl: { is: "bl.test" } },
  { dnsblScore: { over: 1 } },
];
/** Tests that some of the generated messages pass, and some do not. */
const tests: Record<TriedStage, readonly object[]> = {
  greeting,
  sender,
  // Mostly of the recipient: some are refused beside others.
  recipient: [...recipient, ...recipient, { sender: { like: "a*" } }, { senderDomain: { inList: "partners" } }],
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
    { sender: { like: "a*" } },
    ...recipient,
    ...part,
    ...senderAuth,
    { attachmentCount: { over: 1 } },
    { messageBytes: { over: 900 } },
    { hour: { over: -1 } },
    { spamScore: { over: 1 } },
  ],
};

export function triedCondition(stage: TriedStage, protocol: Protocol = "smtp"): fc.Arbitrary<object> {
  const isKnown = (name: string) => factIsKnown(name as FactName, protocol, stage);
  const one = fc.constantFrom(...tests[stage].filter((test) => Object.keys(test).every(isKnown)));
  return grouped(one, 3);
}

/** A test, or groups of them up to so deep. */
function grouped(one: fc.Arbitrary<object>, depth: number): fc.Arbitrary<object> {
  if (depth === 0) return one;
  const some = fc.array(grouped(one, depth - 1), { minLength: 1, maxLength: 3 });
  const groups = (["all", "any", "none"] as const).map((group) => some.map((inside) => ({ [group]: inside })));
  return fc.oneof({ weight: 4, arbitrary: one }, ...groups.map((arbitrary) => ({ weight: 1, arbitrary })));
}

const isOfEnvelope = (stage: TriedStage) => stage === "greeting" || stage === "sender" || stage === "recipient";

/** They write other addresses for those of `triedMail`; some lead to the same one, an alias of a recipient to several. */
const rewrites: { readonly [S in TriedStage]?: readonly object[] } = {
  sender: [
    { kind: "rewrite", aliases: { "a@sender.test": ["x@other.test"] } },
    { kind: "rewrite", domains: { "other.test": "sender.test" } },
    { kind: "rewrite", pattern: "(.*)@sender\\.test", to: "$1@new.test" },
  ],
  recipient: [
    { kind: "rewrite", aliases: { "b@inside.test": ["c@inside.test", "e@new.test"] } },
    { kind: "rewrite", domains: { "new.test": "inside.test" } },
    { kind: "rewrite", pattern: "[bc]@(.*)", to: "d@$1" },
  ],
};
/** Of lines that messages have. */
const changedHeader = {
  kind: "modify",
  headers: [
    { do: "remove", name: "X-Secret" },
    { do: "replace", name: "Subject", value: "another" },
  ],
};

/** Most rules for the session and the sender let through: others are asked too. */
function actionOf(stage: TriedStage, protocol: Protocol): fc.Arbitrary<object> {
  const any = fc.oneof(
    { weight: 4, arbitrary: actionArbitrary(protocol, stage) },
    ...(rewrites[stage] ?? []).map((action) => ({ weight: 1, arbitrary: fc.constant(action) })),
    ...(stage === "message" ? [{ weight: 1, arbitrary: fc.constant(changedHeader) }] : []),
  );
  if (stage === "recipient") return fc.oneof(any, fc.constantFrom({ kind: "deny" }, { kind: "tempfail" }));
  return isOfEnvelope(stage) ? fc.oneof(any, { weight: 2, arbitrary: fc.constant({ kind: "allow" }) }) : any;
}

function rulesetOf(stage: TriedStage, protocol: Protocol = "smtp"): fc.Arbitrary<TriedRuleset> {
  const rule = fc.record(
    {
      when: triedCondition(stage, protocol),
      action: actionOf(stage, protocol),
      state: fc.constantFrom("on", "on", "on", "observe", "off"),
      alarm: fc.boolean(),
      section: fc.constantFrom("first", "second"),
      expires: fc.constantFrom("2001-01-01T00:00:00Z", "2100-01-01T00:00:00Z"),
    },
    { requiredKeys: ["when", "action", "state"] },
  );
  const rules = fc
    .array(rule, { maxLength: 3 })
    .map((made) => made.map((one, n) => ({ ...one, name: `${stage} ${n}` })));
  const noneMatched = fc.oneof(
    { weight: isOfEnvelope(stage) ? 20 : 5, arbitrary: fc.constant({ kind: "allow" }) },
    { weight: 1, arbitrary: actionArbitrary(protocol, stage) },
  );
  return fc.record({ rules, noneMatched: fc.record({ action: noneMatched }) });
}

type TriedRuleset = { rules: object[]; noneMatched: object };
export type TriedRulesets = { [S in TriedStage]?: TriedRuleset };
export type TriedPolicy = {
  rulesets: TriedRulesets;
  direction: "incoming" | "outgoing";
  recipientsDiffer: "strictest" | "defer" | "split";
  threshold: number;
  recipientsMax: number;
};

/** Policies whose rules the messages of `triedMail` often meet, and often do not. */
export const triedPolicy: fc.Arbitrary<TriedPolicy> = fc.record({
  rulesets: fc.record(
    {
      greeting: rulesetOf("greeting"),
      sender: rulesetOf("sender"),
      recipient: rulesetOf("recipient"),
      header: rulesetOf("header"),
      attachment: rulesetOf("attachment"),
      message: rulesetOf("message"),
    },
    { requiredKeys: ["message"] },
  ),
  direction: fc.constantFrom("incoming", "outgoing"),
  recipientsDiffer: fc.constantFrom("strictest", "defer", "split"),
  threshold: fc.constantFrom(1, 3),
  recipientsMax: fc.constantFrom(100, 100, 2),
});

/** The same for messages of a mailbox. */
export const triedMailboxRulesets: fc.Arbitrary<TriedRulesets> = fc.record(
  {
    header: rulesetOf("header", "pop3"),
    attachment: rulesetOf("attachment", "pop3"),
    message: rulesetOf("message", "pop3"),
  },
  { requiredKeys: ["message"] },
);

/** What the rules name. */
export function triedVocabulary(threshold: number) {
  return {
    lists: [
      { name: "executables", kind: "patterns", entries: ["*.exe"] },
      { name: "partners", kind: "domains", entries: ["sender.test"] },
      { name: "far", kind: "networks", entries: ["192.0.2.0/24", "2001:db8::/32"] },
    ],
    dictionaries: [{ name: "words", threshold, entries: [{ word: "invoice" }, { word: "hello" }, { word: "secret" }] }],
  };
}

export function triedDocument(port: number, policy: TriedPolicy): PolicyDocument {
  const { rulesets, direction, recipientsDiffer, threshold, recipientsMax } = policy;
  return gatewayDocument({
    upstreamPorts: [port],
    rulesets,
    direction,
    limits: { errorsMax: 1000, errorsSoftMax: 1000, recipientsMax },
    settings: { recipientsDiffer, senderAuth: { dnsbls: ["bl.test=127.0.0.2*2"], ownDomains: ["inside.test"] } },
    document: triedVocabulary(threshold),
  });
}

export function compiledWhole(document: PolicyDocument): CompiledPolicy {
  const compiled = compilePolicy(document);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.policy;
}

/** The only policy of a document. */
export function onlyPolicy({ listeners }: CompiledPolicy): CompiledMailPolicy {
  const [policy] = listeners[0]?.policies ?? [];
  if (policy === undefined) throw new Error("no policy");
  return policy;
}
