import { conditionSchema } from "#core/contract/condition.ts";
import type { MessageEvent, SessionEvent } from "#core/contract/event.ts";
import { type FactName, factIsKnown, type Stage } from "#core/contract/facts.ts";
import type { Rule } from "#core/contract/rule.ts";
import { addressReadings } from "#core/message/addresses.ts";

const nameMax = 100;

/**
 * A rule that lets such mail through where a rule or a default stopped it: what has the same sender and recipient, as far as the ruleset knows them,
 * is allowed; else what comes from the same address.
 */
export function exceptionTo(event: MessageEvent | SessionEvent, stage: Stage): Rule {
  const known = marksOf(event).filter(([fact]) => factIsKnown(fact, event.protocol, stage));
  const tests = known.map(([fact, value]) => [fact, { is: value }]);
  const when = tests.length === 0 ? { clientAddress: { in: [event.client.address] } } : Object.fromEntries(tests);
  const name = `Exception to ${event.decision?.ruleName ?? "the default"}`.slice(0, nameMax).trim();
  return { name, state: "on", when: conditionSchema.parse(when), action: { kind: "allow" }, log: true, alarm: false };
}

/** What one knows such mail by. */
function marksOf(event: MessageEvent | SessionEvent): (readonly [FactName, string])[] {
  if (event.kind === "session") return [];
  const authors = event.protocol === "pop3" ? addressReadings(event.from ?? "") : [];
  const marks = [
    ["sender", event.sender],
    ["recipient", onlyOne(event.recipients)?.address],
    ["from", onlyOne(authors)],
    ["user", event.user],
  ] as const;
  return marks.flatMap(([fact, value]) => (value ? [[fact, value] as const] : []));
}
function onlyOne<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}
