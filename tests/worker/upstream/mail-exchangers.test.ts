import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type MailDns, systemDns } from "#worker/upstream/mail-dns.ts";
import {
  domainsKeptMax,
  exchangerAddressesMax,
  keptMs,
  lookupTimeoutMs,
  MailExchangers,
} from "#worker/upstream/mail-exchangers.ts";
import { placeName } from "#worker/upstream/place.ts";
import type { UpstreamError } from "#worker/upstream/upstream-error.ts";
import { dnsServer, type Zone } from "../../support/dns-server.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { fakeServer, reach, send, smtpRoute, testPool } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

const mxRoute = smtpRoute([], { lookup: "mx" });

/** The zone in the words of tests/support/dns-server.ts, without a network. */
function fakeDns(zone: Zone, asked: string[] = []): MailDns {
  const records = (name: string, kind: string): string[][] | null => {
    asked.push(`${kind} ${name}`);
    const entries = zone[name];
    if (entries === undefined) return null;
    if (entries.includes("SERVFAIL")) throw new Error(`query${kind} ESERVFAIL ${name}`);
    return entries.map((entry) => entry.split(" ")).filter(([found]) => found === kind);
  };
  return {
    exchanges: async (domain) =>
      records(domain, "MX")?.map(([, preference, exchange = ""]) => ({ exchange, preference: Number(preference) })) ??
      null,
    addresses: async (host, family) =>
      records(host, family === 4 ? "A" : "AAAA")?.map(([, address = "", ttl = 30]) => ({
        address,
        ttl: Number(ttl),
      })) ?? null,
  };
}

type Found = { error: UpstreamError | null; places: string[] };

function makeExchangers(
  zone: Zone,
  more: { isOurs?: (address: string, port: number) => boolean; random?: () => number } = {},
) {
  let passedMs = 0;
  const asked: string[] = [];
  const exchangers = new MailExchangers({
    dns: fakeDns(zone, asked),
    now: () => Date.now() + passedMs,
    random: more.random ?? (() => 0.5),
    port: 25,
    isOurs: more.isOurs ?? (() => false),
  });
  const find = (domain: string, route = mxRoute) =>
    new Promise<Found>((resolve) => {
      exchangers.find(domain, route, (error, places) => resolve({ error, places: places.map(placeName) }));
    });
  return { find, asked, pass: (ms: number) => (passedMs += ms) };
}

