import { z } from "zod";
import type { PolicyDocument, ProxyAction } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import type { Finding } from "./finding.ts";

const count = z.number().int().nonnegative();

/** What came through of late: what findings are told with. Policies by the names that they had when the message came. */
export const trafficSchema = z.strictObject({
  days: count,
  /** Only the newest of these days were counted: so many messages. Null: all of them. */
  newestOnly: count.nullable(),
  policies: z.array(
    z.strictObject({ policy: z.string(), messages: count, stopped: count, nullSenders: count, utf8Senders: count }),
  ),
  /** Of the newest messages: of how many DKIM signatures were looked at, and how many had one that passed. */
  dkim: z.array(z.strictObject({ policy: z.string(), checked: count, passed: count })),
  /** How clients named themselves, the names heard most often, of the newest sessions. */
  hosts: z.array(z.strictObject({ policy: z.string(), helo: z.string(), sessions: count })),
  /** The rules that were in force all these days and matched nothing, by id. */
  idle: z.strictObject({ days: count, rules: z.array(z.string()) }),
  /** The rules that are in force, by id: how often each matched in these days, observing too. */
  rules: z.array(z.tuple([z.string(), count])),
});
export type Traffic = z.infer<typeof trafficSchema>;

/** Findings about what breaks DKIM signatures. */
const breaksSignatures: ReadonlySet<string> = new Set([
  "message-id-replaced",
  "lines-broken",
  "line-ends-normalised",
  "no-8bitmime",
  "signed-lines-stripped",
  "signatures-stripped",
  "signed-parts-changed",
]);

type PolicyTraffic = Traffic["policies"][number];

/** What a finding is about in figures, as a sentence; null: nothing was counted that tells of it. */
export function trafficWords({ code, path }: Finding, document: PolicyDocument, traffic: Traffic): string | null {
  const [section, index] = path;
  if (typeof index !== "number") return null;
  if (section === "policies") {
    const name = document.policies[index]?.name;
    const taken = sumOf(traffic.policies.filter(({ policy }) => policy === name));
    return `It took ${messages(taken.messages)} ${within(traffic)}.`;
  }
  const action = section === "proxyActions" ? document.proxyActions[index] : undefined;
  if (action === undefined) return null;
  const policies = policiesOf(document, action);
  const passed = sumOf(traffic.policies.filter(({ policy }) => policies.has(policy)));
  if (breaksSignatures.has(code)) return signatureWords(policies, traffic);
  const rule = ruleAt(action, path);
  if (rule !== null) return ruleWords(code, rule, passed, traffic);
  if (code === "null-sender-refused")
    return `${messages(passed.nullSenders)} of ${passed.messages} came from the null sender ${within(traffic)}.`;
  if (code === "utf8-sender-refused")
    return `${messages(passed.utf8Senders)} of ${passed.messages} came from such senders ${within(traffic)}.`;
  return `${messages(passed.messages)} went through it ${within(traffic)}.`;
}

/** Messages are told beside matches only where a rule matches a message once: not where it is asked of connections or commands. */
function ruleWords(code: string, { id }: Rule, passed: PolicyTraffic, traffic: Traffic): string | null {
  if (code === "refuses-everything")
    return `${messages(passed.messages - passed.stopped)} passed through its policies ${within(traffic)}.`;
  const hits = traffic.rules.find(([rule]) => rule === id)?.[1];
  return hits === undefined
    ? null
    : `It matched ${times(hits)} in ${traffic.days} days; ${messages(passed.messages)} came to its policies ${within(traffic)}.`;
}

/** The names of the policies that use a proxy action. */
export function policiesOf({ policies }: PolicyDocument, { name }: ProxyAction): ReadonlySet<string> {
  return new Set(policies.filter(({ proxyAction }) => proxyAction === name).map((policy) => policy.name));
}

/** What signatures cover is not kept: so it is told how many there were, not how many would break. */
function signatureWords(policies: ReadonlySet<string>, { dkim, days }: Traffic): string {
  const looked = dkim.filter(({ policy }) => policies.has(policy));
  const checked = looked.reduce((sum, one) => sum + one.checked, 0);
  const passed = looked.reduce((sum, one) => sum + one.passed, 0);
  if (checked === 0) return `How much mail is signed cannot be told: no DKIM signature was looked at in ${days} days.`;
  const share = Math.round((100 * passed) / checked);
  return `${share} % of the mail of ${days} days had a DKIM signature that passed (${passed} of ${messages(checked)}).`;
}

function ruleAt(action: ProxyAction, [, , part, stage, , n]: Finding["path"]): Rule | null {
  if (part !== "rulesets" || typeof n !== "number") return null;
  const rulesets: Readonly<Record<string, Ruleset | undefined>> = action.rulesets;
  return rulesets[String(stage)]?.rules[n] ?? null;
}

function sumOf(parts: readonly PolicyTraffic[]): PolicyTraffic {
  const sum = { policy: "", messages: 0, stopped: 0, nullSenders: 0, utf8Senders: 0 };
  for (const part of parts) {
    sum.messages += part.messages;
    sum.stopped += part.stopped;
    sum.nullSenders += part.nullSenders;
    sum.utf8Senders += part.utf8Senders;
  }
  return sum;
}

function within({ days, newestOnly }: Traffic): string {
  return newestOnly === null ? `in ${days} days` : `among the last ${newestOnly}`;
}

function messages(n: number): string {
  return n === 1 ? "1 message" : `${n} messages`;
}

function times(n: number): string {
  return n === 1 ? "once" : `${n} times`;
}
