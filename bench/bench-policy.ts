/** The load comes from one address, all at once. */
const connectionLimits = {
  connectionsMax: 100_000,
  connectionsPerSourceMax: 100_000,
  connectionsPerSourcePerMinuteMax: 1_000_000,
};
const messageLimits = {
  messagesPerSourcePerMinuteMax: 10_000_000,
  recipientsPerSourcePerMinuteMax: 100_000_000,
  messagesMax: 1_000_000,
};

export type BenchProtocol = "smtp" | "pop3";
/** What the policy is for; "queue": everything is accepted into the queue. */
export type BenchPurpose = BenchProtocol | "queue";
type Ports = { listen: number; upstream: number };

/** A policy as a small firm would have it: 50 rules over whatever the protocol shows of a message, none of which stops the load. */
export function benchPolicy(purpose: BenchPurpose, ports: Ports): string {
  if (purpose === "pop3") return pop3Policy(ports);
  return smtpPolicy(ports, purpose === "smtp" ? { delivery: "inline" } : { delivery: "spool", retrySchedule: "1h*99" });
}

function smtpPolicy(ports: Ports, route: object): string {
  const rulesets = {
    sender: { rules: rules(15, (n) => ({ senderDomain: { in: [`blocked-${n}.test`, `spam-${n}.test`] } })) },
    recipient: { rules: rules(10, (n) => ({ recipient: { like: `closed-${n}-*@inside.test` } })) },
    ...contentRulesets("deny", 10, 15),
  };
  const limits = { ...connectionLimits, ...messageLimits };
  // Nobody can be asked who is there while the server is down.
  const settings = { recipientVerification: { mode: "none" } };
  return document(ports, { protocol: "smtp", direction: "incoming", limits, settings, rulesets }, route);
}

function pop3Policy(ports: Ports): string {
  const rulesets = contentRulesets("replace", 25, 25);
  return document(ports, { protocol: "pop3", direction: "incoming", limits: connectionLimits, rulesets }, {});
}

function contentRulesets(action: string, headers: number, fileNames: number) {
  const named = (n: number) => ({ fileName: { like: `*invoice-${n}*.zip` } });
  const subject = (n: number) => ({ headerName: { is: "Subject" }, headerValue: { like: `*lottery ${n}*` } });
  return {
    header: { rules: rules(headers, subject, action) },
    attachment: {
      rules: [
        ...rules(fileNames - 1, named, action),
        { name: "executables", when: { fileName: { inList: "executables" } }, action },
      ],
    },
  };
}

function rules(count: number, when: (n: number) => object, action = "deny"): object[] {
  return Array.from({ length: count }, (_, n) => ({ name: `rule ${n + 1}`, when: when(n), action }));
}

function document(
  ports: Ports,
  action: { protocol: BenchProtocol; direction: string; limits: object; settings?: object; rulesets: object },
  route: object,
): string {
  const { protocol } = action;
  return JSON.stringify({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    lists: [{ name: "executables", kind: "patterns", entries: ["*.exe", "*.scr", "*.js", "*.vbs", "*.bat", "*.cmd"] }],
    routes: [{ name: "inside", protocol, targets: [{ host: "127.0.0.1", port: ports.upstream }], ...route }],
    proxyActions: [{ name: "Mail in", ...action }],
    policies: [
      {
        name: "In",
        protocol,
        from: { interface: "External" },
        to: { interface: "Trusted", route: "inside" },
        listen: [{ address: "127.0.0.1", port: ports.listen }],
        proxyAction: "Mail in",
      },
    ],
  });
}
