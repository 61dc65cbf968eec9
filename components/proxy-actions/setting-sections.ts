import type { Protocol } from "#core/contract/facts.ts";
import { settingPaths } from "./setting-kind.ts";

export type SettingSection = {
  id: string;
  title: string;
  help?: string;
  /** Dotted paths in the proxy action, in the order of the page. */
  paths: readonly string[];
};

/** The sections of a proxy action's settings, in the order of the page. */
export function settingSections(protocol: Protocol): readonly SettingSection[] {
  const general = { id: "general", title: "General", paths: ["name", "direction"] };
  const limits = {
    id: "limits",
    title: "Limits",
    help: "None can be switched off.",
    paths: settingPaths(protocol).filter((path) => path.startsWith("limits.")),
  };
  const content = {
    id: "content",
    title: "Content",
    help: "How messages are looked into. What is looked at follows from the rules.",
    paths: settingPaths(protocol).filter((path) => path.startsWith("content.")),
  };
  if (protocol === "pop3") {
    const placed = new Set(mailboxSections.flatMap(({ paths }) => paths));
    const otherLimits = { ...limits, paths: limits.paths.filter((path) => !placed.has(path)) };
    return [
      { ...general, paths: [...general.paths, ...mailboxGeneralPaths] },
      ...mailboxSections,
      otherLimits,
      content,
    ];
  }
  return [{ ...general, paths: [...general.paths, ...generalPaths] }, limits, ...smtpSections, content, senderAuth];
}

const senderAuth: SettingSection = {
  id: "sender-auth",
  title: "Sender authentication",
  help: "SPF, DKIM, DMARC and ARC are checked when a rule or the results line asks for them.",
  paths: [
    "settings.senderAuth.results",
    "settings.senderAuth.authservId",
    "settings.senderAuth.ownDomains",
    "settings.senderAuth.dnsbls",
    "settings.senderAuth.timeLimitMs",
    "settings.senderAuth.onSignedModified",
    "settings.senderAuth.sealWith",
    "settings.senderAuth.sign",
  ],
};

const generalPaths = [
  "settings.hostName",
  "settings.banner",
  "settings.greetingDelayMs",
  "settings.hideServerReplies",
  "settings.receivedHeader",
  "settings.messageIdHeader",
  "settings.sessionRecords",
];

const mailboxGeneralPaths = ["settings.banner", "settings.hideServerReplies", "settings.sessionRecords"];

const mailboxSections: readonly SettingSection[] = [
  {
    id: "logins",
    title: "Logins",
    help: "Users log in at the route's server, or through its bridge. What the server does not offer is not offered through us.",
    paths: ["settings.auth.clearText", "settings.auth.userPass", "settings.auth.apop", "settings.auth.mechanisms"],
  },
  {
    id: "failed-logins",
    title: "Failed logins",
    help: "Guessing is slow and ends. Who is refused hears the same whether the user exists or not.",
    paths: [
      "limits.loginFailuresMax",
      "limits.loginFailureDelayMs",
      "limits.loginFailuresPerSourceMax",
      "limits.loginFailuresPerUserMax",
      "limits.loginFailureMinutes",
      "limits.loginBanMinutes",
    ],
  },
  {
    id: "deletion",
    title: "Deleting mail",
    help: "Most programs delete what they have fetched. What may not be deleted stays on the server, for other programs and for a second look.",
    paths: ["settings.deletion.allow", "settings.deletion.days", "settings.deletion.answer", "settings.deletion.warn"],
  },
  {
    id: "judging",
    title: "Judging messages",
    help: "A message is fetched whole, judged by the rules, and only then given to the client: as it is, changed, or with a notice in its place.",
    paths: ["settings.headStartMs", "settings.verdictHours", "limits.messageBytesMax", "limits.lineBytesMax"],
  },
  {
    id: "capabilities",
    title: "Capabilities",
    help: "Passed on where the server has them; off takes one out of every CAPA answer.",
    paths: ["settings.capabilities.pipelining", "settings.capabilities.utf8", "settings.capabilities.lang"],
  },
];

const smtpSections: readonly SettingSection[] = [
  {
    id: "esmtp",
    title: "ESMTP and commands",
    help: "Extensions are offered where the server offers them too; off takes one out of every EHLO answer.",
    paths: [
      "settings.esmtp.pipelining",
      "settings.esmtp.eightBitMime",
      "settings.esmtp.smtpUtf8",
      "settings.esmtp.enhancedStatusCodes",
      "settings.esmtp.dsn",
      "settings.esmtp.chunking",
      "settings.esmtp.limits",
      "settings.commands.VRFY",
      "settings.commands.EXPN",
      "settings.commands.HELP",
      "settings.commands.ETRN",
    ],
  },
  {
    id: "auth",
    title: "AUTH",
    help: "Clients log in at the route's server: an exchange is passed through, never read.",
    paths: ["settings.auth.mechanisms", "settings.auth.required", "settings.auth.beforeTls"],
  },
  {
    id: "tls",
    title: "TLS rules",
    help: "TLS that single domains ask for. The first rule that fits a recipient decides; where none does, listener and route say.",
    paths: ["settings.tlsRules"],
  },
  {
    id: "format",
    title: "Message format",
    paths: ["settings.bareLineEnds", "settings.longLines", "settings.recipientsDiffer"],
  },
  {
    id: "verification",
    title: "Recipient verification",
    help: "Which recipients exist, where the server is not asked while the client waits, or is down.",
    paths: [
      "settings.recipientVerification.mode",
      "settings.recipientVerification.list",
      "settings.recipientVerification.positiveMinutes",
      "settings.recipientVerification.negativeMinutes",
      "settings.recipientVerification.knownDays",
      "settings.recipientVerification.whenUnknown",
    ],
  },
  {
    id: "bans",
    title: "Bans and trust",
    paths: ["settings.autoBan.on", "settings.autoBan.minutes", "settings.xclientFrom"],
  },
];
