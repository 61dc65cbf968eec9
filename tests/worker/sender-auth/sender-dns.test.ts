import { describe, expect, onTestFinished, test, vi } from "vitest";
import { answerCharactersKeptMax, answersKeptMax, keptMs } from "#worker/sender-auth/answer-cache.ts";
import { CheckLookups, lookupsMax } from "#worker/sender-auth/check-lookups.ts";
import { mailauthResolver } from "#worker/sender-auth/mailauth-resolver.ts";
import { questionsInFlightMax, questionTimeLimitMs, SenderDns } from "#worker/sender-auth/sender-dns.ts";
import { type SenderRecords, systemDns } from "#worker/upstream/mail-dns.ts";
import { dnsServer } from "../../support/dns-server.ts";
import { type ZoneData, zoneRecords } from "../../support/zone-records.ts";

function makeDns(zone: ZoneData) {
  let now = 0;
  const records = zoneRecords(zone);
  const pass = (ms: number): void => void (now += ms);
  return { dns: new SenderDns(records, () => now), asked: records.asked, pass };
}

const silent: SenderRecords = {
  texts: () => new Promise(() => undefined),
  pointers: () => new Promise(() => undefined),
  aliases: () => new Promise(() => undefined),
  addresses: () => new Promise(() => undefined),
  exchanges: () => new Promise(() => undefined),
};

describe("an answer", () => {
  test("is asked for once at a time, in any case of letters, and kept as long as it says, within bounds", async () => {
    const { dns, asked, pass } = makeDns({ "a.test": [{ A: "192.0.2.1" }, { TXT: "x" }] });
    await Promise.all([dns.addresses("a.test", 4), dns.addresses("A.test", 4)]);
    await dns.addresses("a.TEST", 4);
    expect(asked).toEqual(["A a.test"]);
    pass(29_999);
    await dns.addresses("a.test", 4);
    expect(asked).toHaveLength(1);
    pass(1);
    await dns.addresses("a.test", 4);
    expect(asked).toHaveLength(2);
    await dns.texts("a.test");
    pass(keptMs.untold - 1);
    expect(await dns.texts("a.test")).toEqual(["x"]);
    expect(asked).toHaveLength(3);
  });
  test("that there is none is kept as well: for a name that does not exist and for one without such records", async () => {
    const { dns, asked, pass } = makeDns({ "a.test": [{ A: "192.0.2.1" }] });
    const both = () => Promise.all([dns.texts("a.test"), dns.texts("gone.test")]);
    expect(await both()).toEqual([[], null]);
    await both();
    expect(asked).toHaveLength(2);
    pass(keptMs.negative);
    await both();
    expect(asked).toHaveLength(4);
  });
  test("that could not be had is asked again only after a while, and rejects with its code until then", async () => {
    const { dns, asked, pass } = makeDns({ "a.test": ["TIMEOUT"] });
    await expect(dns.texts("a.test")).rejects.toMatchObject({ code: "ETIMEOUT" });
    await expect(dns.texts("a.test")).rejects.toMatchObject({ code: "ETIMEOUT" });
    expect(asked).toHaveLength(1);
    pass(keptMs.failure);
    await expect(dns.texts("a.test")).rejects.toMatchObject({ code: "ETIMEOUT" });
    expect(asked).toHaveLength(2);
  });
  test("is kept for answersKeptMax names, the oldest goes first; one that is very large is not kept", async () => {
    const { dns, asked } = makeDns({ "large.test": [{ TXT: "x".repeat(answerCharactersKeptMax + 1) }] });
    for (let n = 0; n <= answersKeptMax; n++) await dns.texts(`d${n}.test`);
    await dns.texts("d1.test");
    expect(asked).toHaveLength(answersKeptMax + 1);
    await dns.texts("d0.test");
    expect(asked).toHaveLength(answersKeptMax + 2);
    await dns.texts("large.test");
    await dns.texts("large.test");
    expect(asked).toHaveLength(answersKeptMax + 4);
  });
});

describe("a DNS that does not answer", () => {
  test("is given up after questionTimeLimitMs; past questionsInFlightMax questions it is asked no more", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const dns = new SenderDns(silent, Date.now);
    const codes = Promise.all(
      Array.from({ length: questionsInFlightMax + 1 }, (_, n) =>
        dns
          .texts(`d${n}.test`)
          .catch((error: unknown) => (error instanceof Error && "code" in error ? error.code : "")),
      ),
    );
    await vi.advanceTimersByTimeAsync(questionTimeLimitMs);
    const told = await codes;
    expect(told.filter((code) => code === "ETIMEOUT")).toHaveLength(questionsInFlightMax);
    expect(told.at(-1)).toBe("EBUSY");
  });
});

describe("one check", () => {
  test("may ask lookupsMax questions; more fail", async () => {
    const lookups = new CheckLookups(makeDns({}).dns);
    for (let n = 0; n < lookupsMax; n++) await lookups.texts("a.test");
    await expect(lookups.texts("a.test")).rejects.toMatchObject({ code: "ELOOKUPS" });
  });
  test("that is stopped has all its questions fail at once, those that wait and those that come", async () => {
    const lookups = new CheckLookups(new SenderDns({ ...silent, texts: async () => ["x"] }, Date.now));
    const waiting = lookups.pointers("1.2.0.192.in-addr.arpa");
    lookups.stop("ETIMEOUT");
    await expect(waiting).rejects.toMatchObject({ code: "ETIMEOUT" });
    await expect(lookups.texts("a.test")).rejects.toMatchObject({ code: "ETIMEOUT" });
  });
});

test.each(["a\\.b.test", "a..test", "", `${"a".repeat(64)}.test`, "a\0.test", "é.test", `${"a.".repeat(130)}test`])(
  "%j is no name that anybody is asked for",
  async (name) => {
    const { dns, asked } = makeDns({});
    await expect(mailauthResolver(dns)(name, "TXT")).rejects.toMatchObject({ code: "EBADNAME" });
    expect(asked).toEqual([]);
  },
);

test("a real DNS server is asked for every type of record", async () => {
  const { address } = await dnsServer({
    "a.test": ["TXT v=spf1 -all", "MX 10 mx.a.test", "A 192.0.2.1", "AAAA 2001:db8::1"],
    "1.2.0.192.in-addr.arpa": ["PTR a.test"],
    "b.test": ["CNAME a.test"],
    "broken.test": ["SERVFAIL"],
  });
  const dns = new SenderDns(systemDns([address], Date.now), Date.now);
  expect(await dns.texts("a.test")).toEqual(["v=spf1 -all"]);
  expect(await dns.texts("b.test")).toEqual(["v=spf1 -all"]);
  expect(await dns.exchanges("a.test")).toEqual([{ exchange: "mx.a.test", preference: 10 }]);
  expect(await dns.addresses("a.test", 6)).toMatchObject([{ address: "2001:db8::1" }]);
  expect(await dns.pointers("1.2.0.192.in-addr.arpa")).toEqual(["a.test"]);
  expect(await dns.aliases("b.test")).toEqual(["a.test"]);
  expect(await dns.texts("1.2.0.192.in-addr.arpa")).toEqual([]);
  expect(await dns.texts("gone.test")).toBeNull();
  await expect(dns.texts("broken.test")).rejects.toMatchObject({ code: "ESERVFAIL" });
});
