import fc from "fast-check";
import { addressArbitrary, nameArbitrary } from "./rule-arbitrary.ts";

/** Policy tests of these interfaces. */
export function policyTestArbitrary(interfaces: readonly string[]): fc.Arbitrary<object> {
  return fc.record(
    {
      given: fc.record(
        {
          interface: fc.constantFrom(...interfaces),
          client: fc.ipV4(),
          helo: fc.domain(),
          tls: fc.boolean(),
          user: fc.option(addressArbitrary),
          sender: fc.oneof(fc.constant(""), addressArbitrary),
          recipients: fc.array(addressArbitrary, { minLength: 1, maxLength: 2 }),
          at: fc.constant("2026-11-28T08:00:00.000Z"),
        },
        { requiredKeys: ["interface", "client", "sender", "recipients"] },
      ),
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
