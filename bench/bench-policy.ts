/** The load comes from one address, all at once. */
const loadLimits = {
  connectionsMax: 100_000,
  connectionsPerSourceMax: 100_000,
  connectionsPerSourcePerMinuteMax: 1_000_000,
  messagesPerSourcePerMinuteMax: 10_000_000,
  recipientsPerSourcePerMinuteMax: 100_000_000,
  messagesMax: 1_000_000,
};

/** A policy as a small firm would have it: 50 rules over sender, recipient, header and attachment, none of which stops the load. */
export function benchPolicy(ports: { listen: number; upstream: number }): string {
  const rules = (count: number, make: (n: number) => object) =>
    Array.from({ length: count }, (_, n) => ({ name: `rule ${n + 1}`, ...make(n), action: "deny" }));
  return JSON.stringify({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    lists: [{ name: "executables", kind: "patterns", entries: ["*.exe", "*.scr", "*.js", "*.vbs", "*.bat", "*.cmd"] }],
    routes: [
      { name: "inside", protocol: "smtp", delivery: "inline", targets: [{ host: "127.0.0.1", port: ports.upstream }] },
    ],
    proxyActions: [
      {
        name: "Mail in",
        protocol: "smtp",
        direction: "incoming",
        limits: loadLimits,
        rulesets: {
          sender: {
            rules: rules(15, (n) => ({ when: { senderDomain: { in: [`blocked-${n}.test`, `spam-${n}.test`] } } })),
          },
          recipient: { rules: rules(10, (n) => ({ when: { recipient: { like: `closed-${n}-*@inside.test` } } })) },
          header: {
            rules: rules(10, (n) => ({
              when: { headerName: { is: "Subject" }, headerValue: { like: `*lottery ${n}*` } },
            })),
          },
          attachment: {
            rules: [
              ...rules(14, (n) => ({ when: { fileName: { like: `*invoice-${n}*.zip` } } })),
              { name: "executables", when: { fileName: { inList: "executables" } }, action: "deny" },
            ],
          },
        },
      },
    ],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External" },
        to: { interface: "Trusted", route: "inside" },
        listen: [{ address: "127.0.0.1", port: ports.listen }],
        proxyAction: "Mail in",
      },
    ],
  });
}
