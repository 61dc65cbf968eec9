import type { JudgedFacts, JudgedStep } from "#core/contract/judged-facts.ts";
import { database } from "#lib/db.ts";

export type JudgedMessageShape = {
  sender?: string;
  recipient?: string;
  lines?: readonly (readonly [name: string, value: string])[];
  fileNames?: readonly string[];
  bytes?: number;
};

/** What a worker tells of a message to one recipient that was taken and looked into. */
export function judgedFacts({
  sender = "a@sender.test",
  recipient = "b@inside.test",
  lines = [],
  fileNames = [],
  bytes = 2_000,
}: JudgedMessageShape = {}): JudgedFacts {
  const domain = (address: string) => address.slice(address.indexOf("@") + 1);
  const to = { recipient: [recipient], recipientDomain: [domain(recipient)] };
  const steps: JudgedStep[] = [
    {
      stage: null,
      facts: {
        clientAddress: "192.0.2.7",
        helo: ["mx.sender.test"],
        tls: [""],
        authUser: [""],
        sender: [sender],
        senderDomain: [domain(sender)],
      },
    },
    { stage: "sender", facts: {} },
    { stage: "recipient", facts: to, recipient: "taken" },
    { stage: null, facts: { ...to, recipientCount: 1 } },
    ...lines.map(
      ([name, value]): JudgedStep => ({
        stage: "header",
        facts: { headerName: [name], headerValue: [value] },
      }),
    ),
    { stage: null, facts: { from: [sender], subject: ["hello"] } },
    ...fileNames.map(
      (name): JudgedStep => ({
        stage: "attachment",
        facts: { fileName: [name], contentType: ["application/pdf"], detectedType: ["application/pdf"] },
      }),
    ),
    {
      stage: "message",
      facts: { attachmentCount: fileNames.length, messageBytes: bytes, hour: 10, weekday: ["mon"] },
    },
  ];
  return {
    listener: { address: "127.0.0.1", port: 2525 },
    steps,
    omitted: 0,
    looked: { header: true, attachment: true },
  };
}

/** A document under which they come, as YAML. */
export function judgingPolicy(rulesets: object, port = 2525): string {
  return JSON.stringify({
    version: 1,
    interfaces: [{ name: "External", zone: "external" }],
    routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "127.0.0.1", port: 2600 }] }],
    proxyActions: [
      { name: "Mail in", protocol: "smtp", direction: "incoming", settings: { hostName: "gate.test" }, rulesets },
    ],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External" },
        to: { interface: "External", route: "inside" },
        listen: [{ address: "127.0.0.1", port }],
        proxyAction: "Mail in",
      },
    ],
  });
}

/** Puts messages in the database that revision 1 let pass, half a second apart up to `until`; `%n` in their facts is their number. */
export async function messagesJudged(facts: JudgedFacts, count: number, until: Date, prefix = "M"): Promise<void> {
  await database().$executeRaw`
    INSERT INTO "MessageFacts"
    SELECT ${prefix} || n, ${until}::timestamptz - make_interval(secs => n * 0.5), 'External', 'smtp', 'In', 'allow', NULL, 1,
           replace(${JSON.stringify(facts)}, '%n', n::text)
    FROM generate_series(1, ${count}::int) AS n`;
  await database().$executeRaw`
    INSERT INTO "MailEvent" ("id", "workerId", "at", "kind", "sender", "recipients", "subject", "detail")
    SELECT "eventId", 'local', "at", 'message', 'a@sender.test', ARRAY['b@inside.test'], 'hello', '{}'::jsonb
    FROM "MessageFacts" ON CONFLICT DO NOTHING`;
}
