import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";

/** What is different from a sound policy. */
export type Over = {
  settings?: { auth?: object; [setting: string]: unknown };
  limits?: object;
  commands?: object[];
  noneMatched?: object;
  content?: object;
  route?: object;
  from?: { interface: string; sources?: string[] };
  to?: { interface?: string; [setting: string]: unknown };
  policy?: object;
  listen?: object;
  more?: object;
};

const secured = { mode: "implicit", certificates: ["mail"] };
export const provider = { host: "pop.provider.test", port: 995 };

/** Inside programs fetch from a provider: with TLS on both legs, and nothing against it. */
export function mailboxPolicy(over: Over = {}): PolicyDocument {
  const {
    settings = {},
    limits = {},
    commands = [],
    noneMatched,
    content = {},
    route = {},
    policy = {},
    from = { interface: "Trusted" },
  } = over;
  const place = { interface: "External", route: "provider", ...over.to };
  const rules = commands.map((rule, n) => ({ name: `rule ${n + 1}`, action: "deny", ...rule }));
  const command = { rules, ...(noneMatched === undefined ? {} : { noneMatched }) };
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ].filter(({ name }) => [from.interface, place.interface].includes(name)),
    routes: [{ name: "provider", protocol: "pop3", targets: [provider], tls: { mode: "implicit" }, ...route }],
    proxyActions: [
      {
        name: "Fetch",
        protocol: "pop3",
        direction: "outgoing",
        limits,
        settings: { ...settings, auth: { apop: false, ...settings.auth } },
        content,
        rulesets: { command },
      },
    ],
    policies: [
      {
        name: "Fetch",
        protocol: "pop3",
        from,
        to: place,
        listen: [{ address: "192.0.2.10", port: 2110, tls: secured, ...over.listen }],
        proxyAction: "Fetch",
        ...policy,
      },
    ],
    ...over.more,
  });
}
