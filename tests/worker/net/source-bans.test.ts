import { expect, test } from "vitest";
import { clientAddress } from "#worker/net/client-address.ts";
import { SourceBans } from "#worker/net/source-bans.ts";

test("a ban ends after its minutes, and the longer of two stands", () => {
  let now = 0;
  const bans = new SourceBans(() => now);
  bans.ban("192.0.2.1", 20);
  bans.ban("192.0.2.1", 1);
  now = 20 * 60_000 - 1;
  expect(bans.isBanned("192.0.2.1")).toBe(true);
  now++;
  expect(bans.isBanned("192.0.2.1")).toBe(false);
});

test("past the most sources, the ban that ends first gives way", () => {
  const bans = new SourceBans(() => 0, 2);
  bans.ban("192.0.2.1", 5);
  bans.ban("192.0.2.2", 1);
  bans.ban("192.0.2.3", 5);
  expect(["192.0.2.1", "192.0.2.2", "192.0.2.3"].map((source) => bans.isBanned(source))).toEqual([true, false, true]);
});

test("an IPv4-mapped address is the IPv4 address, and zones do not count", () => {
  expect(clientAddress("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(clientAddress("FE80::1%eth0")).toBe("fe80::1");
  expect(clientAddress("2001:db8::1")).toBe("2001:db8::1");
  expect(clientAddress(undefined)).toBe("");
});
