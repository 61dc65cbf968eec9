import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import { documentArbitrary } from "../../../support/policy-arbitrary.ts";

const now = Date.parse("2026-11-27T12:00:00Z");

function incoming(rulesets: object): PolicyDocument {
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "127.0.0.1", port: 25 }] }],
    proxyActions: [{ name: "Mail in", protocol: "smtp", direction: "incoming", rulesets }],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External" },
        to: { interface: "Trusted", route: "inside" },
        listen: [{ address: "127.0.0.1", port: 2525 }],
        proxyAction: "Mail in",
      },
    ],
  });
}

/** Whether the path leads to something, or to a key that its object lacks. */
function leadsSomewhere(document: unknown, path: readonly (string | number)[]): boolean {
  let node = document;
  for (const part of path) {
    if (typeof node !== "object" || node === null) return false;
    node = Object.entries(node).find(([key]) => key === String(part))?.[1];
  }
  return true;
}

describe("the lint of any document", () => {
  it("leaves it as it is, points into it, and speaks in whole sentences", () => {
    fc.assert(
      fc.property(documentArbitrary, (document) => {
        const before = JSON.stringify(document);
        for (const { path, what, why, doThis } of lintDocument(document, now)) {
          expect(leadsSomewhere(document, path)).toBe(true);
          for (const sentence of [what, why, doThis]) {
            expect(sentence).toMatch(/\.$/);
            expect(sentence).not.toMatch(/undefined|\[object|NaN/);
          }
        }
        expect(JSON.stringify(document)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });

  it("does not call a rule that asks for TLS one that refuses the null sender", () => {
    const tls = { rules: [{ name: "TLS only", when: { tls: { is: "" } }, action: "deny" }] };
    const codes = lintDocument(incoming({ sender: tls }), now).map(({ code }) => code);
    expect(codes).not.toContain("null-sender-refused");
  });
});
