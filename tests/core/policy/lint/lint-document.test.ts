import { describe, expect, it } from "vitest";
import type { Finding } from "#core/policy/lint/finding.ts";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import { cloneOfPreset } from "#core/policy/presets/preset.ts";
import { presets } from "#core/policy/presets/presets.ts";
import { type DocumentParts, lintedDocument, onlyOurs } from "../../../support/linted-document.ts";

const now = Date.parse("2026-11-27T12:00:00Z");

const codes = (over: DocumentParts): string[] => lintDocument(lintedDocument(over), now).map(({ code }) => code);
const withoutPostmaster = (found: string[]) => found.filter((code) => code !== "postmaster-refused");

describe("the lint", () => {
  it("has nothing to say of a sound policy", () => {
    const recipient = {
      ...onlyOurs,
      rules: [{ name: "pm", when: { recipient: { is: "postmaster" } }, action: "allow" }, ...onlyOurs.rules],
    };
    expect(lintDocument(lintedDocument({ action: { rulesets: { recipient } } }), now)).toEqual([]);
  });

  it("leaves a document alone that is not valid: its problems come first", () => {
    expect(codes({ policy: { proxyAction: "gone" } })).toEqual([]);
  });

  it.each<[string, DocumentParts]>([
    ["open-relay", { action: { rulesets: {} } }],
    [
      "null-sender-refused",
      {
        action: {
          rulesets: {
            recipient: onlyOurs,
            sender: { rules: [{ name: "x", when: { sender: { is: "" } }, action: "deny" }] },
          },
        },
      },
    ],
    [
      "utf8-sender-refused",
      {
        action: {
          rulesets: {
            recipient: onlyOurs,
            sender: { rules: [{ name: "x", when: { sender: { pattern: "[^!-~]" } }, action: "deny" }] },
          },
        },
      },
    ],
    ["refuses-everything", { action: { rulesets: { recipient: { rules: [{ name: "x", action: "deny" }] } } } }],
    [
      "rule-expired",
      {
        action: {
          rulesets: {
            recipient: onlyOurs,
            header: { rules: [{ name: "x", action: "deny", expires: "2026-11-01T00:00:00Z" }] },
          },
        },
      },
    ],
    [
      "auth-in-clear",
      {
        action: {
          rulesets: { recipient: onlyOurs },
          settings: { auth: { mechanisms: ["XOAUTH2"], beforeTls: "offered" } },
        },
      },
    ],
    [
      "auth-mechanisms-missing",
      { action: { rulesets: { recipient: onlyOurs }, settings: { auth: { mechanisms: ["PLAIN", "LOGIN"] } } } },
    ],
    ["no-8bitmime", { action: { rulesets: { recipient: onlyOurs }, settings: { esmtp: { eightBitMime: false } } } }],
    ["few-recipients", { action: { rulesets: { recipient: onlyOurs }, limits: { recipientsMax: 50 } } }],
    ["small-messages", { action: { rulesets: { recipient: onlyOurs }, limits: { messageBytesMax: 65_535 } } }],
    [
      "no-token-logins",
      { action: { rulesets: { recipient: onlyOurs }, settings: { auth: { mechanisms: ["PLAIN", "SCRAM-SHA-256"] } } } },
    ],
    ["short-lines", { action: { rulesets: { recipient: onlyOurs }, limits: { lineBytesMax: 998 } } }],
    [
      "xclient-from-everyone",
      { action: { rulesets: { recipient: onlyOurs }, settings: { xclientFrom: ["0.0.0.0/0"] } } },
    ],
    ["proxy-protocol-from-everyone", { listen: { proxyProtocolFrom: ["::/0"] } }],
    ["no-tls-outside", { listen: { tls: undefined } }],
    ["login-in-clear", { route: { credential: "provider" } }],
    ["login-to-anyone", { route: { credential: "provider", tls: { mode: "required", verify: "none" } } }],
    [
      "unverified-spool",
      {
        route: { delivery: "spool" },
        action: { rulesets: { recipient: onlyOurs }, settings: { recipientVerification: { mode: "none" } } },
      },
    ],
    [
      "login-without-tls-listener",
      {
        action: { direction: "outgoing", rulesets: {}, settings: { auth: { mechanisms: ["XOAUTH2"] } } },
        policy: { from: { interface: "Trusted" }, to: { interface: "External", route: "inside" } },
        route: { tls: { mode: "required" } },
        listen: { tls: undefined },
      },
    ],
    [
      "login-passed-in-clear",
      {
        action: { direction: "outgoing", rulesets: {}, settings: { auth: { mechanisms: ["XOAUTH2"] } } },
        policy: { from: { interface: "Trusted" }, to: { interface: "External", route: "inside" } },
      },
    ],
    ["mx-defers-recipients", { route: { lookup: "mx", targets: [] } }],
    ["unused", { more: { lists: [{ name: "nobody's", kind: "words", entries: ["x"] }] } }],
  ])("finds %s, and nothing else", (code, over) => {
    expect([...new Set(withoutPostmaster(codes(over)))]).toEqual([code]);
  });

  it("names the rule that stands before one that never matches", () => {
    const sender = {
      rules: [
        { name: "all of test", when: { senderDomain: { like: "*.test" } }, action: "allow" },
        { name: "watched", state: "observe", when: { senderDomain: { like: "*" } }, action: "deny" },
        { name: "one of test", when: { senderDomain: { is: "bad.test" } }, action: "allow" },
      ],
    };
    const [shadowed] = lintDocument(
      lintedDocument({ action: { rulesets: { recipient: onlyOurs, sender } } }),
      now,
    ).filter(({ code }: Finding) => code === "rule-shadowed");
    expect(shadowed).toMatchObject({
      path: ["proxyActions", 0, "rulesets", "sender", "rules", 2],
      what: expect.stringContaining('rule 1 "all of test"'),
    });
  });

  it.each(presets.map((preset) => [preset.title, preset] as const))("finds no harm in the preset %s", (_, preset) => {
    const lists = preset.requires.map(({ name, kind, entries }) => ({
      name,
      kind,
      entries: entries.length > 0 ? entries : ["ours.test"],
    }));
    const { protocol } = preset.action;
    const document = lintedDocument({
      route: { protocol },
      policy: { protocol },
      more: { lists, proxyActions: [cloneOfPreset(preset, "Mail in", () => crypto.randomUUID())] },
    });
    expect(lintDocument(document, now).filter(({ severity }) => severity === "harm")).toEqual([]);
  });
});

