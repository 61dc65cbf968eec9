import { smtpProxyActionSchema } from "#core/contract/policy-document.ts";
import type { Preset } from "./preset.ts";
import {
  activeDocument,
  disguisedName,
  foundMalware,
  likelySpam,
  macroAttachment,
  macroDocuments,
  nonsenseGreeting,
  observed,
  onlyOurRecipients,
  ourDomains,
  ownDomainFromOutside,
  routedSender,
  runnableAttachment,
  runnableContent,
  runnableFiles,
  spam,
  unauthenticated,
  unclearContent,
} from "./rules.ts";

const reasons = {
  "settings.hideServerReplies": "Nothing of the inner server's name and software goes out.",
  "limits.connectionsPerSourcePerMinuteMax":
    "A mail server seldom needs more than one connection a second; who does waits and comes again.",
  "limits.messagesPerSourcePerMinuteMax": "Far above what a large provider sends to one company from one address.",
  "limits.recipientsPerSourcePerMinuteMax": "Address harvesters ask for thousands.",
  "limits.errorsMax": "A server that means well errs seldom.",
};

const shared = {
  protocol: "smtp",
  direction: "incoming",
  settings: { hideServerReplies: true },
  limits: {
    connectionsPerSourcePerMinuteMax: 120,
    messagesPerSourcePerMinuteMax: 600,
    recipientsPerSourcePerMinuteMax: 3000,
    errorsMax: 15,
  },
};

const recipient = { rules: [onlyOurRecipients], noneMatched: { action: "allow" } };

export const incomingRecommended: Preset = {
  id: "incoming-recommended",
  title: "Incoming, recommended",
  what: "Mail from the internet to your own servers: no relaying, no forged own domain, no programs, also not in archives; what scanners find is kept.",
  action: smtpProxyActionSchema.parse({
    ...shared,
    name: "Incoming, recommended",
    rulesets: {
      greeting: { rules: [nonsenseGreeting] },
      sender: { rules: [ownDomainFromOutside, routedSender] },
      recipient,
      attachment: {
        rules: [
          foundMalware,
          runnableAttachment,
          disguisedName,
          runnableContent,
          observed(macroAttachment),
          observed(activeDocument),
        ],
      },
      message: { rules: [observed(unclearContent), spam, likelySpam, observed(unauthenticated)] },
    },
  }),
  reasons,
  requires: [ourDomains, runnableFiles, macroDocuments],
};

export const incomingStrict: Preset = {
  id: "incoming-strict",
  title: "Incoming, strict",
  what: "Like the recommended one, with early talkers refused, documents that run something kept aside, unclear messages refused, DMARC enforced, and sources that misbehave kept out for a while.",
  action: smtpProxyActionSchema.parse({
    ...shared,
    name: "Incoming, strict",
    settings: {
      ...shared.settings,
      greetingDelayMs: 3000,
      recipientsDiffer: "defer",
      autoBan: { on: ["errors", "early-talk", "auth-failures", "junk"], minutes: 20 },
    },
    limits: { ...shared.limits, connectionsPerSourceMax: 20, errorsMax: 10, errorsSoftMax: 5, junkCommandsMax: 30 },
    rulesets: {
      greeting: { rules: [nonsenseGreeting] },
      sender: { rules: [ownDomainFromOutside, routedSender] },
      recipient,
      attachment: {
        rules: [foundMalware, runnableAttachment, disguisedName, runnableContent, macroAttachment, activeDocument],
      },
      message: { rules: [unclearContent, spam, likelySpam, unauthenticated] },
    },
  }),
  reasons: {
    ...reasons,
    "settings.greetingDelayMs": "Programs that send junk talk before they are greeted; servers wait.",
    "settings.recipientsDiffer":
      "Each recipient gets the verdict that is meant for it; the others come again by themselves.",
    "settings.autoBan": "Who errs on purpose loses the interest in 20 minutes.",
    "limits.connectionsPerSourceMax": "Leaves places for the others.",
    "limits.errorsMax": "Ten refused commands are no accident.",
    "limits.errorsSoftMax": "From the fifth on each answer waits a second.",
    "limits.junkCommandsMax": "Keeps idle chatter from holding a place.",
  },
  requires: [ourDomains, runnableFiles, macroDocuments],
};
