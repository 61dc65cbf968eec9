import { pop3ProxyActionSchema, smtpProxyActionSchema } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import { incomingStrict } from "./incoming.ts";
import { serverStrict } from "./mailboxes.ts";
import type { Preset } from "./preset.ts";
import { observed } from "./rules.ts";

function watched(rulesets: object): object {
  return Object.fromEntries(
    Object.entries(rulesets as Record<string, Ruleset>).map(([stage, { rules, noneMatched }]) => [
      stage,
      { rules: rules.map(observed), noneMatched },
    ]),
  );
}

export const observeEverything: Preset = {
  id: "observe-everything",
  title: "Observe everything",
  what: "The strict rules, evaluated and counted and never enforced: see for a week what they would do. What enters must be limited by the server behind.",
  action: smtpProxyActionSchema.parse({
    name: "Observe everything",
    protocol: "smtp",
    direction: "incoming",
    rulesets: watched(incomingStrict.action.rulesets),
  }),
  reasons: {},
  requires: incomingStrict.requires,
};

export const transparentPass: Preset = {
  id: "transparent-pass",
  title: "Transparent pass",
  what: "Nothing is decided and nothing changed beyond what the protocol itself asks: for a first day, and for finding faults.",
  action: smtpProxyActionSchema.parse({
    name: "Transparent pass",
    protocol: "smtp",
    direction: "incoming",
    limits: { messageBytesMax: 1_073_741_824, recipientsMax: 1000, lineBytesMax: 65_536 },
    settings: { commands: { VRFY: "pass", EXPN: "pass", ETRN: "pass" } },
  }),
  reasons: {
    "limits.messageBytesMax": "The server behind has its own limit, and it is told to senders.",
    "limits.recipientsMax": "The server behind decides.",
    "limits.lineBytesMax": "Old devices write long lines.",
    "settings.commands": "The server behind answers for itself.",
  },
  requires: [],
};

export const observeMailboxes: Preset = {
  id: "pop3-observe-everything",
  title: "POP3, observe everything",
  what: "The strict rules for mailboxes, evaluated and counted and never enforced: see for a week what they would do.",
  action: pop3ProxyActionSchema.parse({
    name: "POP3, observe everything",
    protocol: "pop3",
    direction: "incoming",
    rulesets: watched(serverStrict.action.rulesets),
  }),
  reasons: {},
  requires: serverStrict.requires,
};

export const passMailboxes: Preset = {
  id: "pop3-transparent-pass",
  title: "POP3, transparent pass",
  what: "Nothing is decided and nothing changed beyond what the protocol itself asks: for a first day, and for finding faults.",
  action: pop3ProxyActionSchema.parse({
    name: "POP3, transparent pass",
    protocol: "pop3",
    direction: "outgoing",
    limits: { messageBytesMax: 1_073_741_824, lineBytesMax: 1_048_576, commandBytesMax: 2048, argumentBytesMax: 2000 },
  }),
  reasons: {
    "limits.messageBytesMax": "The mailbox has taken it: let it out.",
    "limits.lineBytesMax": "Old programs write long lines.",
    "limits.commandBytesMax": "The server behind has its own limit.",
    "limits.argumentBytesMax": "The server behind knows how long its names are.",
  },
  requires: [],
};
