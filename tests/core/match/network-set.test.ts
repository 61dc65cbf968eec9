import { describe, expect, it } from "vitest";
import { NetworkSet, readNetwork } from "#core/match/network-set.ts";

describe("network set", () => {
  const set = new NetworkSet(["192.0.2.0/24", "198.51.100.7", "2001:db8::/32", "10.0.0.0/8"]);

  it.each([
    ["192.0.2.1", true],
    ["192.0.3.1", false],
    ["198.51.100.7", true],
    ["198.51.100.8", false],
    ["::ffff:192.0.2.9", true],
    ["2001:db8:1::1", true],
    ["2001:db9::1", false],
    ["10.255.255.255", true],
    ["not an address", false],
    ["", false],
  ])("%s is a member: %s", (address, expected) => {
    expect(set.has(address)).toBe(expected);
  });

  it.each(["192.0.2.0/33", "192.0.2.0/x", "192.0.2", "0x7f000001", "2001:db8::/129", "a/b/c", "010.0.0.1"])(
    "%s is not read as a network",
    (text) => {
      expect(readNetwork(text)).toBeNull();
    },
  );

  it("is empty without networks", () => {
    expect(new NetworkSet([]).has("192.0.2.1")).toBe(false);
  });
});
