import fc from "fast-check";
import { authMechanisms } from "#core/contract/smtp-settings.ts";
import { type ListNames, nameArbitrary, textTestArbitrary } from "./rule-arbitrary.ts";

const onOff = fc.boolean();

function some(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(shape, { requiredKeys: [] });
}

/** Every setting of a POP3 proxy action. A login with a password is always among them, so that every route can be reached. */
export const pop3SettingsArbitrary: fc.Arbitrary<object> = some({
  banner: fc.constantFrom("ready", "Mail: #1 [x]", "- a"),
  hideServerReplies: onOff,
  auth: fc.oneof(
    some({
      apop: onOff,
      mechanisms: fc.shuffledSubarray([...authMechanisms]),
      clearText: fc.constantFrom("where-no-tls", "never", "always"),
    }),
    fc
      .shuffledSubarray([...authMechanisms])
      .map((others) => ({ userPass: false, mechanisms: ["PLAIN", ...others.filter((name) => name !== "PLAIN")] })),
  ),
  capabilities: some({ pipelining: onOff, utf8: onOff, lang: onOff }),
  deletion: some({
    allow: fc.constantFrom("always", "after-days", "never"),
    days: fc.integer({ min: 1, max: 3_650 }),
    answer: fc.constantFrom("refuse", "pretend"),
    warn: onOff,
  }),
  headStartMs: fc.integer({ min: 1_000, max: 60_000 }),
  verdictHours: fc.integer({ min: 0, max: 8_760 }),
  sessionRecords: fc.constantFrom("all", "faults", "none"),
});

/** Users who log in at a route with credentials that we hold; a password is what every one of them has. */
export const bridgeArbitrary: fc.Arbitrary<object> = fc.record(
  {
    credentials: fc.uniqueArray(nameArbitrary, { minLength: 1, maxLength: 3 }),
    others: fc.constantFrom("pass", "refuse"),
  },
  { requiredKeys: ["credentials"] },
);

/** Routes by user, as a policy has them. */
export function userRoutesArbitrary(names: ListNames, route: fc.Arbitrary<string>): fc.Arbitrary<object[]> {
  const test = textTestArbitrary(names);
  const byUser = fc.oneof(
    fc.record({ user: test, domain: test, route }, { requiredKeys: ["user", "route"] }),
    fc.record({ domain: test, route }),
  );
  return fc.array(byUser, { maxLength: 3 });
}

/** Servers that a client may choose among, each named once. */
export function serverChoiceArbitrary(route: fc.Arbitrary<string>): fc.Arbitrary<object> {
  const servers = fc.uniqueArray(fc.record({ server: fc.domain(), route }), {
    minLength: 1,
    maxLength: 3,
    selector: ({ server }) => server.toLowerCase(),
  });
  return fc.record({ separator: fc.constantFrom("%", "#", "!", "|"), servers }, { requiredKeys: ["servers"] });
}
