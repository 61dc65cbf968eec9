import { weekDays } from "./schedule.ts";
import { traitNames } from "./traits.ts";

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
  /** Known in its first stage only (a single header line, a single command, the size of a single part). */
  momentary?: true;
  /** A text fact that has no other readings than these. */
  values?: readonly string[];
};

const authResults = ["none", "pass", "fail", "neutral", "softfail", "policy", "temperror", "permerror"] as const;
const confirmed = ["pass", "fail", "none", "temperror"] as const;

export const facts = {
  clientAddress: { kind: "network", words: "client address", since: { smtp: "greeting", pop3: "command" } },
  helo: { kind: "text", words: "HELO name", since: { smtp: "greeting" } },
  /** Version as in `TLSv1.3`; empty: clear text. */
  tls: { kind: "text", words: "TLS version", since: { smtp: "greeting", pop3: "command" } },
  /** POP3: of the login, also USER (with PASS) and APOP; empty before it. */
  authMechanism: { kind: "text", words: "AUTH mechanism", since: { smtp: "auth", pop3: "command" } },
  /** Empty: not authenticated. Known where the mechanism tells it in the clear. */
  authUser: { kind: "text", words: "authenticated user", since: { smtp: "sender" } },
  sender: { kind: "text", words: "sender", since: { smtp: "sender" } },
  senderDomain: { kind: "text", words: "sender domain", since: { smtp: "sender" } },
  recipient: { kind: "text", words: "recipient", since: { smtp: "recipient" } },
  recipientDomain: { kind: "text", words: "recipient domain", since: { smtp: "recipient" } },
  recipientCount: { kind: "number", words: "number of recipients", since: { smtp: "header" } },
  command: { kind: "text", words: "POP3 command", since: { pop3: "command" }, momentary: true },
  user: { kind: "text", words: "mailbox user", since: { pop3: "command" } },
  /** What stands behind the last @ of the user; empty: nothing does. */
  userDomain: { kind: "text", words: "domain of the mailbox user", since: { pop3: "command" } },
  headerName: { kind: "text", words: "header name", since: { smtp: "header", pop3: "header" }, momentary: true },
  headerValue: { kind: "text", words: "header value", since: { smtp: "header", pop3: "header" }, momentary: true },
  from: { kind: "text", words: "From address", since: { smtp: "attachment", pop3: "attachment" } },
  subject: { kind: "text", words: "subject", since: { smtp: "attachment", pop3: "attachment" } },
  fileName: { kind: "text", words: "file name", since: { smtp: "attachment", pop3: "attachment" } },
  contentType: { kind: "text", words: "content type", since: { smtp: "attachment", pop3: "attachment" } },
  /** By its content, whatever it is declared to be. */
  detectedType: { kind: "text", words: "detected type", since: { smtp: "attachment", pop3: "attachment" } },
  trait: { kind: "text", words: "trait", since: { smtp: "attachment", pop3: "attachment" }, values: traitNames },
  partBytes: {
    kind: "number",
    words: "size of the part in bytes",
    since: { smtp: "attachment", pop3: "attachment" },
    momentary: true,
  },
  /** SHA-256 of the decoded part, hexadecimal. */
  digest: { kind: "text", words: "SHA-256 of the part", since: { smtp: "attachment", pop3: "attachment" } },
  archiveEntry: { kind: "text", words: "name in an archive", since: { smtp: "attachment", pop3: "attachment" } },
  /** Of text parts, as their reader sees it; of HTML its words. */
  text: { kind: "text", words: "text", since: { smtp: "attachment", pop3: "attachment" } },
  url: { kind: "text", words: "link", since: { smtp: "attachment", pop3: "attachment" } },
  urlHost: { kind: "text", words: "host of a link", since: { smtp: "attachment", pop3: "attachment" } },
  /** Names of the dictionaries whose score reaches their threshold; at the message stage, over all its texts, names and header lines. */
  dictionary: { kind: "text", words: "dictionary", since: { smtp: "attachment", pop3: "attachment" } },
  /** Names of what scanners found. */
  virus: { kind: "text", words: "malware", since: { smtp: "attachment", pop3: "attachment" } },
  attachmentCount: { kind: "number", words: "number of attachments", since: { smtp: "message", pop3: "message" } },
  messageBytes: { kind: "number", words: "message size in bytes", since: { smtp: "message", pop3: "message" } },
  spf: { kind: "text", words: "SPF result", since: { smtp: "message" }, values: authResults },
  /** One reading for each signature; without any: none. */
  dkim: { kind: "text", words: "DKIM result", since: { smtp: "message", pop3: "message" }, values: authResults },
  dkimDomain: {
    kind: "text",
    words: "domain of a DKIM signature that passed",
    since: { smtp: "message", pop3: "message" },
  },
  dmarc: { kind: "text", words: "DMARC result", since: { smtp: "message" }, values: authResults },
  dmarcPolicy: {
    kind: "text",
    words: "DMARC policy of the From domain",
    since: { smtp: "message" },
    values: ["none", "quarantine", "reject"],
  },
  arc: { kind: "text", words: "ARC result", since: { smtp: "message", pop3: "message" }, values: authResults },
  /** pass: a name of the client's address leads back to it. */
  reverseName: { kind: "text", words: "reverse name check", since: { smtp: "message" }, values: confirmed },
  heloCheck: { kind: "text", words: "HELO check", since: { smtp: "message" }, values: confirmed },
  /** Zones that list the client's address, and the sum of their weights. */
  dnsbl: { kind: "text", words: "DNS list", since: { smtp: "message" } },
  dnsblScore: { kind: "number", words: "score of DNS lists", since: { smtp: "message" } },
  /** The highest of all scanners that score. */
  spamScore: { kind: "number", words: "spam score", since: { smtp: "message", pop3: "message" } },
  spamAction: {
    kind: "text",
    words: "action that the spam scanner asks for",
    since: { smtp: "message", pop3: "message" },
  },
  spamSymbol: { kind: "text", words: "symbol of the spam scanner", since: { smtp: "message", pop3: "message" } },
  /** Of the moment of the verdict, in UTC. */
  hour: { kind: "number", words: "hour (UTC)", since: { smtp: "message", pop3: "message" } },
  weekday: { kind: "text", words: "day (UTC)", since: { smtp: "message", pop3: "message" }, values: weekDays },
} as const satisfies Record<string, FactDefinition>;

export type FactName = keyof typeof facts;
export type FactNameOf<K extends FactKind> = {
  [N in FactName]: (typeof facts)[N]["kind"] extends K ? N : never;
}[FactName];

/** The observed values, by fact; a fact that is not yet known is absent. */
export type Facts = { [N in FactNameOf<"text">]?: readonly string[] } & { [N in FactNameOf<"number">]?: number } & {
  [N in FactNameOf<"network">]?: string;
};

/** The only readings that a text fact can have, or null: any. */
export function factValues(name: FactName): readonly string[] | null {
  const definition: FactDefinition = facts[name];
  return definition.values ?? null;
}

/** Whether a rule in the ruleset `stage` of `protocol` may ask for the fact. */
export function factIsKnown(name: FactName, protocol: Protocol, stage: Stage): boolean {
  const definition: FactDefinition = facts[name];
  const since = definition.since[protocol];
  if (since === undefined) return false;
  const order: readonly string[] = stagesByProtocol[protocol];
  return definition.momentary ? since === stage : order.indexOf(since) <= order.indexOf(stage);
}
