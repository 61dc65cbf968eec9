import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readDnsbl } from "#core/contract/dnsbl.ts";
import { dkimSign } from "#worker/sender-auth/message-signing.ts";
import { type SenderAuth, SenderCheck } from "#worker/sender-auth/sender-check.ts";
import { questionTimeLimitMs, SenderDns } from "#worker/sender-auth/sender-dns.ts";
import { systemDns } from "#worker/upstream/mail-dns.ts";
import { checkOptions, checkSender, honestZone } from "../../support/sender-checks.ts";
import { message, signingKey } from "../../support/signed-messages.ts";
import { type ZoneData, zoneRecords } from "../../support/zone-records.ts";

const zone = honestZone;
const signed = async (text: string): Promise<string> =>
  `${(await dkimSign([Buffer.from(text, "latin1")], signingKey(), Date.now())).toString("latin1")}${text}`;

test("of a sender who does all things right everything passes", async () => {
  const auth = await checkSender({
    zone,
    message: await signed(message()),
    from: ["ann@a.test"],
    ownDomains: ["a.test"],
  });
  expect(auth).toEqual({
    spf: { result: "pass", domain: "a.test" },
    dkim: [{ result: "pass", domain: "a.test", selector: "s1", aligned: true }],
    dmarc: { result: "pass", policy: "reject", domain: "a.test" },
    arc: { result: "none", chain: 0, sealer: null },
    reverseName: { result: "pass", names: ["mail.a.test"] },
    helo: { result: "pass" },
    dnsbls: [],
    dnsblScore: 0,
    spoofed: false,
  });
});

test("what is not asked is not looked up", async () => {
  const records = zoneRecords(zone);
  const dns = new SenderDns(records, Date.now);
  const check = new SenderCheck(checkOptions({ asks: new Set(["helo"]) }), { dns, now: Date.now });
  check.write(Buffer.from(await signed(message())));
  const auth = await new Promise((resolve) => check.end([], resolve));
  expect(auth).toMatchObject({ spf: null, dmarc: null, arc: null, reverseName: null, helo: { result: "pass" } });
  expect(records.asked).toEqual(["A mail.a.test"]);
});

test("of a message without a client (POP3) the signatures are checked", async () => {
  const auth = await checkSender({ zone, message: await signed(message()), sender: null });
  expect(auth).toMatchObject({
    spf: null,
    reverseName: null,
    helo: null,
    dkim: [{ result: "pass" }],
    dmarc: { result: "pass" },
  });
});

describe("DMARC", () => {
  const other = { clientAddress: "192.0.2.9" };
  test.each<[string, string, ZoneData, object]>([
    [
      "the policy of a subdomain is sp=",
      "x@sub.a.test",
      zone,
      { result: "fail", policy: "quarantine", domain: "sub.a.test" },
    ],
    ["a domain without a policy has none", "x@b.test", zone, { result: "none", policy: null, domain: "b.test" }],
    [
      "two records are none",
      "x@a.test",
      { ...zone, "_dmarc.a.test": [{ TXT: "v=DMARC1; p=none" }, { TXT: "v=DMARC1; p=reject" }] },
      { result: "none" },
    ],
    [
      "t=y asks for less than it says (RFC 9989)",
      "x@a.test",
      { ...zone, "_dmarc.a.test": [{ TXT: "v=DMARC1; p=reject; t=y" }] },
      { result: "fail", policy: "quarantine" },
    ],
    [
      "pct= is gone (RFC 9989)",
      "x@a.test",
      { ...zone, "_dmarc.a.test": [{ TXT: "v=DMARC1; p=reject; pct=0" }] },
      { result: "fail", policy: "reject" },
    ],
    [
      "a policy that cannot be had now is temperror",
      "x@a.test",
      { ...zone, "_dmarc.a.test": ["TIMEOUT"] },
      { result: "temperror", policy: null },
    ],
    [
      "SPF that cannot be had now makes no failure",
      "x@a.test",
      { ...zone, "a.test": ["TIMEOUT"] },
      { result: "temperror", policy: "reject" },
    ],
  ])("%s", async (_what, from, records, dmarc) => {
    expect((await checkSender({ zone: records, message: message({ from }), sender: other })).dmarc).toMatchObject(
      dmarc,
    );
  });
  test("strict alignment takes nothing of another name", async () => {
    const sub = { ...zone, "sub.a.test": [{ TXT: "v=spf1 +all" }] };
    const strict = { ...sub, "_dmarc.a.test": [{ TXT: "v=DMARC1; p=reject; aspf=s" }] };
    const sender = { mailFrom: "x@sub.a.test" };
    expect((await checkSender({ zone: sub, message: message(), sender })).dmarc).toMatchObject({ result: "pass" });
    expect((await checkSender({ zone: strict, message: message(), sender })).dmarc).toMatchObject({ result: "fail" });
  });
  test("a signature that cannot be checked now makes no failure, where it would speak for the author", async () => {
    const text = await signed(message());
    const records = { ...zone, "s1._domainkey.a.test": ["TIMEOUT" as const] };
    expect((await checkSender({ zone: records, message: text, sender: other })).dmarc).toMatchObject({
      result: "temperror",
    });
  });
});

