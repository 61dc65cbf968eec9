import { describe, expect, test, vi } from "vitest";
import { readDnsbl } from "#core/contract/dnsbl.ts";
import type { DnsblFaults } from "#worker/sender-auth/dnsbl-faults.ts";
import type { SenderAuth } from "#worker/sender-auth/sender-check.ts";
import { SenderDns } from "#worker/sender-auth/sender-dns.ts";
import { checkSpf, explanationCharactersMax, spfRecordCharactersMax } from "#worker/sender-auth/spf-check.ts";
import { cpuTimeMs } from "../../support/cpu-time.ts";
import { checkOptions, checkSender, honestZone } from "../../support/sender-checks.ts";
import { message } from "../../support/signed-messages.ts";
import { type ZoneData, zoneRecords } from "../../support/zone-records.ts";

const zone = honestZone;

describe("the names of the client", () => {
  const reverse = "1.2.0.192.in-addr.arpa";
  test.each<[string, ZoneData, string, string]>([
    ["a name that leads back", zone, "pass", "pass"],
    ["a name that leads elsewhere", { ...zone, "mail.a.test": [{ A: "192.0.2.7" }] }, "fail", "fail"],
    ["a name that leads nowhere", { ...zone, "mail.a.test": [{ TXT: "x" }] }, "fail", "none"],
    ["no name", { ...zone, [reverse]: [] }, "none", "pass"],
    ["a name that is none", { ...zone, [reverse]: [{ PTR: "a b.test" }] }, "none", "pass"],
    ["a DNS that does not answer", { [reverse]: ["TIMEOUT"], "mail.a.test": ["TIMEOUT"] }, "temperror", "temperror"],
    ["a name whose address cannot be had now", { ...zone, "mail.a.test": ["TIMEOUT"] }, "temperror", "temperror"],
  ])("%s", async (_what, records, reverseName, helo) => {
    const auth = await checkSender({ zone: records, message: message() });
    expect([auth.reverseName?.result, auth.helo?.result]).toEqual([reverseName, helo]);
  });
  test("of thousands of names ten are looked at", async () => {
    const names = Array.from({ length: 5_000 }, (_, n) => ({ PTR: `n${n}.test` }));
    const { reverseName } = await checkSender({ zone: { [reverse]: names }, message: message() });
    expect(reverseName).toMatchObject({ result: "fail", names: { length: 10 } });
  });
  test("an IPv6 client has its name in nibbles, and HELO may be its address", async () => {
    const nibbles = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2";
    const records = { [`${nibbles}.ip6.arpa`]: [{ PTR: "six.test" }], "six.test": [{ AAAA: "2001:DB8:0::1" }] };
    const sender = { clientAddress: "2001:db8::1", helo: "[IPv6:2001:db8::0:1]" };
    const auth = await checkSender({ zone: records, message: message(), sender });
    expect(auth).toMatchObject({ reverseName: { result: "pass" }, helo: { result: "pass" } });
    const literal = await checkSender({ message: message(), sender: { helo: "[192.0.2.2]" } });
    expect(literal.helo).toEqual({ result: "fail" });
  });
});

