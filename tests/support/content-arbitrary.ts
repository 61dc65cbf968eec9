import fc from "fast-check";
import { noticeLanguages } from "#core/contract/notice.ts";

const template = fc.constantFrom("Gone", "%(filename)% is gone: %(reason)%%CRLF%Ask %(contact)%", "größe: 100 %");

/** A scanner without its name. */
export const scannerArbitrary: fc.Arbitrary<object> = fc
  .record(
    {
      at: fc.oneof(
        fc.record({ host: fc.domain(), port: fc.integer({ min: 1, max: 65_535 }) }),
        fc.constant({ socket: "/run/clamd.sock" }),
      ),
      timeLimitMs: fc.integer({ min: 100, max: 300_000 }),
      sizeLimitBytes: fc.integer({ min: 1_024, max: 1_073_741_824 }),
      connectionsMax: fc.integer({ min: 1, max: 256 }),
      onFailure: fc.constantFrom("tempfail", "pass", "match"),
      cacheMinutes: fc.integer({ min: 1, max: 10_080 }),
    },
    { requiredKeys: ["at"] },
  )
  .chain((scanner) =>
    fc
      .oneof(
        fc.record({ kind: fc.constantFrom("clamd", "icap"), scans: fc.constantFrom("parts", "message") }),
        fc.record({ kind: fc.constant("icap"), service: fc.constantFrom("avscan", "srv?a=b#c") }),
        fc.record({ kind: fc.constantFrom("rspamd", "spamd") }),
      )
      .map((kind) => ({ ...kind, ...scanner })),
  );

const entryDetails = {
  weight: fc.integer({ min: -1000, max: 1000 }),
  max: fc.integer({ min: 1, max: 10_000 }),
  near: fc.record(
    { words: fc.constantFrom(["card"], ["- x", "yes"]), within: fc.integer({ min: 1, max: 1000 }) },
    { requiredKeys: ["words"] },
  ),
  caseSensitive: fc.boolean(),
};
const term = fc.oneof(
  fc.constantFrom("yes", "1e3", "# x", "größe").map((word) => ({ word })),
  fc.constant({ phrase: "top secret: yes" }),
  fc.constant({ pattern: "\\bID-\\d+" }),
  fc.constantFrom("payment-card", "iban").map((classifier) => ({ classifier })),
);

/** A dictionary without its name. */
export const dictionaryArbitrary: fc.Arbitrary<object> = fc.record(
  {
    threshold: fc.integer({ min: 1, max: 1_000_000 }),
    count: fc.constantFrom("all", "distinct"),
    entries: fc.array(
      fc.tuple(term, fc.record(entryDetails, { requiredKeys: [] })).map(([what, details]) => ({ ...what, ...details })),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: ["entries"] },
);

/** A notice without its name. */
export const noticeArbitrary: fc.Arbitrary<object> = fc.record(
  { text: template, html: fc.constant("<p>%(filename)%</p>\n") },
  { requiredKeys: ["text"] },
);

/** How messages are looked into, by scanners of these names. */
export function contentSettingsArbitrary(scanners: readonly string[]): fc.Arbitrary<object> {
  return fc.record(
    {
      scanners: fc.shuffledSubarray([...scanners], { maxLength: Math.min(8, scanners.length) }),
      inspectedPartBytesMax: fc.integer({ min: 65_536, max: 1_073_741_824 }),
      inspectedTextBytesMax: fc.integer({ min: 4_096, max: 1_048_576 }),
      verdictTimeoutMs: fc.integer({ min: 1_000, max: 300_000 }),
      noticeLanguage: fc.constantFrom(...noticeLanguages),
      contact: fc.constant("it@example.test"),
      consoleUrl: fc.constant("https://console.example.test/"),
    },
    { requiredKeys: [] },
  );
}

/** How the sender is checked. */
export const senderAuthArbitrary: fc.Arbitrary<object> = fc
  .record(
    {
      results: fc.constantFrom("none", "add"),
      authservId: fc.domain(),
      ownDomains: fc.array(fc.domain(), { maxLength: 2 }),
      dnsbls: fc.subarray(["zen.example.org=127.0.0.[2..4]*2", "bl.example.org"]),
      timeLimitMs: fc.integer({ min: 500, max: 60_000 }),
      onSignedModified: fc.constantFrom("leave", "sign"),
      sealWith: fc.constant("a key"),
      sign: fc.constantFrom("none", "own-domains"),
    },
    { requiredKeys: [] },
  )
  .chain((given) =>
    "sealWith" in given ? fc.constantFrom(given, { ...given, onSignedModified: "arc-seal" }) : fc.constant(given),
  );