describe("the servers of a domain", () => {
  test("are those of its MX records in the order of preference, each at all its addresses", async () => {
    const { find } = makeExchangers({
      "a.test": ["MX 20 second.test", "MX 10 First.Test"],
      "first.test": ["A 192.0.2.1", "A 192.0.2.2", "AAAA 2001:db8::1"],
      "second.test": ["A 192.0.2.3"],
    });
    expect((await find("a.test")).places).toEqual([
      "first.test[2001:db8::1]:25",
      "first.test[192.0.2.1]:25",
      "first.test[192.0.2.2]:25",
      "second.test[192.0.2.3]:25",
    ]);
  });
  test("of equal preference come in random order", async () => {
    const seed = 5321;
    console.info(`seed ${seed}`);
    const zone = { "a.test": ["MX 10 x.test", "MX 10 y.test"], "x.test": ["A 192.0.2.1"], "y.test": ["A 192.0.2.2"] };
    const { find } = makeExchangers(zone, { random: seededRandom(seed) });
    const first = new Set<string | undefined>();
    for (let n = 0; n < 50; n++) first.add((await find("a.test")).places[0]);
    expect(first.size).toBe(2);
  });
  test("is the domain itself without MX records", async () => {
    const { find } = makeExchangers({ "a.test": ["A 192.0.2.1"], "v6.test": ["AAAA 2001:db8::1"] });
    expect((await find("A.test.")).places).toEqual(["a.test[192.0.2.1]:25"]);
    expect((await find("v6.test")).places).toEqual(["v6.test[2001:db8::1]:25"]);
  });
  test("of an address literal is that address, and nothing is asked", async () => {
    const { find, asked } = makeExchangers({});
    expect((await find("[192.0.2.1]")).places).toEqual(["192.0.2.1:25"]);
    expect((await find("[IPv6:2001:db8::1]")).places).toEqual(["[2001:db8::1]:25"]);
    expect(asked).toEqual([]);
  });
  test("of a domain outside ASCII is asked for as DNS writes it", async () => {
    const { find, asked } = makeExchangers({ "xn--mnchen-3ya.test": ["A 192.0.2.1"] });
    expect((await find("münchen.test")).places).toEqual(["xn--mnchen-3ya.test[192.0.2.1]:25"]);
    expect(asked[0]).toBe("MX xn--mnchen-3ya.test");
  });
  test.each<[string, Zone, { kind: string; code: number; enhanced: string }]>([
    ["does not exist", {}, { kind: "no-mail", code: 550, enhanced: "5.1.2" }],
    ["has neither MX nor address", { "a.test": [] }, { kind: "no-mail", code: 550, enhanced: "5.1.2" }],
    [
      "names servers that do not exist",
      { "a.test": ["MX 10 gone.test"] },
      { kind: "no-mail", code: 550, enhanced: "5.1.2" },
    ],
    [
      "takes no mail (null MX, RFC 7505)",
      { "a.test": ["MX 0 .", "A 192.0.2.1"] },
      { kind: "no-mail", code: 556, enhanced: "5.1.10" },
    ],
    ["cannot be looked up now", { "a.test": ["SERVFAIL"] }, { kind: "dns", code: 451, enhanced: "4.4.3" }],
    [
      "has a server that cannot be looked up now",
      { "a.test": ["MX 10 b.test"], "b.test": ["SERVFAIL"] },
      { kind: "dns", code: 451, enhanced: "4.4.3" },
    ],
  ])("are none when it %s", async (_what, zone, { kind, code, enhanced }) => {
    expect((await makeExchangers(zone).find("a.test")).error).toMatchObject({ kind, publicReply: { code, enhanced } });
  });
  test.each(["", "postmaster", "a..b", "-", "192.0.2.1", "[192.0.2]", "a b.test", "x".repeat(300)])(
    "are none for %j",
    async (domain) => {
      expect((await makeExchangers({}).find(domain)).error).toMatchObject({ kind: "no-mail" });
    },
  );
  test("a server that is not there or cannot be looked up is passed over while another can be", async () => {
    const { find } = makeExchangers({
      "a.test": ["MX 5 .", "MX 10 gone.test", "MX 20 broken.test", "MX 30 good.test"],
      "broken.test": ["SERVFAIL"],
      "good.test": ["A 192.0.2.1"],
    });
    expect((await find("a.test")).places).toEqual(["good.test[192.0.2.1]:25"]);
  });
  test("are none that a record names with characters of no host name", async () => {
    const { find, asked } = makeExchangers({
      "a.test": ["MX 10 b\x1b[2J.test", "MX 20 127.0.0.1", "MX 30 good.test"],
      "good.test": ["A 192.0.2.1"],
    });
    expect((await find("a.test")).places).toEqual(["good.test[192.0.2.1]:25"]);
    expect(asked).toEqual(["MX a.test", "AAAA good.test", "A good.test"]);
  });
  test("are at most exchangerHostsMax names and exchangerAddressesMax addresses", async () => {
    const names = Array.from({ length: 50 }, (_, n) => `mx${n}.test`);
    const zone: Zone = Object.fromEntries(names.map((name) => [name, ["A 192.0.2.1", "A 192.0.2.2"]]));
    const { find, asked } = makeExchangers({ ...zone, "a.test": names.map((name, n) => `MX ${n} ${name}`) });
    const { places } = await find("a.test");
    expect(places).toHaveLength(exchangerAddressesMax);
    expect(places[0]).toBe("mx0.test[192.0.2.1]:25");
    expect(asked.filter((question) => question.startsWith("A "))).toHaveLength(10);
  });
  test("are of the family of the route's source address", async () => {
    const { find } = makeExchangers({ "a.test": ["A 192.0.2.1", "AAAA 2001:db8::1"], "v6.test": ["AAAA 2001:db8::1"] });
    const route = smtpRoute([], { lookup: "mx", sourceAddress: "192.0.2.9" });
    expect((await find("a.test", route)).places).toEqual(["a.test[192.0.2.1]:25"]);
    expect((await find("v6.test", route)).error).toMatchObject({ kind: "unreachable" });
  });
});