test.each([
  ["ann@bücher.test", "ann@xn--bcher-kva.test"],
  ["Änn <ann@BÜCHER.test>", "ann@bücher.test"],
  ["ann@xn--bcher-kva.test", "ann@bücher.test"],
])("an international domain is one in both its spellings: From %s, MAIL FROM %s", async (from, mailFrom) => {
  const domain = "xn--bcher-kva.test";
  const records = { [domain]: [{ TXT: "v=spf1 +all" }], [`_dmarc.${domain}`]: [{ TXT: "v=DMARC1; p=reject" }] };
  const given = { zone: records, message: Buffer.from(message({ from }), "utf8").toString("latin1") };
  const own = { from: [from.replace(/.*<|>/g, "")], ownDomains: ["bücher.test"] };
  const auth = await checkSender({ ...given, ...own, sender: { mailFrom } });
  expect(auth).toMatchObject({ spf: { result: "pass", domain }, dmarc: { result: "pass", domain }, spoofed: false });
  const stranger = await checkSender({ ...given, ...own, sender: { mailFrom: "x@b.test" } });
  expect(stranger).toMatchObject({ dmarc: { result: "fail" }, spoofed: true });
});

describe("a From that readers of mail see differently is nobody's: DMARC gives permerror, and never passes", () => {
  test.each([
    ["two fields", "ann@a.test\r\nFrom: ceo@bank.test"],
    ["two fields, one with a blank before its colon", "ann@a.test\r\nFrom : ceo@bank.test"],
    ["two fields, one with a fold before its colon", "ann@a.test\r\nFrom\r\n : ceo@bank.test"],
    ["no address", "Ann"],
    ["two authors of two domains", "ann@a.test, ceo@bank.test"],
    ["a group of two domains", "team: ann@a.test, ceo@bank.test;"],
    ["an empty group", "undisclosed: ;"],
    ["a route", "<@a.test,@any.test:ceo@bank.test>"],
    ["two angle brackets", "<ann@a.test> <ceo@bank.test>"],
    ["an address in the name, without quotes", "ceo@bank.test <ann@a.test>"],
    ["an address behind the brackets", "<ann@a.test> ceo@bank.test"],
    ["an address in a comment that is none", "bs64(<ceo@bank.test>),<ann@a.test> ceo@bank.test"],
    ["two at signs", "<ceo@bank.test@a.test>"],
    ["a NUL", "<ceo@bank.test\0@a.test>"],
    ["a NUL behind the address", "ann@a.test\0, ceo@bank.test"],
    ["an escape", "<ann@a.test>\x1b[2K<ceo@bank.test>"],
  ])("%s", async (_what, from) => {
    const auth = await checkSender({
      zone,
      message: await signed(message({ from })),
      sender: { mailFrom: "ann@a.test" },
    });
    expect(auth.dmarc).toEqual({ result: "permerror", policy: null, domain: "" });
    expect(auth.dkim.filter(({ aligned }) => aligned)).toEqual([]);
  });
  test.each([
    "ann@a.test",
    '"ceo@bank.test" <ann@a.test>',
    "(ceo@bank.test) ann@a.test",
    "Ann <ann@a.test>, Bob <bob@a.test>",
    "team: ann@a.test, bob@a.test;",
    "=?utf-8?q?ceo=40bank=2Etest?= <ann@a.test>",
    "ANN <ANN@A.TEST>",
  ])("%s is one author's", async (from) => {
    expect((await checkSender({ zone, message: message({ from }) })).dmarc).toMatchObject({ result: "pass" });
  });
});

