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
  /** The rules that are in force, by id: how often each matched in these days, observing too. */
  rules: z.array(z.tuple([z.string(), count])),
});
export type Traffic = z.infer<typeof trafficSchema>;

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
  const policies = new Set(
    document.policies.filter(({ proxyAction }) => proxyAction === action.name).map(({ name }) => name),
  );
  const passed = sumOf(traffic.policies.filter(({ policy }) => policies.has(policy)));
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
