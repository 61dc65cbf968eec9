import { describe, expect, it } from "vitest";
import type { Facts, Stage } from "#core/contract/facts.ts";
import { type PolicyDocument, policyDocumentSchema, proxyActionSchema } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { decide } from "#core/policy/decide.ts";
import { cloneOfPreset, type Preset } from "#core/policy/presets/preset.ts";
import { presets } from "#core/policy/presets/presets.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";

const now = Date.parse("2026-11-27T12:00:00Z");
let ids = 0;
const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`;

/** A document with a clone of the preset, and the lists that it asks for. */
function documentWith(preset: Preset): PolicyDocument {
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    lists: preset.requires.map(({ name, kind, entries }) => ({
      name,
      kind,
      entries: entries.length > 0 ? entries : ["ours.test"],
    })),
    routes: [{ name: "inside", protocol: preset.action.protocol, targets: [{ host: "127.0.0.1", port: 25 }] }],
    proxyActions: [cloneOfPreset(preset, "Mail", newId)],
    policies: [
      {
        name: "P",
        protocol: preset.action.protocol,
        from: { interface: "External" },
        to: { interface: "Trusted", route: "inside" },
        listen: [{ address: "127.0.0.1", port: 2525 }],
        proxyAction: "Mail",
      },
    ],
  });
}

function decided(id: string, stage: Stage, facts: Facts): string {
  const preset = presets.find((candidate) => candidate.id === id);
  const compiled = preset === undefined ? null : compilePolicy(documentWith(preset));
  const action = compiled?.ok ? compiled.policy.listeners[0]?.policies[0]?.action : undefined;
  if (action === undefined) throw new Error(JSON.stringify(compiled));
  const { action: taken, observed } = decide(action, stage, facts, now);
  return observed.length > 0 ? `${taken.kind}, would ${observed[0]?.verdict}` : taken.kind;
}

function changedPaths(preset: Preset): string[] {
  const { name, protocol, direction } = preset.action;
  const plain = proxyActionSchema.parse({ name, protocol, direction });
  return (["limits", "settings"] as const).flatMap((section) => {
    const usual = plain[section] as Record<string, unknown>;
    return Object.entries(preset.action[section])
      .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(usual[key]))
      .map(([key]) => `${section}.${key}`);
  });
}

describe.each(presets.map((preset) => [preset.title, preset] as const))("the preset %s", (_, preset) => {
  it("gives the reason of every setting that is not the default, and of no other", () => {
    expect(Object.keys(preset.reasons).sort()).toEqual(changedPaths(preset).sort());
  });

  it("is good once its lists are there, and survives being written down", () => {
    const document = documentWith(preset);
    expect(compilePolicy(document)).toMatchObject({ ok: true });
    expect(readPolicyDocument(writePolicyDocument(document))).toEqual({ ok: true, document });
  });

  it("is cloned with rule ids of its own, and stays as it is", () => {
    const before = JSON.stringify(preset);
    const ruleIds = (clone: object) => JSON.stringify(clone).match(/"id":"[^"]+"/g) ?? [];
    const [first, second] = [cloneOfPreset(preset, "A", newId), cloneOfPreset(preset, "B", newId)];
    expect(new Set([...ruleIds(first), ...ruleIds(second)]).size).toBe(2 * ruleIds(first).length);
    expect(JSON.stringify(preset)).toBe(before);
  });
});

describe("what the presets do", () => {
  it.each([
    ["incoming-recommended", "recipient", { recipient: ["a@ours.test"], recipientDomain: ["ours.test"] }, "allow"],
    ["incoming-recommended", "recipient", { recipient: ["postmaster"], recipientDomain: [""] }, "allow"],
    ["incoming-recommended", "recipient", { recipient: ["a@other.test"], recipientDomain: ["other.test"] }, "deny"],
    ["incoming-recommended", "sender", { sender: ["a@ours.test"], senderDomain: ["ours.test"] }, "deny"],
    ["incoming-recommended", "sender", { sender: [""], senderDomain: [""] }, "allow"],
    ["incoming-recommended", "sender", { sender: ["öl@müll.test"], senderDomain: ["müll.test"] }, "allow"],
    ["incoming-recommended", "sender", { sender: ["a%b@other.test"], senderDomain: ["other.test"] }, "deny"],
    ["incoming-recommended", "greeting", { helo: ["mail.other.test"] }, "allow"],
    ["incoming-recommended", "greeting", { helo: ["[IPv6:2001:db8::1]"] }, "allow"],
    ["incoming-recommended", "greeting", { helo: ["x;drop"] }, "deny"],
    ["incoming-recommended", "attachment", { fileName: ["report.pdf"] }, "allow"],
    ["incoming-recommended", "attachment", { fileName: ["backup.txt.gz"] }, "allow"],
    ["incoming-recommended", "attachment", { fileName: ["Setup.EXE"] }, "deny"],
    ["incoming-recommended", "attachment", { fileName: ["invoice.pdf.html"] }, "deny"],
    ["incoming-recommended", "attachment", { fileName: ["invoice\u202efdp.zip"] }, "deny"],
    ["incoming-recommended", "attachment", { fileName: ["plan.docm"] }, "allow, would deny"],
    ["incoming-strict", "attachment", { fileName: ["plan.docm"] }, "deny"],
    ["incoming-recommended", "attachment", { fileName: ["a.bin"], trait: ["executable"] }, "deny"],
    ["incoming-recommended", "attachment", { fileName: ["a.zip"], archiveEntry: ["x/Setup.exe"] }, "deny"],
    ["incoming-recommended", "attachment", { fileName: ["a.doc"], trait: ["macros"] }, "allow, would strip"],
    ["incoming-strict", "attachment", { fileName: ["a.doc"], trait: ["macros"] }, "lock"],
    ["incoming-recommended", "attachment", { fileName: ["a.doc"], virus: ["Eicar"] }, "quarantine"],
    ["incoming-recommended", "message", { spamAction: ["reject"] }, "quarantine"],
    ["incoming-recommended", "message", { dmarc: ["fail"], dmarcPolicy: ["reject"] }, "allow, would quarantine"],
    ["incoming-strict", "message", { dmarc: ["fail"], dmarcPolicy: ["reject"] }, "quarantine"],
    ["incoming-strict", "message", { dmarc: ["fail"], dmarcPolicy: ["none"] }, "allow"],
    ["incoming-strict", "message", { trait: ["ambiguous"] }, "deny"],
    ["incoming-strict", "message", { trait: ["too-large"] }, "deny"],
    ["incoming-strict", "message", { trait: ["uninspectable"] }, "deny"],
    ["outgoing-recommended", "sender", { sender: ["a@ours.test"], senderDomain: ["ours.test"] }, "allow"],
    ["outgoing-recommended", "sender", { sender: [""], senderDomain: [""] }, "allow"],
    ["outgoing-recommended", "sender", { sender: ["a@other.test"], senderDomain: ["other.test"] }, "deny"],
    ["outgoing-recommended", "attachment", { fileName: ["a.exe"] }, "allow, would deny"],
    ["outgoing-strict", "attachment", { fileName: ["a.exe"] }, "deny"],
    ["observe-everything", "recipient", { recipient: ["a@x.test"], recipientDomain: ["x.test"] }, "allow, would deny"],
    ["transparent-pass", "attachment", { fileName: ["a.exe"] }, "allow"],
    ["pop3-clients-recommended", "command", { command: ["DELE"], user: ["anna"] }, "allow"],
    ["pop3-clients-recommended", "header", { headerName: ["Subject"], headerValue: ["x"] }, "allow"],
    ["pop3-clients-recommended", "header", { headerName: ["DKIM-Signature"], headerValue: ["v=1"] }, "allow"],
    ["pop3-clients-recommended", "attachment", { fileName: ["report.pdf"] }, "allow"],
    ["pop3-clients-recommended", "attachment", { fileName: ["Setup.EXE"] }, "lock"],
    ["pop3-clients-recommended", "attachment", { fileName: ["invoice.pdf.html"] }, "lock"],
    ["pop3-clients-recommended", "attachment", { fileName: ["a.bin"], trait: ["executable"] }, "lock"],
    ["pop3-clients-recommended", "attachment", { fileName: ["a.zip"], archiveEntry: ["x/Setup.exe"] }, "lock"],
    ["pop3-clients-recommended", "attachment", { fileName: ["a.doc"], virus: ["Eicar"] }, "quarantine"],
    ["pop3-clients-recommended", "attachment", { fileName: ["plan.docm"] }, "allow, would strip"],
    [
      "pop3-clients-recommended",
      "attachment",
      { fileName: ["a.zip"], trait: ["encrypted", "archive"] },
      "allow, would strip",
    ],
    ["pop3-clients-recommended", "message", { trait: ["ambiguous"] }, "allow, would replace"],
    ["pop3-clients-recommended", "message", { spamAction: ["no action"] }, "allow"],
    ["pop3-clients-strict", "attachment", { fileName: ["a.zip"], trait: ["encrypted", "archive"] }, "lock"],
    ["pop3-clients-strict", "attachment", { fileName: ["a.p7m"], trait: ["encrypted"] }, "allow"],
    ["pop3-clients-strict", "attachment", { fileName: ["plan.docm"] }, "lock"],
    ["pop3-clients-strict", "message", { trait: ["ambiguous"] }, "replace"],
    ["pop3-server-recommended", "attachment", { fileName: ["a.doc"], virus: ["Eicar"] }, "quarantine"],
    ["pop3-server-strict", "message", { trait: ["uninspectable"] }, "replace"],
    ["pop3-observe-everything", "message", { trait: ["uninspectable"] }, "allow, would replace"],
    ["pop3-observe-everything", "attachment", { fileName: ["a.exe"] }, "allow, would strip"],
    ["pop3-transparent-pass", "attachment", { fileName: ["a.exe"] }, "allow"],
  ] as const)("%s at %s, %j: %s", (id, stage, facts, verdict) => {
    expect(decided(id, stage, facts)).toBe(verdict);
  });
});

describe("the presets for POP3", () => {
  const mailboxes = presets.flatMap(({ id, action }) => (action.protocol === "pop3" ? [[id, action] as const] : []));

  it("are there for both directions, and one of them deletes nothing", () => {
    expect(new Set(mailboxes.map(([, { direction }]) => direction))).toEqual(new Set(["incoming", "outgoing"]));
    expect(mailboxes.filter(([, { settings }]) => settings.deletion.allow !== "always").map(([id]) => id)).toEqual([
      "pop3-read-only",
    ]);
  });

  it.each(mailboxes)("%s leaves every command alone, and the time that RFC 1939 §3 asks for", (_, action) => {
    expect(action.rulesets.command).toBeUndefined();
    expect(action.limits.idleTimeoutMs).toBeGreaterThanOrEqual(600_000);
  });

  it.each(mailboxes)("%s never keeps spam away, and takes no header line out", (id, action) => {
    const { rulesets } = action;
    expect(rulesets.header).toBeUndefined();
    for (const spamAction of ["reject", "rewrite subject"]) {
      expect(decided(id, "message", { spamAction: [spamAction], spamScore: 9 })).toMatch(/^allow/);
    }
  });

  it.each(mailboxes)("%s takes USER and PASS: the only login that every program knows", (_, { settings }) => {
    expect(settings.auth.userPass).toBe(true);
  });

  it.each(mailboxes.filter(([, { direction }]) => direction === "incoming").slice(0, 2))(
    "%s takes no password in clear text from outside",
    (_, { settings }) => {
      expect(settings.auth).toMatchObject({ clearText: "never", apop: false });
    },
  );
});