describe("spoofed", () => {
  const outside = { clientAddress: "198.51.100.9", helo: "x.test", mailFrom: "x@b.test" };
  const given = { zone, message: message(), ownDomains: ["a.test"], sender: outside };
  test.each([
    ["from our domain, and nothing proves it", { from: ["ann@a.test"] }, true],
    ["from a subdomain of ours", { from: ["ann@sub.a.test"] }, true],
    ["from our domain in another spelling", { from: ["ann@A.TEST."] }, true],
    ["where one of several readings is ours", { from: ["x@b.test", "ann@a.test"] }, true],
    ["where an address has two at signs", { from: ["ann@a.test@b.test"] }, true],
    ["from somebody else", { from: ["x@b.test"] }, false],
    ["from a domain that ends like ours", { from: ["x@nota.test"] }, false],
    ["of a client who may", { from: ["ann@a.test"], isTrusted: true }, false],
    [
      "whose SPF is of our domain",
      { from: ["ann@a.test"], sender: { ...outside, clientAddress: "192.0.2.1", mailFrom: "b@a.test" } },
      false,
    ],
  ])("%s: %o", async (_what, more, spoofed) => {
    expect((await checkSender({ ...given, ...more })).spoofed).toBe(spoofed);
  });
  test("a signature of ours proves it, one of somebody else does not", async () => {
    const text = await signed(message());
    expect((await checkSender({ ...given, message: text, from: ["ann@a.test"] })).spoofed).toBe(false);
    const others = { ...given, message: text, from: ["c@c.test"], ownDomains: ["c.test"] };
    expect((await checkSender(others)).spoofed).toBe(true);
  });
});

describe("time", () => {
  const silentServer = async (): Promise<SenderDns> => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    onTestFinished(() => void socket.close());
    return new SenderDns(systemDns([`127.0.0.1:${socket.address().port}`], Date.now), Date.now);
  };
  test("a thousand messages at a time with a DNS server that is dead end at their time limit: temperror, never a pass", async () => {
    const dns = await silentServer();
    const text = Buffer.from(await signed(message()));
    const checks = Array.from(
      { length: 1_000 },
      (_, n) => {
        const sender = { clientAddress: `198.51.${n >> 8}.${n & 255}`, mailFrom: `x@d${n}.test` };
        const options = checkOptions({ sender, dnsbls: [readDnsbl("bl.test")], timeLimitMs: 1_000 });
        const check = new SenderCheck(options, { dns, now: Date.now });
        check.write(text);
        return new Promise((resolve) => check.end(["ann@a.test"], resolve));
      },
      120_000,
    );
    const results = await Promise.all(checks);
    const temporary = { result: "temperror" };
    for (const auth of results) {
      expect(auth).toMatchObject({
        spf: temporary,
        dkim: [temporary],
        dmarc: temporary,
        reverseName: temporary,
        helo: temporary,
      });
    }
  });
  test("what was looked up at the beginning may take its time again only from the end of the message", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const never = { ...zoneRecords(zone), texts: () => new Promise<never>(() => undefined) };
    const dns = new SenderDns(never, Date.now);
    const check = new SenderCheck(checkOptions({ timeLimitMs: 1_000 }), { dns, now: Date.now });
    await vi.advanceTimersByTimeAsync(60_000);
    check.write(Buffer.from(message()));
    const done = new Promise((resolve) => check.end([], resolve));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await done).toMatchObject({
      spf: { result: "temperror" },
      helo: { result: "pass" },
      dmarc: { result: "temperror" },
    });
    await vi.advanceTimersByTimeAsync(questionTimeLimitMs);
    expect(vi.getTimerCount()).toBe(0);
  });
  test("a check that is cancelled says nothing, asks nothing more and leaves no timer", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const records = zoneRecords(zone);
    const dns = new SenderDns(records, Date.now);
    const done = vi.fn<(auth: SenderAuth) => void>();
    const check = new SenderCheck(checkOptions(), { dns, now: Date.now });
    const asked = records.asked.length;
    check.write(Buffer.from(message()));
    check.end([], done);
    check.cancel();
    check.cancel();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(done).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    expect(records.asked.length).toBe(asked);
  });
});