describe("a domain whose mail would come back to us (RFC 5321 §5.1)", () => {
  const isOurs = (address: string, port: number) => address === "192.0.2.1" && port === 25;
  test("is refused as a loop when we are its best server", async () => {
    const zone = {
      "a.test": ["MX 10 us.test", "MX 20 backup.test"],
      "us.test": ["A 192.0.2.1"],
      "backup.test": ["A 192.0.2.2"],
    };
    expect((await makeExchangers(zone, { isOurs }).find("a.test")).error).toMatchObject({
      kind: "no-mail",
      publicReply: { code: 554, enhanced: "5.4.6" },
    });
    expect((await makeExchangers({}, { isOurs }).find("[192.0.2.1]")).error).toMatchObject({
      publicReply: { enhanced: "5.4.6" },
    });
  });
  test("goes to the servers that come before us, and to none that comes with us or after", async () => {
    const zone = {
      "a.test": ["MX 5 best.test", "MX 10 us.test", "MX 10 equal.test", "MX 20 later.test"],
      "best.test": ["A 192.0.2.5"],
      "us.test": ["A 192.0.2.1"],
      "equal.test": ["A 192.0.2.6"],
      "later.test": ["A 192.0.2.7"],
    };
    expect((await makeExchangers(zone, { isOurs }).find("a.test")).places).toEqual(["best.test[192.0.2.5]:25"]);
  });
});

describe("what was looked up", () => {
  test("is kept for as long as its addresses hold, within bounds, and asked once at a time", async () => {
    const { find, asked, pass } = makeExchangers({ "a.test": ["A 192.0.2.1 60"], "long.test": ["A 192.0.2.1 86400"] });
    await Promise.all([find("a.test"), find("a.test"), find("a.test")]);
    expect(asked).toHaveLength(3);
    pass(59_000);
    await find("a.test");
    expect(asked).toHaveLength(3);
    pass(2000);
    await find("a.test");
    expect(asked).toHaveLength(6);
    await find("long.test");
    pass(keptMs.max + 1);
    await find("long.test");
    expect(asked).toHaveLength(12);
  });
  test("is kept for a shorter time when it is a no, and not at all when there was no answer", async () => {
    const { find, asked, pass } = makeExchangers({ "broken.test": ["SERVFAIL"] });
    await find("gone.test");
    await find("gone.test");
    expect(asked).toHaveLength(1);
    pass(keptMs.negative + 1);
    await find("gone.test");
    expect(asked).toHaveLength(2);
    await find("broken.test");
    await find("broken.test");
    expect(asked).toHaveLength(4);
  });
  test("is kept for domainsKeptMax domains, the oldest goes first", async () => {
    const { find, asked } = makeExchangers({});
    for (let n = 0; n <= domainsKeptMax; n++) await find(`d${n}.test`);
    const before = asked.length;
    await find(`d${domainsKeptMax}.test`);
    expect(asked).toHaveLength(before);
    await find("d0.test");
    expect(asked).toHaveLength(before + 1);
  });
});

test("a DNS that never answers is given up after lookupTimeoutMs, as a failure of today", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const never = new Promise<never>(() => undefined);
  const exchangers = new MailExchangers({
    dns: { exchanges: () => never, addresses: () => never },
    now: Date.now,
    random: Math.random,
    port: 25,
    isOurs: () => false,
  });
  const found = new Promise<UpstreamError | null>((resolve) => exchangers.find("a.test", mxRoute, resolve));
  await vi.advanceTimersByTimeAsync(lookupTimeoutMs);
  expect(await found).toMatchObject({ kind: "dns", message: expect.stringContaining(`${lookupTimeoutMs} ms`) });
});

