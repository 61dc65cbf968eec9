import type { PolicyDocument, SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { Add, SettingCheck } from "./finding.ts";
import { isEveryone } from "./lint-listeners.ts";

type Check = SettingCheck<SmtpProxyAction>;

/** A switched-off keyword of EHLO. */
function keyword(
  name: keyof SmtpProxyAction["settings"]["esmtp"],
  offered: string,
  why: string,
  source: string,
): Check {
  return {
    code: `no-${offered.toLowerCase()}`,
    severity: "warning",
    setting: ["settings", "esmtp", name],
    hurts: ({ settings }) => !settings.esmtp[name],
    what: `${offered} is not offered.`,
    why,
    doThis: "Switch it on: it is offered only where the server has it too.",
    source,
  };
}

const tokens = ["XOAUTH2", "OAUTHBEARER"] as const;
const scram = ["SCRAM-SHA-256", "SCRAM-SHA-1"] as const;
const modern = [...tokens, ...scram];

const checks: readonly Check[] = [
  keyword(
    "eightBitMime",
    "8BITMIME",
    "Senders encode the mail again, which breaks DKIM signatures of the body.",
    "RFC 6152",
  ),
  keyword("smtpUtf8", "SMTPUTF8", "Mail with addresses outside ASCII cannot pass.", "RFC 6531"),
  keyword(
    "pipelining",
    "PIPELINING",
    "Each command waits for the answer before it: mail is several times slower.",
    "RFC 2920",
  ),
  keyword(
    "enhancedStatusCodes",
    "ENHANCEDSTATUSCODES",
    "Senders cannot tell a full mailbox from an unknown user.",
    "RFC 2034",
  ),
  keyword("dsn", "DSN", "A sender's NOTIFY=NEVER is lost: notices go out that nobody wants.", "RFC 3461"),
  {
    code: "auth-mechanisms-missing",
    severity: "warning",
    setting: ["settings", "auth", "mechanisms"],
    hurts: ({ settings: { auth } }) =>
      auth.mechanisms.length > 0 && !modern.some((mechanism) => auth.mechanisms.includes(mechanism)),
    what: "None of XOAUTH2, OAUTHBEARER and SCRAM is among the AUTH mechanisms.",
    why: "Clients of the large providers use XOAUTH2 alone, and SCRAM is the one that does not show the password: they fail to log in.",
    doThis: "Add them: they are offered only where the server has them too.",
    source: "RFC 4954",
  },
  {
    code: "no-token-logins",
    severity: "note",
    setting: ["settings", "auth", "mechanisms"],
    hurts: ({ settings: { auth } }) =>
      scram.some((mechanism) => auth.mechanisms.includes(mechanism)) &&
      !tokens.some((mechanism) => auth.mechanisms.includes(mechanism)),
    what: "Neither XOAUTH2 nor OAUTHBEARER is among the AUTH mechanisms.",
    why: "Where the server behind is Microsoft's or Google's, it takes no passwords: Outlook and others fail to log in.",
    doThis: "Add them: they are offered only where the server has them too.",
    source: "RFC 7628",
  },
  {
    code: "auth-in-clear",
    severity: "harm",
    setting: ["settings", "auth", "beforeTls"],
    hurts: ({ settings: { auth } }) => auth.mechanisms.length > 0 && auth.beforeTls === "offered",
    what: "AUTH is offered in clear text.",
    why: "Passwords can be read on the way.",
    doThis: "Hide it before TLS.",
    source: "RFC 8314 §3",
  },
  {
    code: "few-recipients",
    severity: "warning",
    setting: ["limits", "recipientsMax"],
    hurts: ({ limits }) => limits.recipientsMax < 100,
    what: "Fewer than 100 recipients are taken.",
    why: "A sender may rely on 100; some give up at the first 452.",
    doThis: "Set 100 or more.",
    source: "RFC 5321 §4.5.3.1.10",
  },
  {
    code: "small-messages",
    severity: "harm",
    setting: ["limits", "messageBytesMax"],
    hurts: ({ limits }) => limits.messageBytesMax < 65_536,
    what: "Messages of 64 KiB, which every server has to take, are too large here.",
    why: "Ordinary mail with a picture is refused.",
    doThis: "Set 65,536 or more; attachments ask for 25 MB.",
    source: "RFC 5321 §4.5.3.1.7",
  },
  {
    code: "short-lines",
    severity: "warning",
    setting: ["limits", "lineBytesMax"],
    hurts: ({ limits }) => limits.lineBytesMax < 1000,
    what: "Lines of 1000 octets, which the standard allows, are too long here.",
    why: "Correct mail is refused.",
    doThis: "Set 1000 or more.",
    source: "RFC 5321 §4.5.3.1.6",
  },
  {
    code: "short-idle-time",
    severity: "warning",
    setting: ["limits", "idleTimeoutMs"],
    hurts: ({ limits }) => limits.idleTimeoutMs < 300_000,
    what: "A client that is silent for less than 5 minutes is cut off.",
    why: "Servers that look up recipients or scan in between lose their session.",
    doThis: "Set 300,000 ms or more.",
    source: "RFC 5321 §4.5.3.2.7",
  },
  {
    code: "no-received-line",
    severity: "warning",
    setting: ["settings", "receivedHeader"],
    hurts: ({ settings }) => settings.receivedHeader === "none",
    what: "No Received line is added.",
    why: "A loop through this relay cannot be found, and nobody can tell that the mail came this way.",
    doThis: "Add it.",
    source: "RFC 5321 §4.4",
  },
  {
    code: "message-id-replaced",
    severity: "warning",
    setting: ["settings", "messageIdHeader"],
    hurts: ({ settings }) => settings.messageIdHeader === "replace",
    what: "The Message-ID is replaced.",
    why: "DKIM signatures that cover it fail, and replies no longer find their thread.",
    doThis: "Keep it, unless the name in it must not be seen.",
    source: "RFC 6376 §5.4.1",
  },
  {
    code: "lines-broken",
    severity: "warning",
    setting: ["settings", "longLines"],
    hurts: ({ settings }) => settings.longLines === "break",
    what: "Lines that are too long are broken.",
    why: "DKIM signatures of the body fail.",
    doThis: "Refuse them, or raise the limit of a line.",
    source: "RFC 6376 §3.4",
  },
  {
    code: "line-ends-normalised",
    severity: "note",
    setting: ["settings", "bareLineEnds"],
    hurts: ({ settings }) => settings.bareLineEnds === "normalise",
    what: "A CR or LF that stands alone becomes CRLF.",
    why: "Nothing can be smuggled, but a signed message is no longer what was signed.",
    doThis: "Refuse it once the devices that send so are gone.",
    source: "RFC 5321 §2.3.8",
  },
  {
    code: "xclient-from-everyone",
    severity: "harm",
    setting: ["settings", "xclientFrom"],
    hurts: ({ settings }) => settings.xclientFrom.some(isEveryone),
    what: "XCLIENT is believed from everyone.",
    why: "Anyone can claim any address, name and login.",
    doThis: "Name only the proxies before this one.",
    source: null,
  },
];

/** Settings of SMTP proxy actions that hurt. */
export function lintSettings(document: PolicyDocument, add: Add): void {
  document.proxyActions.forEach((action, i) => {
    if (action.protocol !== "smtp") return;
    for (const { setting, hurts, ...finding } of checks) {
      if (hurts(action)) add({ ...finding, path: ["proxyActions", i, ...setting] });
    }
  });
}
