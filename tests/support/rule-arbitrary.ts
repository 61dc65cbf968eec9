import fc from "fast-check";
import { z } from "zod";
import { actionSchema, legalActions } from "#core/contract/action.ts";
import { conditionSchema } from "#core/contract/condition.ts";
import { type FactName, factIsKnown, facts, factValues, type Protocol, type Stage } from "#core/contract/facts.ts";
import type { List } from "#core/contract/policy-document.ts";
import { conditionText, readConditionText } from "#core/policy/condition-yaml.ts";

/** The lists that a document has: what text facts, addresses of clients, and verified recipients may be in. */
export type ListNames = { text: readonly string[]; networks: readonly string[]; recipients: readonly string[] };

export function listNames(lists: readonly Pick<List, "name" | "kind">[]): ListNames {
  const named = (...kinds: List["kind"][]) => lists.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  return {
    text: named("domains", "addresses", "patterns", "words"),
    networks: named("networks"),
    recipients: named("addresses", "patterns"),
  };
}

/** Names as people give them, with what YAML could take for something else. */
export const nameArbitrary = fc.oneof(
  fc.constantFrom(
    "yes",
    "null",
    "1",
    "1.0",
    "- a",
    "a: b",
    "#x",
    "*a",
    "&a",
    "!t",
    "'",
    '"',
    "{}",
    "~",
    "<<",
    "ä ö",
    "0x1",
  ),
  fc.stringMatching(/^[a-zA-Zäöü0-9][a-z A-Z.#:'"-]{0,12}[a-z0-9]$/),
);
export const networkArbitrary = fc.oneof(
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`),
  fc.ipV4(),
  fc.constantFrom("2001:db8::/32", "::1", "fe80::/10", "::ffff:192.0.2.1"),
);
export const domainArbitrary = fc.oneof(fc.domain(), fc.constantFrom("müller.test", "EXAMPLE.test", "on", "1e3"));
export const addressArbitrary = fc
  .tuple(fc.stringMatching(/^[a-z0-9+_-]{1,12}(\.[a-z]{1,5})?$/), fc.domain())
  .map(([local, domain]) => `${local}@${domain}`);
const textArbitrary = fc.oneof(fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }), domainArbitrary);
const patternArbitrary = fc.constantFrom("^a.*$", "\\d+", "(?i)x|y", "[%!][^@]*@", "ä+", "^(.*)@old\\.test$");
const numberArbitrary = fc.integer({ min: 1, max: 1_000_000 });
/** A date as the schema writes it. */
const instantArbitrary = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

/** One way to look at a text fact. */
export function textTestArbitrary({ text }: ListNames): fc.Arbitrary<object> {
  return fc.oneof(
    fc.record({ is: fc.oneof(fc.constant(""), textArbitrary) }),
    fc.record({ in: fc.array(textArbitrary, { minLength: 1, maxLength: 4 }) }),
    fc.record({ like: textArbitrary }),
    fc.record({ pattern: patternArbitrary }),
    ...(text.length === 0 ? [] : [fc.record({ inList: fc.constantFrom(...text) })]),
  );
}

function testArbitrary(fact: FactName, lists: ListNames): fc.Arbitrary<object> {
  const { kind } = facts[fact];
  const values = factValues(fact);
  switch (kind) {
    case "text":
      if (fact === "dictionary") return fc.record({ like: fc.constantFrom("*", "PCI*") });
      return values === null
        ? textTestArbitrary(lists)
        : fc.record({ in: fc.shuffledSubarray([...values], { minLength: 1 }) });
    case "network":
      return fc.oneof(
        fc.record({ in: fc.array(networkArbitrary, { minLength: 1, maxLength: 3 }) }),
        ...(lists.networks.length === 0 ? [] : [fc.record({ inList: fc.constantFrom(...lists.networks) })]),
      );
    case "number":
      return fc.oneof(
        fc.record({ is: numberArbitrary }),
        fc.record({ over: numberArbitrary, under: numberArbitrary }, { requiredKeys: ["over"] }),
      );
  }
}

/** A condition of facts that the ruleset knows, groups up to three deep. */
export function conditionArbitrary(
  protocol: Protocol,
  stage: Stage,
  lists: ListNames,
  depth = 3,
): fc.Arbitrary<object> {
  const known = (Object.keys(facts) as FactName[]).filter((fact) => factIsKnown(fact, protocol, stage));
  const tests = fc
    .uniqueArray(fc.constantFrom(...known), { minLength: 1, maxLength: 2 })
    .chain((names) => fc.record(Object.fromEntries(names.map((fact) => [fact, testArbitrary(fact, lists)]))));
  if (depth === 1) return tests;
  const children = fc.array(conditionArbitrary(protocol, stage, lists, depth - 1), { minLength: 1, maxLength: 2 });
  return fc.oneof(
    { weight: 3, arbitrary: tests },
    { weight: 1, arbitrary: fc.record({ all: children, any: children, none: children }, { requiredKeys: ["any"] }) },
    {
      weight: 1,
      arbitrary: fc.tuple(tests, children).map(([test, none]) => ({ ...test, none })),
    },
  );
}

const replyText = fc.stringMatching(/^[\x20-\x7e]{1,40}$/);

function replyArbitrary(digit: 4 | 5): fc.Arbitrary<object> {
  return fc.record(
    {
      code: fc.integer({ min: digit * 100, max: digit * 100 + 99 }),
      enhanced: fc.constantFrom(`${digit}.7.1`, `${digit}.1.1`),
      text: replyText,
    },
    { requiredKeys: [] },
  );
}

const replies = { 4: replyArbitrary(4), 5: replyArbitrary(5) };

const rewriteArbitrary = fc.oneof(
  fc.record({ pattern: fc.constant("(.*)@(old|older)\\.test"), to: fc.constantFrom("$1@new.test", "$2@$1.test") }),
  fc.record({ domains: fc.dictionary(fc.domain(), fc.domain(), { minKeys: 1, maxKeys: 3 }) }),
  fc.record({
    aliases: fc.dictionary(addressArbitrary, fc.array(addressArbitrary, { minLength: 1, maxLength: 1 }), {
      minKeys: 1,
    }),
  }),
);

const days = fc.integer({ min: 1, max: 3_650 });
const actionDetails: Record<string, fc.Arbitrary<object>> = {
  deny: fc.record({ reply: replies[5] }, { requiredKeys: [] }),
  drop: fc.record({ reply: replies[5] }, { requiredKeys: [] }),
  tempfail: fc.record({ reply: replies[4] }, { requiredKeys: [] }),
  block: fc.record({ minutes: fc.integer({ min: 1, max: 10_080 }) }, { requiredKeys: [] }),
  rewrite: rewriteArbitrary,
  redirect: fc.record({ to: addressArbitrary }),
  copy: fc.record({ to: addressArbitrary }),
  "replace-part": fc.record(
    {
      fileName: fc.constant("note.txt"),
      contentType: fc.constantFrom("text/plain", "text/html"),
      text: fc.constantFrom("Gone", "%(filename)% is gone"),
    },
    { requiredKeys: ["fileName", "text"] },
  ),
  lock: fc.record({ days }, { requiredKeys: [] }),
  quarantine: fc.record({ cause: fc.constantFrom("spam", "malware"), days }, { requiredKeys: [] }),
  hold: fc.record({ days }, { requiredKeys: [] }),
  modify: fc
    .record(
      {
        tag: fc.constantFrom("[SPAM]", "***"),
        headers: fc.constant([
          { do: "add", name: "X-Spam", value: "%(score)%" },
          { do: "remove", name: "X-Old" },
          { do: "replace", name: "Precedence", value: "bulk: yes" },
        ]),
        banner: fc.record(
          {
            text: fc.constant("From outside"),
            html: fc.constant("<b>From outside</b>"),
            at: fc.constantFrom("top", "bottom"),
          },
          { requiredKeys: ["text", "at"] },
        ),
      },
      { requiredKeys: [] },
    )
    .filter((changes) => Object.keys(changes).length > 0),
};

const noticeKinds: readonly string[] = ["strip", "lock"];

/** Every action that is legal in the ruleset, as its parsed form. `notices`: those that it may name. */
export function actionArbitrary(
  protocol: Protocol,
  stage: Stage,
  notices: readonly string[] = [],
): fc.Arbitrary<object> {
  const kinds = legalActions(protocol, stage).map((kind) => {
    const named = noticeKinds.includes(kind) ? [{}, ...notices.map((notice) => ({ notice }))] : [{}];
    return fc
      .tuple(actionDetails[kind] ?? fc.constant({}), fc.constantFrom(...named))
      .map(([detail, notice]) => actionSchema.parse({ kind, ...detail, ...notice }));
  });
  return fc.oneof(...kinds);
}

/** A rule whose condition was written with comments, in the form that a document keeps. */
function commentedArbitrary<R extends object>(rule: R): fc.Arbitrary<R> {
  const { when } = z.object({ when: conditionSchema.optional() }).parse(rule);
  return fc.stringMatching(/^[\x20-\x7e]{0,20}$/).map((note) => {
    const read = readConditionText(`#${note}\n${conditionText(when === undefined ? {} : { when })}#${note}\n`);
    return { ...rule, ...(read.ok && read.condition) };
  });
}

/** A ruleset whose rules have ids and names of their own; the ids are unique in practice. */
export function rulesetArbitrary(
  protocol: Protocol,
  stage: Stage,
  lists: ListNames,
  notices: readonly string[] = [],
): fc.Arbitrary<object> {
  const rule = fc
    .record(
      {
        id: fc.uuid(),
        name: nameArbitrary,
        section: nameArbitrary,
        state: fc.constantFrom("on", "observe", "off"),
        when: conditionArbitrary(protocol, stage, lists),
        action: actionArbitrary(protocol, stage, notices),
        log: fc.boolean(),
        alarm: fc.boolean(),
        expires: instantArbitrary,
      },
      { requiredKeys: ["name", "action"] },
    )
    .chain((drawn) => fc.oneof({ weight: 3, arbitrary: fc.constant(drawn) }, commentedArbitrary(drawn)));
  const noneMatched = fc.record(
    { action: actionArbitrary(protocol, stage, notices), log: fc.boolean() },
    { requiredKeys: ["action"] },
  );
  const rules = fc.uniqueArray(rule, { maxLength: 3, selector: ({ name }) => name });
  return fc.record({ rules, noneMatched }, { requiredKeys: [] });
}
