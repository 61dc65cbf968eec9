import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";

/** What stands in place of the parts of `lintedDocument`, or beside them. */
export type DocumentParts = { action?: object; route?: object; policy?: object; listen?: object; more?: object };

/** A recipient ruleset that makes no open relay. */
export const onlyOurs = {
  rules: [{ name: "ours", when: { recipientDomain: { is: "ours.test" } }, action: "allow" }],
  noneMatched: { action: "deny" },
};

/** One policy for mail from outside, of which the lint says that postmaster is refused, and else nothing. */
export function lintedDocument({
  action = {},
  route = {},
  policy = {},
  listen = {},
  more = {},
}: DocumentParts = {}): PolicyDocument {
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "mx.inside.test", port: 25 }], ...route }],
    proxyActions: [
      { name: "Mail in", protocol: "smtp", direction: "incoming", rulesets: { recipient: onlyOurs }, ...action },
    ],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External" },
        to: { interface: "Trusted", route: "inside" },
        listen: [{ address: "127.0.0.1", port: 2525, tls: { mode: "allowed", certificates: ["mx"] }, ...listen }],
        proxyAction: "Mail in",
        ...policy,
      },
    ],
    ...more,
  });
}
