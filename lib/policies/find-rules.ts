import { z } from "zod";
import type { Condition } from "#core/contract/condition.ts";
import { facts } from "#core/contract/facts.ts";
import type { List, PolicyDocument } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import { compileTextList } from "#core/match/list-matcher.ts";
import { NetworkSet } from "#core/match/network-set.ts";
import { ruleSentence } from "#core/policy/explain.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";

/**
 * The ids of the rules whose name, section or sentence holds the text ("(none)": those in no section), or which ask about something that stands for it or
 * holds it as text: an address finds the networks that it is in, alone or in lists, and the wildcards that match it, a domain the lists that hold it.
 */
export function findRules(document: PolicyDocument, asked: string): string[] {
  const text = foldAscii(asked.trim());
  const lists = new Set(document.lists.filter((list) => holds(list, text)).map(({ name }) => name));
  return document.proxyActions
    .flatMap((action) => rulesetsOf(action).flatMap(({ ruleset }) => ruleset.rules))
    .filter((rule) => says(rule, text) || (rule.when !== undefined && asksFor(rule.when, text, lists)))
    .flatMap(({ id }) => id ?? []);
}

function says(rule: Rule, text: string): boolean {
  return foldAscii(`${rule.name}\n${rule.section ?? "(none)"}\n${ruleSentence(rule)}`).includes(text);
}

function holds({ kind, entries }: List, text: string): boolean {
  if (entries.some((entry) => foldAscii(entry).includes(text))) return true;
  return kind === "networks" ? new NetworkSet(entries).has(text) : compileTextList(kind, entries)(text);
}

/** What a test may name; which operators it has is the schema's matter. */
const namingSchema = z.object({
  in: z.array(z.coerce.string()).catch([]),
  inList: z.string().optional().catch(undefined),
});

function asksFor(condition: Condition, text: string, lists: ReadonlySet<string>): boolean {
  const groups = [condition.all, condition.any, condition.none].flatMap((group) => group ?? []);
  if (groups.some((child) => asksFor(child, text, lists))) return true;
  return Object.entries(condition).some(([name, given]) => {
    const test = namingSchema.safeParse(given);
    if (!test.success) return false;
    const { in: entries, inList } = test.data;
    if (inList !== undefined && lists.has(inList)) return true;
    return isNetworkFact(name)
      ? new NetworkSet(entries).has(text)
      : entries.some((entry) => foldAscii(entry).includes(text));
  });
}

function isNetworkFact(name: string): boolean {
  return Object.entries(facts).some(([fact, { kind }]) => fact === name && kind === "network");
}