describe("the lint of content", () => {
  const asking = (when: object) => ({ message: { rules: [{ name: "x", when, action: "deny" }] }, recipient: onlyOurs });
  const clamd = { name: "av", kind: "clamd", at: { socket: "/run/clamd" } };
  const content = { content: { scanners: ["av"] } };

  it.each<[string, DocumentParts]>([
    ["no-malware-scanner", { action: { rulesets: asking({ virus: { like: "*" } }) } }],
    [
      "no-spam-scanner",
      { action: { ...content, rulesets: asking({ spamScore: { over: 5 } }) }, more: { scanners: [clamd] } },
    ],
    ["scanner-passes-unscanned", { action: content, more: { scanners: [{ ...clamd, onFailure: "pass" }] } }],
    ["no-dns-lists", { action: { rulesets: asking({ dnsblScore: { over: 1 } }) } }],
    ["no-own-domains", { action: { rulesets: asking({ trait: { is: "spoofed" } }) } }],
    [
      "scanner-in-clear",
      { action: content, more: { scanners: [{ ...clamd, at: { host: "192.0.2.1", port: 3310 } }] } },
    ],
  ])("finds %s", (code, over) => {
    expect(codes(over)).toContain(code);
  });

  it("has nothing against what is complete", () => {
    const action = {
      ...content,
      settings: { senderAuth: { ownDomains: ["ours.test"], dnsbls: ["bl.test"] } },
      rulesets: asking({ virus: { like: "*" }, dnsbl: { is: "bl.test" }, trait: { is: "spoofed" } }),
    };
    expect(withoutPostmaster(codes({ action, more: { scanners: [clamd] } }))).toEqual([]);
  });

  it("does not call a rule shadowed by one that only changes the message", () => {
    const rules = [
      { name: "tag", action: { modify: { tag: "[X]" } } },
      { name: "spam", when: { subject: { like: "*" } }, action: "deny" },
    ];
    expect(codes({ action: { rulesets: { recipient: onlyOurs, message: { rules } } } })).not.toContain("rule-shadowed");
  });
});
