import fc from "fast-check";
import { pop3Logins, pop3TriedCommands } from "#core/contract/simulation-input.ts";
import { addressArbitrary, nameArbitrary } from "./rule-arbitrary.ts";

/** Policy tests of these interfaces. */
export function policyTestArbitrary(interfaces: readonly string[]): fc.Arbitrary<object> {
  const client = {
    interface: fc.constantFrom(...interfaces),
    client: fc.ipV4(),
    tls: fc.boolean(),
    at: fc.constant("2026-11-28T08:00:00.000Z"),
  };
  const delivery = fc.record(
    {
      ...client,
      helo: fc.domain(),
      user: fc.option(addressArbitrary),
      sender: fc.oneof(fc.constant(""), addressArbitrary),
      recipients: fc.array(addressArbitrary, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ["interface", "client", "sender", "recipients"] },
  );
  const retrieval = fc.record(
    {
      ...client,
      protocol: fc.constant("pop3"),
      user: addressArbitrary,
      login: fc.constantFrom(...pop3Logins),
      commands: fc.shuffledSubarray([...pop3TriedCommands], { minLength: 1 }),
    },
    { requiredKeys: ["protocol", "interface", "client"] },
  );
  return fc.record(
    {
      given: fc.oneof({ weight: 2, arbitrary: delivery }, { weight: 1, arbitrary: retrieval }),
      message: fc.constantFrom("Subject: a\n\nb", "Subject: ä\r\n\r\n.\r\n"),
      must: fc.record(
        {
          verdict: fc.shuffledSubarray(["allow", "deny"], { minLength: 1 }),
          rule: nameArbitrary,
          reply: fc.constant("550 5.7.1"),
        },
        { requiredKeys: ["verdict"] },
      ),
    },
    { requiredKeys: ["given", "must"] },
  );
}
