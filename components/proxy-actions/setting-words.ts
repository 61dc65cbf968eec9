import type { Protocol } from "#core/contract/facts.ts";
import { pop3LimitHelp, pop3SettingHelp } from "#core/contract/pop3-setting-help.ts";
import { contentSettingHelp, type SettingHelp, smtpLimitHelp, smtpSettingHelp } from "#core/contract/setting-help.ts";

const help: Readonly<Record<string, SettingHelp>> = {
  name: { label: "Name", unit: null, help: "Policies follow a new name.", source: null },
  direction: {
    label: "Direction",
    unit: null,
    help: "Tells people and reports what it is for; which mail it meets is the policy's matter.",
    source: null,
  },
  ...prefixed("content", contentSettingHelp),
};
const protocolHelp: Readonly<Record<Protocol, Readonly<Record<string, SettingHelp>>>> = {
  smtp: { ...prefixed("limits", smtpLimitHelp), ...prefixed("settings", smtpSettingHelp) },
  pop3: { ...prefixed("limits", pop3LimitHelp), ...prefixed("settings", pop3SettingHelp) },
};

/** What a form says of the setting at a dotted path of the proxy action. */
export function settingHelp(protocol: Protocol, path: string): SettingHelp {
  return protocolHelp[protocol][path] ?? help[path] ?? { label: path, unit: null, help: "", source: null };
}

/** The words of a choice's value, telling its effect. */
export function optionWords(path: string, option: string): string {
  return options[path]?.[option] ?? option;
}

function prefixed(group: string, table: Readonly<Record<string, SettingHelp>>): Record<string, SettingHelp> {
  return Object.fromEntries(Object.entries(table).map(([path, words]) => [`${group}.${path}`, words]));
}

const refuseOrPass = { refuse: "Refuse", pass: "Ask the server and give its answer" };

const options: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  direction: { incoming: "Incoming: from External towards inside", outgoing: "Outgoing: towards External" },
  "settings.receivedHeader": { add: "Add ours on top", none: "Add none" },
  "settings.messageIdHeader": { keep: "Keep as it came", replace: "Replace by one of ours" },
  "settings.commands.VRFY": { noncommittal: "Answer 252: cannot tell", ...refuseOrPass },
  "settings.commands.EXPN": refuseOrPass,
  "settings.commands.HELP": { answer: "Answer", refuse: "Refuse" },
  "settings.commands.ETRN": refuseOrPass,
  "settings.auth.beforeTls": { hidden: "Not offered before TLS", offered: "Offered also without TLS" },
  "settings.bareLineEnds": { refuse: "Refuse the message", normalise: "Make it CRLF; it ends nothing" },
  "settings.longLines": { refuse: "Refuse the message", break: "Break them with CRLF and a blank" },
  "settings.recipientsDiffer": {
    strictest: "Strictest: one verdict for all of them",
    defer: "Defer: those unlike the first come again (452)",
    split: "Split: one copy each, through the spool",
  },
  "settings.recipientVerification.mode": {
    auto: "Of incoming mail, by asking the route's server",
    none: "Not checked",
    list: "Must be in a list",
    callout: "Ask the route's server (MAIL, RCPT)",
  },
  "settings.recipientVerification.whenUnknown": { tempfail: "450: come again", accept: "Take it unchecked" },
  "settings.senderAuth.results": { none: "Add no line", add: "Add our line, remove forged ones" },
  "settings.senderAuth.onSignedModified": {
    leave: "Leave it broken",
    "arc-seal": "Seal what we saw before (ARC)",
    sign: "Sign again, for domains that we have a key of",
  },
  "settings.senderAuth.sign": { none: "Nothing", "own-domains": "What comes from domains that we have a key of" },
  "content.noticeLanguage": {
    en: "English",
    de: "Deutsch",
    fr: "Français",
    es: "Español",
    it: "Italiano",
    nl: "Nederlands",
    pl: "Polski",
    pt: "Português",
  },
  "settings.sessionRecords": { all: "All", faults: "Those with a fault", none: "None" },
  "settings.auth.clearText": {
    "where-no-tls": "Only on listeners that have no TLS",
    never: "Never: only inside TLS",
    always: "Always",
  },
  "settings.deletion.allow": {
    always: "Always",
    "after-days": "Once the message is some days old",
    never: "Never: everything stays on the server",
  },
  "settings.deletion.answer": { refuse: "An error (-ERR)", pretend: "OK, and nothing is deleted" },
  "settings.autoBan.on": {
    errors: "Too many errors",
    "early-talk": "Talking before the greeting",
    "auth-failures": "Too many failed logins",
    rate: "Too many connections, messages or recipients a minute",
    junk: "Too many commands that send nothing",
  },
};

/** The settings whose choices have words of their own. */
export const pathsWithWords: readonly string[] = Object.keys(options);
