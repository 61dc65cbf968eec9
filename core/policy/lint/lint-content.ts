import type { PolicyDocument, ProxyAction } from "#core/contract/policy-document.ts";
import type { Scanner } from "#core/contract/scanner.ts";
import { traitNames } from "#core/contract/traits.ts";
import { type ContentNeeds, contentNeeds } from "../content-needs.ts";
import type { Add, Severity } from "./finding.ts";
import { isOwnHost } from "./own-host.ts";

type Asked = { action: ProxyAction; needs: ContentNeeds; scanners: readonly Scanner[] };
type Check = {
  code: string;
  severity: Severity;
  setting: readonly string[];
  hurts(asked: Asked): boolean;
  what: string;
  why: string;
  doThis: string;
  source: string | null;
};

const malwareKinds = ["clamd", "icap"];
const spamFacts = ["spamScore", "spamAction", "spamSymbol"] as const;

const checks: readonly Check[] = [
  {
    code: "no-malware-scanner",
    severity: "warning",
    setting: ["content", "scanners"],
    hurts: ({ needs, scanners }) =>
      needs.facts.has("virus") && !scanners.some(({ kind }) => malwareKinds.includes(kind)),
    what: "Rules ask for malware, and no scanner that finds it is named.",
    why: "They never match: everything passes.",
    doThis: "Add a clamd or ICAP scanner and name it in the proxy action's settings.",
    source: null,
  },
  {
    code: "no-spam-scanner",
    severity: "warning",
    setting: ["content", "scanners"],
    hurts: ({ needs, scanners }) =>
      spamFacts.some((fact) => needs.facts.has(fact)) && scanners.every(({ kind }) => malwareKinds.includes(kind)),
    what: "Rules ask for a spam score, and no scanner that gives one is named.",
    why: "They never match.",
    doThis: "Add an rspamd or spamd scanner and name it in the proxy action's settings.",
    source: null,
  },
  {
    code: "scanner-passes-unscanned",
    severity: "warning",
    setting: ["content", "scanners"],
    hurts: ({ scanners }) =>
      scanners.some(({ kind, onFailure }) => malwareKinds.includes(kind) && onFailure === "pass"),
    what: "A scanner that gives no verdict lets everything pass.",
    why: "While it is down, or for what is too large for it, malware gets through and only the record tells.",
    doThis: "Let it tempfail: the message comes again when the scanner is back.",
    source: null,
  },
  {
    code: "no-dns-lists",
    severity: "warning",
    setting: ["settings", "senderAuth", "dnsbls"],
    hurts: ({ action, needs }) =>
      action.protocol === "smtp" &&
      (needs.facts.has("dnsbl") || needs.facts.has("dnsblScore")) &&
      action.settings.senderAuth.dnsbls.length === 0,
    what: "Rules ask for DNS lists, and none is named.",
    why: "They never match.",
    doThis: "Name the zones in the settings.",
    source: "RFC 5782",
  },
  {
    code: "no-own-domains",
    severity: "warning",
    setting: ["settings", "senderAuth", "ownDomains"],
    hurts: ({ action, needs }) =>
      action.protocol === "smtp" && asksForSpoofed(needs) && action.settings.senderAuth.ownDomains.length === 0,
    what: "Rules ask for forged own domains, and no domain of yours is named.",
    why: "They never match.",
    doThis: "Name your domains in the settings.",
    source: null,
  },
];

/** Rules about content that can never match, and scanners that let things pass. */
export function lintContent(document: PolicyDocument, add: Add): void {
  const byName = new Map(document.scanners.map((scanner) => [scanner.name, scanner]));
  document.proxyActions.forEach((action, i) => {
    const scanners = action.content.scanners.flatMap((name) => byName.get(name) ?? []);
    const asked = { action, needs: contentNeeds(action), scanners };
    for (const { hurts, setting, what, ...rest } of checks) {
      if (hurts(asked)) add({ ...rest, path: ["proxyActions", i, ...setting], what: `${action.name}: ${what}` });
    }
  });
  document.scanners.forEach((scanner, i) => lintScannerPlace(scanner, i, add));
}

/** Mail that goes over a network in the clear to be judged. */
function lintScannerPlace({ name, at }: Scanner, i: number, add: Add): void {
  if ("socket" in at || isOwnHost(at.host)) return;
  add({
    code: "scanner-in-clear",
    severity: "note",
    path: ["scanners", i, "at"],
    what: `The scanner "${name}" is asked over the network.`,
    why: "None of these protocols is encrypted: the content of the mail can be read on the way.",
    doThis: "Run it beside the worker, or let the way to it be a network of your own.",
    source: null,
  });
}

/** By a rule of its own, not by one that takes any trait. */
function asksForSpoofed({ traits }: ContentNeeds): boolean {
  return traits.has("spoofed") && traits.size < traitNames.length;
}
