import { expect, test } from "vitest";
import { leadsHere } from "#worker/net/own-addresses.ts";

test.each([
  ["192.0.2.1", "192.0.2.1", 25, true],
  ["192.0.2.1", "192.0.2.2", 25, false],
  ["192.0.2.1", "192.0.2.1", 26, false],
  ["192.0.2.1", "::ffff:192.0.2.1", 25, true],
  ["2001:db8:0::1", "2001:DB8::1", 25, true],
  ["0.0.0.0", "127.0.0.1", 25, true],
  ["0.0.0.0", "127.9.9.9", 25, true],
  ["0.0.0.0", "0.0.0.0", 25, true],
  ["::", "::1", 25, true],
  ["0.0.0.0", "192.0.2.1", 25, false],
  ["127.0.0.1", "no address", 25, false],
])("a listener at %s port 25 takes a connection to %s port %d: %s", (own, address, port, isOurs) => {
  expect(leadsHere([{ address: own, port: 25 }], address, port)).toBe(isOurs);
});
