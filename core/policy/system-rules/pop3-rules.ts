import type { Policy, Pop3ProxyAction } from "#core/contract/policy-document.ts";
import type { Scanner } from "#core/contract/scanner.ts";
import { always, bySetting, inspection, type SystemRule, whoMayConnect } from "./system-rule.ts";

const refused = "is answered by a notice";

/** What a POP3 session meets whatever the rules say, in its order (docs/order-of-operations.md). */
export function pop3Rules(policy: Policy, action: Pop3ProxyAction, scanners: readonly Scanner[]): SystemRule[] {
  return [
    ...connection(policy, action),
    ...login(action),
    ...mailbox(action),
    ...inspection(action.content, scanners, refused),
    always(null, "A session that does not end with QUIT deletes nothing."),
  ];
}

function connection(policy: Policy, { limits }: Pop3ProxyAction): SystemRule[] {
  const needsTls = policy.listen.filter(({ tls }) => tls?.mode === "required").map(({ port }) => `port ${port}`);
  const limit = (
    words: string,
    name: "connectionsMax" | "connectionsPerSourceMax" | "connectionsPerSourcePerMinuteMax",
  ) => bySetting("command", words, limits[name], `limits.${name}`);
  const tls: SystemRule = {
    before: "command",
    words: "Before TLS only CAPA, STLS and QUIT are answered.",
    value: needsTls.join(", "),
    setting: { of: "policy" },
  };
  return [
    ...whoMayConnect("command", policy),
    limit("More sessions at once on one listener are refused.", "connectionsMax"),
    limit("More sessions at once from one address are refused.", "connectionsPerSourceMax"),
    limit("More new connections from one address in a minute are refused.", "connectionsPerSourcePerMinuteMax"),
    ...(needsTls.length === 0 ? [] : [tls]),
    bySetting(
      "command",
      "A longer command line is answered with -ERR.",
      { bytes: limits.commandBytesMax },
      "limits.commandBytesMax",
    ),
    bySetting(
      "command",
      "A client that is silent for longer is closed, and nothing is deleted.",
      { ms: limits.idleTimeoutMs },
      "limits.idleTimeoutMs",
    ),
    bySetting(
      "command",
      "After this many refused commands the session is closed.",
      limits.errorsMax,
      "limits.errorsMax",
    ),
  ];
}

const clearTextWords = {
  "where-no-tls": "A password in clear text is taken only on listeners that have no TLS.",
  never: "A password in clear text is refused.",
  always: "A password in clear text is taken.",
} as const;

function login({ limits, settings: { auth } }: Pop3ProxyAction): SystemRule[] {
  const minutes = limits.loginBanMinutes;
  return [
    bySetting("header", clearTextWords[auth.clearText], auth.clearText, "settings.auth.clearText"),
    bySetting(
      "header",
      "After this many failed logins the session is closed.",
      limits.loginFailuresMax,
      "limits.loginFailuresMax",
    ),
    bySetting(
      "header",
      `After this many failed logins an address is refused for ${minutes} min.`,
      limits.loginFailuresPerSourceMax,
      "limits.loginFailuresPerSourceMax",
    ),
    bySetting(
      "header",
      `After this many failed logins a user hears [SYS/TEMP] for ${minutes} min, but from where it logged in before.`,
      limits.loginFailuresPerUserMax,
      "limits.loginFailuresPerUserMax",
    ),
  ];
}

const deletionWords = {
  always: "A client may delete what it has fetched.",
  "after-days": "A client may delete a message once the mailbox has shown it for so many days.",
  never: "A client may delete nothing.",
} as const;

function mailbox({ limits, settings: { deletion } }: Pop3ProxyAction): SystemRule[] {
  return [
    bySetting(
      "header",
      deletionWords[deletion.allow],
      deletion.allow === "after-days" ? deletion.days : deletion.allow,
      "settings.deletion.allow",
    ),
    bySetting("header", `A larger message ${refused}.`, { bytes: limits.messageBytesMax }, "limits.messageBytesMax"),
    bySetting(
      "header",
      `A message with a longer line ${refused}.`,
      { bytes: limits.lineBytesMax },
      "limits.lineBytesMax",
    ),
  ];
}