describe("DNS lists", () => {
  const listed = (answer: string, more: ZoneData = {}): ZoneData => ({ "1.2.0.192.bl.test": [{ A: answer }], ...more });
  test.each([
    ["a listing counts its weight", ["bl.test*3"], listed("127.0.0.2"), 3],
    ["answers that are not asked for do not count", ["bl.test=127.0.0.[4..7;10]"], listed("127.0.0.2"), 0],
    ["answers that are asked for do", ["bl.test=127.0.0.[2..4]*2", "bl.test=127.0.[0..1].2*5"], listed("127.0.0.2"), 7],
    [
      "a list of welcome clients takes away",
      ["bl.test", "white.test*-2"],
      { ...listed("127.0.0.2"), "1.2.0.192.white.test": [{ A: "127.0.0.9" }] },
      -1,
    ],
    ["not to be listed counts nothing", ["bl.test"], {}, 0],
  ])("%s", async (_what, lists, records, dnsblScore) => {
    const asked = vi.fn<DnsblFaults["asked"]>();
    const dnsbls = lists.map(readDnsbl);
    const auth = await checkSender({ zone: records, message: message(), dnsbls, dnsblFaults: { asked } });
    expect(auth).toMatchObject({ dnsblScore });
    expect(asked.mock.calls).toEqual([[dnsbls.map((list) => list.zone), []]]);
  });
  test.each([
    ["an answer that is no list's", listed("203.0.113.5"), /somebody else answers/],
    ["that it refuses", listed("127.255.255.254"), /refuses/],
    ["127.0.0.1", listed("127.0.0.1"), /refuses/],
    ["yes to everything", listed("127.0.0.2", { "1.0.0.127.bl.test": [{ A: "127.0.0.2" }] }), /every address/],
    ["nothing", { "1.2.0.192.bl.test": ["TIMEOUT" as const] }, /ETIMEOUT/],
  ])("a list that says %s counts nothing and is told", async (_what, records, reason) => {
    const asked = vi.fn<DnsblFaults["asked"]>();
    const dnsbls = [readDnsbl("bl.test*9")];
    const auth = await checkSender({ zone: records, message: message(), dnsbls, dnsblFaults: { asked } });
    expect(auth).toMatchObject({ dnsbls: [], dnsblScore: 0 });
    const fault = { zone: "bl.test", reason: expect.stringMatching(reason) };
    expect(asked.mock.calls).toEqual([[["bl.test"], [fault]]]);
  });
  test("an IPv6 client is asked about in nibbles", async () => {
    const name = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.test";
    const sender = { clientAddress: "2001:db8::1" };
    const auth = await checkSender({
      zone: { [name]: [{ A: "127.0.0.2" }] },
      message: message(),
      sender,
      dnsbls: [readDnsbl("bl.test")],
    });
    expect(auth.dnsbls).toEqual([{ zone: "bl.test", weight: 1, answer: "127.0.0.2" }]);
  });
});

describe("records that mean harm", () => {
  const spf = (record: string, more: ZoneData = {}) =>
    checkSender({ zone: { "a.test": [{ TXT: record }], ...more }, message: message(), asks: new Set(["spf"]) });
  test.each([
    ["that is very long", `v=spf1 ${"x= ".repeat(spfRecordCharactersMax / 3)}+all`],
    ["that includes itself", "v=spf1 include:a.test +all"],
    ["that leads on and on", "v=spf1 redirect=a.test"],
    ["of many lookups", `v=spf1 ${Array.from({ length: 11 }, (_, n) => `a:h${n}.a.test`).join(" ")} +all`],
  ])("an SPF record %s is permerror", async (_what, record) => {
    expect((await spf(record, { "h0.a.test": [{ A: "192.0.2.9" }] })).spf).toMatchObject({ result: "permerror" });
  });
  test("many records, long names, many names of servers: answered at once, and not with a pass", async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({ TXT: `v=spf1 ip4:192.0.2.${n % 250} +all` }));
    const results: SenderAuth[] = [];
    const took = await cpuTimeMs(async () => {
      results.push(
        await checkSender({ zone: { "a.test": many }, message: message(), asks: new Set(["spf"]) }),
        await spf(`v=spf1 exists:${"%{s}.".repeat(1_500)}a.test -all`),
        await spf("v=spf1 mx -all", {
          "a.test": [
            { TXT: "v=spf1 mx -all" },
            ...Array.from({ length: 5_000 }, (_, n) => ({ MX: [n, `m${n}.test`] })),
          ],
        }),
      );
    });
    expect(results.map((auth) => auth.spf?.result)).toEqual(["permerror", "fail", "permerror"]);
    expect(took).toBeLessThan(2_000);
  });
  test("the explanation of a domain is short and plain, and is no part of what is told", async () => {
    const why = { TXT: `go%_away ${"%{d}".repeat(1_000)}` };
    const records = { "a.test": [{ TXT: "v=spf1 exp=why.a.test -all" }], "why.a.test": [why] };
    const { sender } = checkOptions();
    if (sender === null) throw new Error("no sender");
    const { explanation } = await checkSpf(new SenderDns(zoneRecords(records), Date.now), sender);
    expect(explanation).toMatch(/^go away a\.test/);
    expect(explanation).toHaveLength(explanationCharactersMax);
    const auth = await checkSender({ zone: records, message: message(), asks: new Set(["spf"]) });
    expect(auth.spf).toEqual({ result: "fail", domain: "a.test" });
  });
});
