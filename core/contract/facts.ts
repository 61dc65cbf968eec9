/**
 * What a rule can ask about. A fact is known from one stage on and stays known in the later ones.
 * Text facts are lists of readings: a file name that can be read in two ways has two, a message with three
 * recipients has three `recipient` values from the header stage on. A test holds when any reading passes it.
 */
export const stagesByProtocol = {
  smtp: ["greeting", "auth", "sender", "recipient", "header", "attachment", "message"],
  pop3: ["command", "header", "attachment", "message"],
} as const;

export type Protocol = keyof typeof stagesByProtocol;
export type SmtpStage = (typeof stagesByProtocol.smtp)[number];
export type Pop3Stage = (typeof stagesByProtocol.pop3)[number];
export type Stage = SmtpStage | Pop3Stage;

export type FactKind = "text" | "number" | "network";

type FactDefinition = {
  kind: FactKind;
  /** The words of the sentence form: "If <words> is in …". */
  words: string;
  /** The first stage that knows it, by protocol; absent: never known there. */
  since: { smtp?: SmtpStage; pop3?: Pop3Stage };
  /** Known in its first stage only (a single header line, a single command). */
  momentary?: true;
};

export const facts = {
  clientAddress: { kind: "network", words: "client address", since: { smtp: "greeting", pop3: "command" } },
  helo: { kind: "text", words: "HELO name", since: { smtp: "greeting" } },
  /** Version as in `TLSv1.3`; empty: clear text. */
  tls: { kind: "text", words: "TLS version", since: { smtp: "greeting" } },
  authMechanism: { kind: "text", words: "AUTH mechanism", since: { smtp: "auth" } },
  /** Empty: not authenticated. Known where the mechanism tells it in the clear. */
  authUser: { kind: "text", words: "authenticated user", since: { smtp: "sender" } },
  sender: { kind: "text", words: "sender", since: { smtp: "sender" } },
  senderDomain: { kind: "text", words: "sender domain", since: { smtp: "sender" } },
  recipient: { kind: "text", words: "recipient", since: { smtp: "recipient" } },
  recipientDomain: { kind: "text", words: "recipient domain", since: { smtp: "recipient" } },
  recipientCount: { kind: "number", words: "number of recipients", since: { smtp: "header" } },
  command: { kind: "text", words: "POP3 command", since: { pop3: "command" }, momentary: true },
  user: { kind: "text", words: "mailbox user", since: { pop3: "command" } },
  headerName: { kind: "text", words: "header name", since: { smtp: "header", pop3: "header" }, momentary: true },
  headerValue: { kind: "text", words: "header value", since: { smtp: "header", pop3: "header" }, momentary: true },
  from: { kind: "text", words: "From address", since: { smtp: "attachment", pop3: "attachment" } },
  subject: { kind: "text", words: "subject", since: { smtp: "attachment", pop3: "attachment" } },
  fileName: { kind: "text", words: "file name", since: { smtp: "attachment", pop3: "attachment" } },
  contentType: { kind: "text", words: "content type", since: { smtp: "attachment", pop3: "attachment" } },
  attachmentCount: { kind: "number", words: "number of attachments", since: { smtp: "message", pop3: "message" } },
  messageBytes: { kind: "number", words: "message size in bytes", since: { smtp: "message", pop3: "message" } },
} as const satisfies Record<string, FactDefinition>;

export type FactName = keyof typeof facts;
export type FactNameOf<K extends FactKind> = {
  [N in FactName]: (typeof facts)[N]["kind"] extends K ? N : never;
}[FactName];

/** The observed values, by fact; a fact that is not yet known is absent. */
export type Facts = { [N in FactNameOf<"text">]?: readonly string[] } & { [N in FactNameOf<"number">]?: number } & {
  [N in FactNameOf<"network">]?: string;
};

/** Whether a rule in the ruleset `stage` of `protocol` may ask for the fact. */
export function factIsKnown(name: FactName, protocol: Protocol, stage: Stage): boolean {
  const definition: FactDefinition = facts[name];
  const since = definition.since[protocol];
  if (since === undefined) return false;
  const order: readonly string[] = stagesByProtocol[protocol];
  return definition.momentary ? since === stage : order.indexOf(since) <= order.indexOf(stage);
}
