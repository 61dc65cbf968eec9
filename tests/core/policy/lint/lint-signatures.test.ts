import { expect, it } from "vitest";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import { lintedDocument, onlyOurs } from "../../../support/linted-document.ts";

const now = Date.parse("2026-11-27T12:00:00Z");
const ours = new Set([
  "signed-lines-stripped",
  "signatures-stripped",
  "arc-stripped",
  "unsubscribe-stripped",
  "signed-parts-changed",
]);
const found = (rulesets: object, settings: object = {}) =>
  lintDocument(lintedDocument({ action: { rulesets: { recipient: onlyOurs, ...rulesets }, settings } }), now).filter(
    ({ code }) => ours.has(code),
  );
const allowing = (names: string[], noneMatched = "strip") => ({
  header: {
    rules: [{ name: "known", when: { headerName: { in: names } }, action: "allow" }],
    noneMatched: { action: noneMatched },
  },
});
const most = ["From", "Subject", "Date", "To", "Cc", "Reply-To", "Message-ID", "In-Reply-To", "References"];

it("stripping the header lines that no rule names takes signatures, ARC and List-Unsubscribe along", () => {
  const findings = found(allowing(most));
  expect(findings.map(({ code }) => code).sort()).toEqual([
    "arc-stripped",
    "signatures-stripped",
    "unsubscribe-stripped",
  ]);
  expect(findings.every(({ path }) => path.at(-1) === "noneMatched")).toBe(true);
  expect(found(allowing(["From"])).find(({ code }) => code === "signed-lines-stripped")?.what).toBe(
    "The header rules of Mail in take out Subject, Date, To, Cc, Reply-To, Message-ID, In-Reply-To, References.",
  );
});

it("nothing is said where they stay", () => {
  expect(found(allowing(most, "allow"))).toEqual([]);
  const kept = [...most, "DKIM-Signature", "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"];
  expect(found(allowing([...kept, "List-Unsubscribe", "List-Unsubscribe-Post"]))).toEqual([]);
});

it("leads to the rule that strips", () => {
  const rule = { name: "no lists", when: { headerName: { like: "List-*" } }, action: "strip" };
  expect(found({ header: { rules: [rule] } })).toMatchObject([
    {
      code: "unsubscribe-stripped",
      path: ["proxyActions", 0, "rulesets", "header", "rules", 0],
      what: "The header rules of Mail in take out List-Unsubscribe, List-Unsubscribe-Post.",
    },
  ]);
});

it("a rule that tags the subject or adds a banner changes what is signed, unless that is sealed or signed again", () => {
  const rule = { name: "mark", action: { modify: { tag: "[X]", banner: { text: "outside", at: "top" } } } };
  expect(found({ message: { rules: [rule] } })).toMatchObject([
    {
      code: "signed-parts-changed",
      what: 'The rule "mark" of Mail in, message changes what DKIM signatures cover: the subject, the text.',
    },
  ]);
  expect(found({ message: { rules: [rule] } }, { senderAuth: { onSignedModified: "sign" } })).toEqual([]);
  expect(found({ message: { rules: [{ ...rule, state: "observe" }] } })).toEqual([]);
  const added = { name: "x", action: { modify: { headers: [{ do: "add", name: "X-Spam", value: "1" }] } } };
  expect(found({ message: { rules: [added] } })).toEqual([]);
});
