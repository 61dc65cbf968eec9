import { expect, test } from "vitest";
import { dnsName } from "#worker/upstream/dns-name.ts";

test.each([
  ["example.test", "example.test"],
  ["Example.TEST.", "example.test"],
  ["a_b.test", "a_b.test"],
  ["localhost", "localhost"],
  ["3com.test", "3com.test"],
  ["m\u00fcnchen.test", "xn--mnchen-3ya.test"],
  ["M\u00dcNCHEN.test", "xn--mnchen-3ya.test"],
  ["xn--mnchen-3ya.test", "xn--mnchen-3ya.test"],
])("%s is asked for as %s", (domain, name) => {
  expect(dnsName(domain)).toBe(name);
});

test.each([
  ["an address", "192.0.2.1"],
  ["what becomes an address", "1.2.3"],
  ["hexadecimal", "0x7f.1"],
  ["one number", "2130706433"],
  ["a hexadecimal end", "a.0x7f"],
  ["an escape", "a%2eb.test"],
  ["a path", "a/b"],
  ["a port", "a.test:25"],
  ["brackets", "[::1]"],
  ["fullwidth letters, which would become others", "\uff45xample.test"],
  ["an ideographic full stop, which would become a dot", "ex\u3002ample.test"],
  ["a Kelvin sign, which would become a k", "\u212aelvin.test"],
  ["a soft hyphen, which would go", "exam\u00adple.test"],
  ["an empty label", "a..test"],
  ["nothing", ""],
  ["a dot", "."],
  ["a label over 63", `${"a".repeat(64)}.test`],
  ["a name over 253", `${"a.".repeat(127)}test`],
])("%s is no name", (_what, domain) => {
  expect(dnsName(domain)).toBeNull();
});
