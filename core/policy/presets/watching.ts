import { smtpProxyActionSchema } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import { incomingStrict } from "./incoming.ts";
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
