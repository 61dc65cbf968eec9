import { smtpProxyActionSchema } from "#core/contract/policy-document.ts";
import type { AuthMechanism } from "#core/contract/smtp-settings.ts";
import type { Preset } from "./preset.ts";
import {
  disguisedName,
  foundMalware,
  observed,
  onlyOurSenders,
  ourDomains,
  runnableAttachment,
  runnableContent,
  runnableFiles,
} from "./rules.ts";

/** What today's clients and devices use; DIGEST-MD5 is historic (RFC 6331), NTLM a vendor's. */
const mechanisms: AuthMechanism[] = [
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "XOAUTH2",
  "OAUTHBEARER",
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
];

const reasons = {
  "settings.auth": "Logins go through to the server that checks them, in TLS only.",
  "limits.recipientsMax": "Newsletters of your own; 452 asks for the rest in another message.",
  "limits.messageBytesMax": "Twice what most servers take, so that the other side decides.",
  "limits.messagesPerSourcePerMinuteMax":
    "A machine that was taken over is slowed down before it ruins your reputation.",
  "limits.recipientsPerSourcePerMinuteMax": "The same for its recipients.",
};

const shared = {
  protocol: "smtp",
  direction: "outgoing",
  settings: { auth: { mechanisms } },
  limits: {
    recipientsMax: 500,
    messageBytesMax: 52_428_800,
    messagesPerSourcePerMinuteMax: 300,
    recipientsPerSourcePerMinuteMax: 2000,
  },
};

export const outgoingRecommended: Preset = {
  id: "outgoing-recommended",
  title: "Outgoing, recommended",
  what: "Mail of your own people and servers to the internet: only your domains send, programs are watched.",
  action: smtpProxyActionSchema.parse({
    ...shared,
    name: "Outgoing, recommended",
    rulesets: {
      sender: { rules: [onlyOurSenders] },
      attachment: { rules: [foundMalware, observed(runnableAttachment)] },
    },
  }),
  reasons,
  requires: [ourDomains, runnableFiles],
};

export const outgoingStrict: Preset = {
  id: "outgoing-strict",
  title: "Outgoing, strict",
  what: "Only who has logged in sends, at a pace of people, and no programs.",
  action: smtpProxyActionSchema.parse({
    ...shared,
    name: "Outgoing, strict",
    settings: {
      auth: { mechanisms, required: true },
      recipientsDiffer: "split",
      autoBan: { on: ["auth-failures"], minutes: 20 },
    },
    limits: {
      ...shared.limits,
      recipientsMax: 200,
      messagesPerSourcePerMinuteMax: 60,
      recipientsPerSourcePerMinuteMax: 500,
    },
    rulesets: {
      sender: { rules: [onlyOurSenders] },
      attachment: { rules: [foundMalware, runnableAttachment, disguisedName, runnableContent] },
    },
  }),
  reasons: {
    ...reasons,
    "settings.auth": "Nobody sends without a login, and the login never crosses the wire in the clear.",
    "settings.recipientsDiffer": "One copy for each treatment: nobody inside has to send twice.",
    "settings.autoBan": "Guessing passwords ends after three tries.",
    "limits.recipientsMax": "More is a newsletter: give it a policy of its own.",
    "limits.messagesPerSourcePerMinuteMax": "One a second is more than a person writes.",
    "limits.recipientsPerSourcePerMinuteMax": "The same for recipients.",
  },
  requires: [ourDomains, runnableFiles],
};
