import type { Policy, Route, SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { Scanner } from "#core/contract/scanner.ts";
import { verificationMode } from "../verification-mode.ts";
import { always, bySetting, inspection, type SystemRule, whoMayConnect } from "./system-rule.ts";

/** What an SMTP session meets whatever the rules say, in its order (docs/order-of-operations.md). */
export function smtpRules(
  policy: Policy,
  action: SmtpProxyAction,
  route: Route,
  scanners: readonly Scanner[],
): SystemRule[] {
  return [
    ...connection(policy, action),
    ...login(policy, action),
    ...mail(action, route),
    ...recipients(action),
    ...transfer(action, route),
    always("attachment", "Where a rule asks about parts that cannot be told apart, the message is refused with 554."),
    ...inspection(action.content, scanners, "hears 451 and comes again"),
    ...ending(action, route),
  ];
}

function connection(policy: Policy, { limits, settings }: SmtpProxyAction): SystemRule[] {
  const { autoBan, greetingDelayMs } = settings;
  const limit = (
    words: string,
    name: "connectionsMax" | "connectionsPerSourceMax" | "connectionsPerSourcePerMinuteMax",
  ) => bySetting("greeting", words, limits[name], `limits.${name}`);
  return [
    ...whoMayConnect("greeting", policy),
    limit("More sessions at once on one listener hear 421.", "connectionsMax"),
    limit("More sessions at once from one address hear 421.", "connectionsPerSourceMax"),
    limit("More new connections from one address in a minute hear 421.", "connectionsPerSourcePerMinuteMax"),
    ...(greetingDelayMs === 0
      ? []
      : [
          bySetting(
            "greeting",
            "Who talks before the greeting is refused with 554.",
            { ms: greetingDelayMs },
            "settings.greetingDelayMs",
          ),
        ]),
    bySetting(
      "greeting",
      "A client that is silent for longer hears 421.",
      { ms: limits.idleTimeoutMs },
      "limits.idleTimeoutMs",
    ),
    bySetting(
      "greeting",
      "After this many refused commands the session is closed with 421.",
      limits.errorsMax,
      "limits.errorsMax",
    ),
    ...(autoBan.on.length === 0
      ? []
      : [
          bySetting(
            "greeting",
            `An address is blocked for ${autoBan.minutes} min by itself after one of these.`,
            autoBan.on.join(", "),
            "settings.autoBan.on",
          ),
        ]),
  ];
}

function login({ listen }: Policy, { limits, settings: { auth } }: SmtpProxyAction): SystemRule[] {
  const needsTls = listen.filter(({ tls }) => tls?.mode === "required").map(({ port }) => `port ${port}`);
  const tls: SystemRule[] =
    needsTls.length === 0
      ? []
      : [
          {
            before: "auth",
            words: "Before STARTTLS every command that sends mail is refused with 530.",
            value: needsTls.join(", "),
            setting: { of: "policy" },
          },
        ];
  if (auth.mechanisms.length === 0) {
    return [...tls, bySetting("auth", "AUTH is not spoken.", "no mechanism", "settings.auth.mechanisms")];
  }
  const inClear =
    auth.beforeTls === "hidden" ? "Before TLS no login is offered." : "Logins are offered in clear text too.";
  return [
    ...tls,
    bySetting("auth", "Other mechanisms are refused with 504.", auth.mechanisms.join(", "), "settings.auth.mechanisms"),
    bySetting("auth", inClear, auth.beforeTls, "settings.auth.beforeTls"),
    bySetting(
      "auth",
      "After this many failed logins the session is closed with 421.",
      limits.authFailuresMax,
      "limits.authFailuresMax",
    ),
  ];
}

function mail({ limits, settings }: SmtpProxyAction, route: Route): SystemRule[] {
  const spools = route.protocol === "smtp" && route.delivery === "spool";
  return [
    ...(settings.auth.required
      ? [bySetting("sender", "MAIL before a login is refused with 530.", null, "settings.auth.required")]
      : []),
    bySetting(
      "sender",
      "More messages from one address in a minute hear 450.",
      limits.messagesPerSourcePerMinuteMax,
      "limits.messagesPerSourcePerMinuteMax",
    ),
    bySetting("sender", "More messages in one session hear 421.", limits.messagesMax, "limits.messagesMax"),
    bySetting(
      "sender",
      "A larger message is refused with 552, at MAIL where its size is declared.",
      { bytes: limits.messageBytesMax },
      "limits.messageBytesMax",
    ),
    ...(spools ? [always("sender", "While the spool has no room MAIL hears 452.")] : []),
  ];
}

function recipients({ limits, settings }: SmtpProxyAction): SystemRule[] {
  const needTls = settings.tlsRules.filter(({ client }) => client === "required").map(({ name }) => name);
  return [
    ...(needTls.length === 0
      ? []
      : [
          bySetting(
            "recipient",
            "Mail that came in clear text is refused with 530 by these TLS rules.",
            needTls.join(", "),
            "settings.tlsRules",
          ),
        ]),
    bySetting(
      "recipient",
      "More recipients from one address in a minute hear 450.",
      limits.recipientsPerSourcePerMinuteMax,
      "limits.recipientsPerSourcePerMinuteMax",
    ),
    always("recipient", "An address that asks to relay (%, ! or a quoted @ in its local part) is refused with 550."),
    bySetting(
      "recipient",
      "More recipients of one message hear 452 and are sent again.",
      limits.recipientsMax,
      "limits.recipientsMax",
    ),
  ];
}

const bareLineEndWords = {
  refuse: "A CR or LF that stands alone is refused with 550.",
  normalise: "A CR or LF that stands alone becomes CRLF, and ends nothing.",
} as const;
const longLineWords = {
  refuse: "A longer line of a message is refused with 550.",
  break: "A longer line of a message is broken.",
} as const;
const differWords = {
  strictest: "Recipients that policy treats differently get what the strictest rule says.",
  defer: "Recipients that policy treats differently from the first hear 452 and come again.",
  split: "Recipients that policy treats differently get a copy each, through the spool.",
} as const;

function transfer(action: SmtpProxyAction, route: Route): SystemRule[] {
  const { limits, settings } = action;
  return [
    existence(action, route),
    bySetting("header", differWords[settings.recipientsDiffer], settings.recipientsDiffer, "settings.recipientsDiffer"),
    bySetting("header", bareLineEndWords[settings.bareLineEnds], settings.bareLineEnds, "settings.bareLineEnds"),
    always("header", "A NUL in a message is refused with 550."),
    bySetting("header", longLineWords[settings.longLines], { bytes: limits.lineBytesMax }, "limits.lineBytesMax"),
    bySetting(
      "header",
      "A message with more Received lines goes in circles and is refused with 554.",
      limits.hopsMax,
      "limits.hopsMax",
    ),
    bySetting(
      "header",
      "A message that takes longer, from MAIL to its last byte, hears 421.",
      { ms: limits.transactionTimeoutMs },
      "limits.transactionTimeoutMs",
    ),
  ];
}

/** Who says that a recipient exists. */
function existence(action: SmtpProxyAction, route: Route): SystemRule {
  const before = "header";
  if (route.protocol === "smtp" && route.delivery === "inline") {
    const words = "Each recipient is asked of the server of the route, and the client hears its answer.";
    return { before, words, value: route.name, setting: { of: "route" } };
  }
  const path = "settings.recipientVerification.mode";
  const mode = verificationMode(action);
  if (mode === "none")
    return bySetting(before, "Recipients are not checked before their mail is accepted.", mode, path);
  if (mode === "callout") {
    return bySetting(before, "A recipient that the server of the route does not know is refused with 550.", mode, path);
  }
  const { list = "" } = action.settings.recipientVerification;
  return bySetting(
    before,
    "A recipient that is not in this list is refused with 550.",
    list,
    `settings.recipientVerification.list`,
  );
}

const signedWords = {
  leave: null,
  "arc-seal": "A signed message that we change is sealed (ARC).",
  sign: "A signed message that we change is signed again, for a domain of ours.",
} as const;

function ending({ settings }: SmtpProxyAction, route: Route): SystemRule[] {
  const { results, onSignedModified, sign } = settings.senderAuth;
  const signed = signedWords[onSignedModified];
  const path = (name: string) => `settings.senderAuth.${name}`;
  const delivery = route.protocol === "smtp" ? route.delivery : null;
  return [
    settings.receivedHeader === "add"
      ? bySetting(null, "A Received line is put on top.", "add", "settings.receivedHeader")
      : bySetting(null, "No Received line is added: loops cannot be found.", "none", "settings.receivedHeader"),
    ...(results === "add"
      ? [
          bySetting(
            null,
            "An Authentication-Results line is added; those that claim to be ours are removed.",
            results,
            path("results"),
          ),
        ]
      : []),
    ...(signed === null ? [] : [bySetting(null, signed, onSignedModified, path("onSignedModified"))]),
    ...(sign === "none" ? [] : [bySetting(null, "Mail from our own domains is signed (DKIM).", sign, path("sign"))]),
    always(null, "What should be kept and cannot (the quarantine or the spool is full) hears 451."),
    {
      before: null,
      words: "The client hears 250 only after the server's 250, or once the message is on disk.",
      value: delivery,
      setting: { of: "route" },
    },
  ];
}
