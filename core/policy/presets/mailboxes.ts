import { pop3ProxyActionSchema } from "#core/contract/policy-document.ts";
import { recommendedRulesets, strictRulesets } from "./mailbox-rules.ts";
import type { Preset } from "./preset.ts";
import { macroDocuments, runnableFiles } from "./rules.ts";

/** Inside programs fetch from a provider: whoever logs in sits on our own network. */
const clients = { protocol: "pop3", direction: "outgoing" };
const requires = [runnableFiles, macroDocuments];
/** None that only MD5 protects. */
const strictMechanisms = ["SCRAM-SHA-256", "SCRAM-SHA-1", "XOAUTH2", "OAUTHBEARER", "PLAIN", "LOGIN"];

const clientsRecommended: Preset = {
  id: "pop3-clients-recommended",
  title: "POP3 clients, recommended",
  what: "Your own people fetch from mailboxes elsewhere: programs and malware are kept aside and a notice says so, spam is tagged, every command works.",
  action: pop3ProxyActionSchema.parse({
    ...clients,
    name: "POP3 clients, recommended",
    rulesets: recommendedRulesets,
  }),
  reasons: {},
  requires,
};

const clientsStrict: Preset = {
  id: "pop3-clients-strict",
  title: "POP3 clients, strict",
  what: "Like the recommended one, with documents that run something and archives that need a password kept aside, unclear messages replaced, and passwords inside TLS only.",
  action: pop3ProxyActionSchema.parse({
    ...clients,
    name: "POP3 clients, strict",
    settings: { auth: { apop: false, mechanisms: strictMechanisms, clearText: "never" } },
    limits: { loginFailuresMax: 3 },
    rulesets: strictRulesets,
  }),
  reasons: {
    "settings.auth":
      "Passwords cross your own network inside TLS: the listener needs a certificate. MD5 protects none.",
    "limits.loginFailuresMax": "A program with a wrong password tries for ever; a person corrects it.",
  },
  requires,
};

const clientsReadOnly: Preset = {
  id: "pop3-read-only",
  title: "POP3 clients, read only",
  what: "As recommended, and nothing is ever deleted on the server. Set the mail programs to leave messages there: one that deletes hears an error each time.",
  action: pop3ProxyActionSchema.parse({
    ...clients,
    name: "POP3 clients, read only",
    settings: { deletion: { allow: "never" } },
    rulesets: recommendedRulesets,
  }),
  reasons: { "settings.deletion": "What a program deletes by mistake is gone for every other one, too." },
  requires,
};

/** Outside users fetch from our own server: whoever logs in may be anyone. */
const server = { protocol: "pop3", direction: "incoming" };
const serverReasons = {
  "settings.hideServerReplies": "Nothing of the inner server's name and software goes out.",
  "settings.auth":
    "Outside, a password is said inside TLS alone (RFC 8314 §3). APOP protects it by MD5 only, and wants it stored in clear text.",
  "limits.connectionsPerSourceMax": "A home or an office behind one address has a few programs, not dozens.",
  "limits.connectionsPerSourcePerMinuteMax": "Programs look once a minute at most.",
};

const serverRecommended: Preset = {
  id: "pop3-server-recommended",
  title: "POP3 server, recommended",
  what: "Your people fetch from outside from your own server: passwords inside TLS only, the server hidden, what came in before it was known to be harmful kept aside.",
  action: pop3ProxyActionSchema.parse({
    ...server,
    name: "POP3 server, recommended",
    settings: { hideServerReplies: true, auth: { apop: false, clearText: "never" } },
    limits: { connectionsPerSourceMax: 20, connectionsPerSourcePerMinuteMax: 120 },
    rulesets: recommendedRulesets,
  }),
  reasons: serverReasons,
  requires,
};

export const serverStrict: Preset = {
  id: "pop3-server-strict",
  title: "POP3 server, strict",
  what: "Like the recommended one, with doubtful documents and archives kept aside and little patience for wrong passwords.",
  action: pop3ProxyActionSchema.parse({
    ...server,
    name: "POP3 server, strict",
    settings: { hideServerReplies: true, auth: { apop: false, mechanisms: strictMechanisms, clearText: "never" } },
    limits: {
      connectionsPerSourceMax: 10,
      connectionsPerSourcePerMinuteMax: 60,
      errorsMax: 10,
      loginFailuresMax: 3,
      loginFailuresPerSourceMax: 10,
      loginFailuresPerUserMax: 20,
      loginBanMinutes: 60,
      loginFailureDelayMs: 5_000,
    },
    rulesets: strictRulesets,
  }),
  reasons: {
    ...serverReasons,
    "limits.errorsMax": "Ten refused commands are no accident.",
    "limits.loginFailuresMax": "A person corrects a password in three tries.",
    "limits.loginFailuresPerSourceMax": "Guessing from one address ends soon; a forgotten phone is corrected in time.",
    "limits.loginFailuresPerUserMax":
      "Guessing from many addresses ends, too; where the user logged in before still works.",
    "limits.loginBanMinutes": "Who guesses comes back after an hour, not after ten minutes.",
    "limits.loginFailureDelayMs": "Each guess takes five seconds.",
  },
  requires,
};

/** For people who fetch from a provider, and for those who fetch from our own server. */
export const mailboxPresets: readonly Preset[] = [
  clientsRecommended,
  clientsStrict,
  clientsReadOnly,
  serverRecommended,
  serverStrict,
];