describe("a route by MX", () => {
  async function setup(makeZone: (port: number) => Zone, isOurs = () => false) {
    const server = await fakeServer();
    const dns = await dnsServer(makeZone(server.port));
    const options = {
      dns: systemDns([dns.address], Date.now),
      now: Date.now,
      random: Math.random,
      port: server.port,
      isOurs,
    };
    const pool = testPool({ exchangers: new MailExchangers(options) });
    return { server, dns, pool };
  }

  test("asks a real DNS server, follows an alias, and sends each domain's recipients in a message of their own", async () => {
    const { server, dns, pool } = await setup(() => ({
      "a.test": ["MX 20 backup.a.test", "MX 10 mx.a.test"],
      "mx.a.test": ["CNAME real.test"],
      "real.test": ["A 127.0.0.1"],
      "backup.a.test": ["A 127.0.0.1"],
      "b.test": ["A 127.0.0.1"],
      "null.test": ["MX 0 ."],
      "broken.test": ["SERVFAIL"],
    }));
    const to = ["x@a.test", "y@b.test", "z@A.TEST", "n@null.test", "g@gone.test", "s@broken.test"];
    const { recipients } = await send(pool, mxRoute, ...to);
    expect(recipients).toMatchObject([
      { address: "x@a.test", status: "delivered" },
      { address: "y@b.test", status: "delivered" },
      { address: "z@A.TEST", status: "delivered" },
      { address: "n@null.test", status: "failed", reply: expect.stringMatching(/^556 5\.1\.10 .*null MX/) },
      { address: "g@gone.test", status: "failed", reply: expect.stringMatching(/^550 5\.1\.2 .*does not exist/) },
      { address: "s@broken.test", status: "deferred", reply: expect.stringMatching(/DNS lookup failed.*ESERVFAIL/) },
    ]);
    const asked = server.mails.map(({ lines }) => lines.filter((line) => line.startsWith("RCPT")));
    expect(asked).toEqual([["RCPT TO:<x@a.test>", "RCPT TO:<z@A.TEST>"], ["RCPT TO:<y@b.test>"]]);
    expect(dns.asked.slice(0, 1)).toEqual(["MX a.test"]);
    expect(pool.targetStates(mxRoute).map(({ target, state }) => `${target} ${state}`)).toEqual([
      `b.test[127.0.0.1]:${server.port} up`,
      `mx.a.test[127.0.0.1]:${server.port} up`,
    ]);
  });
  test("goes on to the next server when the best one is not there, and is not down for one bad domain", async () => {
    const { server, pool } = await setup(() => ({
      "a.test": ["MX 10 dead.test", "MX 20 mx.test"],
      "dead.test": ["A 127.0.0.2"],
      "mx.test": ["A 127.0.0.1"],
      "d1.test": ["A 127.0.0.2"],
      "d2.test": ["A 127.0.0.3"],
      "d3.test": ["A 127.0.0.4"],
    }));
    expect(await reach(pool, mxRoute, "a.test")).toBe(`mx.test[127.0.0.1]:${server.port}`);
    for (const domain of ["d1.test", "d1.test", "d2.test"]) await reach(pool, mxRoute, domain);
    expect(pool.routeState("inside")).toMatchObject({
      state: "relaying",
      lastError: expect.stringContaining("d2.test"),
    });
    await reach(pool, mxRoute, "d3.test");
    expect(pool.routeState("inside")).toMatchObject({ state: "down" });
    await reach(pool, mxRoute, "a.test");
    expect(pool.routeState("inside")).toMatchObject({ state: "relaying", lastError: null });
  });
  test("uses a warm connection of the domain's server again", async () => {
    const { server, pool } = await setup(() => ({ "a.test": ["A 127.0.0.1"] }));
    for (let n = 0; n < 3; n++) await send(pool, mxRoute, "x@a.test");
    await waitUntil("three mails", () => server.mails.length === 3);
    expect(server.connections).toBe(1);
  });
  test("never connects to a listener of ours", async () => {
    const { server, pool } = await setup(
      () => ({ "a.test": ["A 127.0.0.1"] }),
      () => true,
    );
    expect((await send(pool, mxRoute, "x@a.test")).recipients).toMatchObject([
      { status: "failed", reply: expect.stringMatching(/^554 5\.4\.6 .*lead back here/) },
    ]);
    expect(server.connections).toBe(0);
  });
});
