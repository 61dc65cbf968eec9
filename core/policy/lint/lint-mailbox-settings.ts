import type { PolicyDocument, Pop3ProxyAction } from "#core/contract/policy-document.ts";
import { contentNeeds } from "../content-needs.ts";
import { loginOffers, showsSecret } from "../login-offers.ts";
import type { Add, SettingCheck } from "./finding.ts";

const modern = ["XOAUTH2", "OAUTHBEARER", "SCRAM-SHA-256", "SCRAM-SHA-1", "SCRAM-SHA-512"] as const;

const checks: readonly SettingCheck<Pop3ProxyAction>[] = [
  {
    code: "clear-text-always",
    severity: "harm",
    setting: ["settings", "auth", "clearText"],
    hurts: ({ settings: { auth } }) =>
      auth.clearText === "always" && showsSecret(loginOffers({ auth, tls: "not-yet", serverKnown: true })),
    what: "Passwords are taken in clear text where there is TLS.",
    why: "A program that does not begin TLS shows its password to whoever reads along, and nobody notices.",
    doThis: "Set clear text to where-no-tls or never.",
    source: "RFC 8314 §3",
  },
  {
    code: "apop-allowed",
    severity: "note",
    setting: ["settings", "auth", "apop"],
    hurts: ({ settings }) => settings.auth.apop,
    what: "APOP is allowed.",
    why: "MD5 alone hides the password: who takes the server's place learns its first letters, and the server has to store it in clear text.",
    doThis: "Switch it off where every program speaks TLS.",
    source: "RFC 6151",
  },
  {
    code: "auth-mechanisms-missing",
    severity: "warning",
    setting: ["settings", "auth", "mechanisms"],
    hurts: ({ settings: { auth } }) =>
      auth.mechanisms.length > 0 && !modern.some((mechanism) => auth.mechanisms.includes(mechanism)),
    what: "None of XOAUTH2, OAUTHBEARER and SCRAM is among the AUTH mechanisms.",
    why: "Mailboxes of the large providers open with XOAUTH2 alone, and SCRAM is the one that does not show the password.",
    doThis: "Add them: they are offered only where the server has them too.",
    source: "RFC 5034",
  },
  {
    code: "short-idle-time",
    severity: "warning",
    setting: ["limits", "idleTimeoutMs"],
    hurts: ({ limits }) => limits.idleTimeoutMs < 600_000,
    what: "A client that is silent for less than 10 minutes is cut off.",
    why: "Nothing that it deleted in the session is deleted: programs that sort and scan between two messages fetch the same again.",
    doThis: "Set 600,000 ms or more.",
    source: "RFC 1939 §3",
  },
  {
    code: "short-lines",
    severity: "warning",
    setting: ["limits", "lineBytesMax"],
    hurts: ({ limits }) => limits.lineBytesMax < 1000,
    what: "Lines of 1000 octets, which the standard allows, are too long here.",
    why: "A notice takes the place of correct mail.",
    doThis: "Set 1000 or more.",
    source: "RFC 5322 §2.1.1",
  },
  {
    code: "short-arguments",
    severity: "warning",
    setting: ["limits", "argumentBytesMax"],
    hurts: ({ limits }) => limits.argumentBytesMax < 64,
    what: "Names and passwords of 64 octets are too long here.",
    why: "An address as the user's name, or a password that an administrator made, is often longer than the 40 of the RFC: the login fails.",
    doThis: "Set 128 or more.",
    source: "RFC 2449 §4",
  },
  {
    code: "late-head-start",
    severity: "warning",
    setting: ["settings", "headStartMs"],
    hurts: ({ settings }) => settings.headStartMs > 30_000,
    what: "A client hears nothing for more than 30 seconds while its message is judged.",
    why: "Programs that give up after a minute of silence do so before the second sign of life, and fetch the same message again.",
    doThis: "Set 15,000 ms.",
    source: null,
  },
  {
    code: "verdicts-forgotten",
    severity: "note",
    setting: ["settings", "verdictHours"],
    hurts: ({ settings, content }) => settings.verdictHours === 0 && content.scanners.length > 0,
    what: "Scanners are asked about the same message each time it is fetched or looked at.",
    why: "Programs that leave mail on the server and look at its headers cost a scan a message, each time.",
    doThis: "Let verdicts hold for a day: a changed policy forgets them at once.",
    source: null,
  },
  {
    code: "verdicts-by-the-clock",
    severity: "note",
    setting: ["settings", "verdictHours"],
    hurts: (action) => {
      const { facts } = contentNeeds(action);
      const asksTheClock = facts.has("hour") || facts.has("weekday");
      return asksTheClock && action.settings.verdictHours > 0 && action.content.scanners.length > 0;
    },
    what: "Rules ask for the hour or the day: no verdict is remembered beyond its session.",
    why: "Scanners are asked about the same message in each session that fetches it or looks at it.",
    doThis: "Let the schedule of a policy choose between two proxy actions instead.",
    source: null,
  },
  {
    code: "deletion-refused",
    severity: "warning",
    setting: ["settings", "deletion", "answer"],
    hurts: ({ settings: { deletion } }) => deletion.allow !== "always" && deletion.answer === "refuse",
    what: "DELE hears an error where deleting is not allowed.",
    why: "Programs that fetch and delete, such as fetchmail without keep, end their session there, and fetch the same mail again the next time.",
    doThis: "Set the programs to leave mail on the server.",
    source: "RFC 1939 §8",
  },
  {
    code: "deletion-pretended",
    severity: "warning",
    setting: ["settings", "deletion", "answer"],
    hurts: ({ settings: { deletion } }) => deletion.allow !== "always" && deletion.answer === "pretend",
    what: "DELE hears that a message is deleted which is not.",
    why: "A program that deletes forgets what it had: the next session shows the message again, and it is fetched once more.",
    doThis: "Keep it for programs that cannot leave mail on the server and do not mind.",
    source: "RFC 1939 §5",
  },
  {
    code: "deletion-never",
    severity: "note",
    setting: ["settings", "deletion", "allow"],
    hurts: ({ settings }) => settings.deletion.allow === "never",
    what: "Nothing is ever deleted through here.",
    why: "Mailboxes only grow: a full one takes no more mail.",
    doThis: "Allow it after days, or let the server expire what is old.",
    source: "RFC 1939 §8",
  },
  {
    code: "no-pop3-pipelining",
    severity: "warning",
    setting: ["settings", "capabilities", "pipelining"],
    hurts: ({ settings }) => !settings.capabilities.pipelining,
    what: "PIPELINING is not offered.",
    why: "Each command waits for the answer before it: a large mailbox takes several times longer.",
    doThis: "Switch it on: it is offered only where the server has it too.",
    source: "RFC 2449 §6.6",
  },
  {
    code: "no-pop3-utf8",
    severity: "note",
    setting: ["settings", "capabilities", "utf8"],
    hurts: ({ settings }) => !settings.capabilities.utf8,
    what: "UTF8 is not offered.",
    why: "Names of mailboxes outside ASCII cannot log in, and messages to such addresses come changed or not at all.",
    doThis: "Switch it on: it is offered only where the server has it too.",
    source: "RFC 6856 §2",
  },
];

/** Settings of POP3 proxy actions that hurt. */
export function lintMailboxSettings(document: PolicyDocument, add: Add): void {
  document.proxyActions.forEach((action, i) => {
    if (action.protocol !== "pop3") return;
    for (const { setting, hurts, ...finding } of checks) {
      if (hurts(action)) add({ ...finding, path: ["proxyActions", i, ...setting] });
    }
  });
}
