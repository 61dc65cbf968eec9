import { describe, expect, test } from "vitest";
import { banFor } from "#worker/net/auto-ban.ts";
import { canonicalAddress, clientAddress } from "#worker/net/client-address.ts";
import { SourceBans } from "#worker/net/source-bans.ts";
import type { BanRequest } from "#worker/services.ts";

function minutes(many: number, more: Partial<BanRequest> = {}): BanRequest {
  return { minutes: many, reason: "rule: no spam", by: "rule", ...more };
}

describe("bans", () => {
  test("a ban ends after its minutes, and the longer of two stands with its reason and the first one's beginning", () => {
    let now = 0;
    const bans = new SourceBans(() => now);
    bans.ban("192.0.2.1", minutes(5));
    now = 60_000;
    bans.ban("192.0.2.1", minutes(20, { reason: "limit: 20 errors", by: "limit" }));
    bans.ban("192.0.2.1", minutes(1, { reason: "shorter", by: "person" }));
    expect(bans.list()).toEqual([
      {
        address: "192.0.2.1",
        since: "1970-01-01T00:00:00.000Z",
        until: "1970-01-01T00:21:00.000Z",
        reason: "limit: 20 errors",
        by: "limit",
      },
    ]);
    now = 21 * 60_000 - 1;
    expect(bans.isBanned("192.0.2.1")).toBe(true);
    now++;
    expect(bans.isBanned("192.0.2.1")).toBe(false);
    expect([bans.count, bans.list()]).toEqual([0, []]);
  });

  test("past the most sources, the ban that ends first gives way, and never more than the hundredth of them", () => {
    const bans = new SourceBans(() => 0, 2);
    bans.ban("192.0.2.1", minutes(5));
    bans.ban("192.0.2.2", minutes(1));
    bans.ban("192.0.2.3", minutes(5));
    const sources = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
    expect(sources.map((source) => bans.isBanned(source))).toEqual([true, false, true]);
    bans.ban("192.0.2.4", minutes(5));
    expect(bans.count).toBe(2);
  });

  test("they are listed the soonest to end first, and no more than were asked for", () => {
    const bans = new SourceBans(() => 0);
    for (const many of [3, 1, 2, 2]) bans.ban(`192.0.2.${many}`, minutes(many));
    bans.ban("2001:DB8:0::1", minutes(4));
    expect(bans.list(2).map(({ address }) => address)).toEqual(["192.0.2.1", "192.0.2.2"]);
    expect(bans.list().map(({ address }) => address)).toEqual(["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"]);
  });

  test("a lifted source is taken again at once; lifting one that is not banned changes nothing", () => {
    const bans = new SourceBans(() => 0);
    bans.ban("2001:db8::1", minutes(5));
    expect(bans.lift("2001:DB8::0001")).toBe(true);
    expect(bans.isBanned("2001:db8::1")).toBe(false);
    expect([bans.lift("2001:db8::1"), bans.lift("no address")]).toEqual([false, false]);
  });

  test("a reason longer than a report may carry is cut", () => {
    const bans = new SourceBans(() => 0);
    bans.ban("192.0.2.1", minutes(5, { reason: "x".repeat(501) }));
    expect(bans.list()[0]?.reason).toHaveLength(500);
  });
});

describe("autoBan", () => {
  test("a cause that the proxy action names bans the source, and the event's words tell of it", () => {
    const bans = new SourceBans(() => 0);
    const settings = { autoBan: { on: ["errors" as const], minutes: 7 } };
    expect(banFor("errors", "20 errors in one session", "192.0.2.1", settings, bans)).toBe(
      "20 errors in one session; the source is blocked for 7 minutes",
    );
    expect(bans.list()).toMatchObject([
      { until: "1970-01-01T00:07:00.000Z", reason: "limit: 20 errors in one session", by: "limit" },
    ]);
  });

  test("a cause that it does not name bans nobody", () => {
    const bans = new SourceBans(() => 0);
    const settings = { autoBan: { on: ["errors" as const], minutes: 7 } };
    expect(banFor("junk", "100 junk commands", "192.0.2.1", settings, bans)).toBe("100 junk commands");
    expect(bans.count).toBe(0);
  });
});

test("an IPv4-mapped address is the IPv4 address, and zones do not count", () => {
  expect(clientAddress("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(clientAddress("FE80::1%eth0")).toBe("fe80::1");
  expect(clientAddress("2001:db8::1")).toBe("2001:db8::1");
  expect(clientAddress(undefined)).toBe("");
});

test("an address that somebody wrote gets the spelling that sockets use", () => {
  expect(canonicalAddress("2001:DB8:0:0::0001")).toBe("2001:db8::1");
  expect(canonicalAddress("::FFFF:192.0.2.1")).toBe("192.0.2.1");
  expect(canonicalAddress("192.0.2.1")).toBe("192.0.2.1");
  expect(canonicalAddress("192.0.2.1/24")).toBeNull();
});
