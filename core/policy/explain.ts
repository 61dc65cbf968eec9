import type { Action } from "#core/contract/action.ts";
import type { Condition } from "#core/contract/condition.ts";
import { type FactName, facts } from "#core/contract/facts.ts";
import type { Policy, UserRoute } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";

const entriesShownMax = 3;

/** A test in words, without its fact: `is in list executables`. */
export function testWords(test: unknown): string {
  const parts = Object.entries(test as Record<string, unknown>).filter(([, value]) => value !== undefined);
  return parts.map(([operator, value]) => operatorWords(operator, value)).join(" and ");
}

function operatorWords(operator: string, value: unknown): string {
  switch (operator) {
    case "is":
      return value === "" ? "is empty" : `is ${String(value)}`;
    case "in":
      return `is in ${entriesWords(value as string[])}`;
    case "inList":
      return `is in list ${String(value)}`;
    case "like":
      return `is like ${String(value)}`;
    case "pattern":
      return `matches /${String(value)}/`;
    case "over":
      return `is over ${String(value)}`;
    case "under":
      return `is under ${String(value)}`;
    default:
      return `${operator} ${String(value)}`;
  }
}

function entriesWords(entries: readonly string[]): string {
  const shown = entries.slice(0, entriesShownMax).join(", ");
  return entries.length > entriesShownMax ? `${shown} and ${entries.length - entriesShownMax} more` : shown;
}

/** A condition in words: `sender domain is in example.test and (…)`. */
export function conditionWords(condition: Condition): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(condition)) {
    if (value === undefined) continue;
    if (key === "all") parts.push(groupWords(value as Condition[], " and "));
    else if (key === "any") parts.push(groupWords(value as Condition[], " or "));
    else if (key === "none") parts.push(`none of (${(value as Condition[]).map(conditionWords).join("; ")})`);
    else parts.push(`${facts[key as FactName].words} ${testWords(value)}`);
  }
  return parts.join(" and ");
}

function groupWords(children: readonly Condition[], joint: string): string {
  const words = children.map(conditionWords);
  return words.length === 1 ? (words[0] ?? "") : `(${words.join(joint)})`;
}

/** What an action does, in words: `deny with 550 5.7.1 "Not from outside"`. */
export function actionWords(action: Action): string {
  switch (action.kind) {
    case "block":
      return `block the source for ${action.minutes} min`;
    case "redirect":
      return `redirect to ${action.to}`;
    case "copy":
      return `copy to ${action.to}`;
    case "rewrite":
      return `rewrite ${rewriteWords(action)}`;
    case "modify":
      return modificationWords(action);
    case "strip":
    case "lock":
      return action.notice === undefined ? action.kind : `${action.kind} with notice ${action.notice}`;
    case "replace-part":
      return `replace the part by ${action.fileName}`;
    case "quarantine":
      return action.cause === undefined ? "quarantine" : `quarantine as ${action.cause}`;
    case "hold":
      return "hold for approval";
    default:
      return refusalWords(action);
  }
}

/** `tag the subject with [SPAM], add X-Spam, put a banner at the top`. */
function modificationWords({ tag, headers = [], banner }: Extract<Action, { kind: "modify" }>): string {
  return [
    ...(tag === undefined ? [] : [`tag the subject with ${tag}`]),
    ...headers.map((header) => `${header.do} ${header.name}${"value" in header ? `: ${header.value}` : ""}`),
    ...(banner === undefined ? [] : [`put a banner at the ${banner.at}`]),
  ].join(", ");
}

/** `/pattern/ to replacement`, `the domain old to new`, `sales@x to a@x, b@x`. */
function rewriteWords({ pattern, to, domains, aliases }: Extract<Action, { kind: "rewrite" }>): string {
  if (pattern !== undefined) return `/${pattern}/ to ${to ?? ""}`;
  const pairs = Object.entries(domains ?? aliases ?? {}).map(
    ([from, target]) => `${from} to ${[target].flat().join(", ")}`,
  );
  const [first = "", ...others] = pairs;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${domains === undefined ? "" : "the domain "}${first}${more}`;
}

function refusalWords(action: Action): string {
  if (!("reply" in action) || action.reply === undefined) return action.kind;
  const { code, enhanced, text } = action.reply;
  const parts = [code, enhanced, text === undefined ? undefined : `"${text}"`].filter((part) => part !== undefined);
  return parts.length === 0 ? action.kind : `${action.kind} with ${parts.join(" ")}`;
}

/** The rule as a sentence: `If file name is in list executables, deny.` */
export function ruleSentence(rule: Pick<Rule, "when" | "action">): string {
  const effect = `${actionWords(rule.action)}.`;
  return rule.when === undefined ? `Always ${effect}` : `If ${wholeWords(rule.when)}, ${effect}`;
}

/** A condition that is nothing but one group of which all must hold needs no parentheses. */
function wholeWords(condition: Condition): string {
  const { all, ...others } = condition;
  const isAlone = all !== undefined && Object.values(others).every((value) => value === undefined);
  return isAlone ? all.map(conditionWords).join(" and ") : conditionWords(condition);
}

/** A route that a policy takes beside its usual one, and when. */
export type SideRoute = { route: string } & Partial<UserRoute & Policy["to"]["routes"][number] & { server: string }>;

/** `user is like admin* and domain is in list branches to north`. */
export function sideRouteWords({ recipientDomain, user, domain, server, route }: SideRoute): string {
  const tests = [
    ...(recipientDomain === undefined ? [] : [`recipient domain ${testWords(recipientDomain)}`]),
    ...(user === undefined ? [] : [`user ${testWords(user)}`]),
    ...(domain === undefined ? [] : [`domain ${testWords(domain)}`]),
    ...(server === undefined ? [] : [server]),
  ];
  return `${tests.join(" and ")} to ${route}`;
}
