import { afterEach, expect, test, vi } from "vitest";
import { readDnsbl } from "#core/contract/dnsbl.ts";
import { Faults } from "#worker/report/faults.ts";
import { DnsblFaults } from "#worker/sender-auth/dnsbl-faults.ts";
import { SenderCheck } from "#worker/sender-auth/sender-check.ts";
import { SenderDns } from "#worker/sender-auth/sender-dns.ts";
import { smtpDocument } from "../../support/policy-documents.ts";
import { checkOptions, checkSender } from "../../support/sender-checks.ts";
import { message } from "../../support/signed-messages.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { type ZoneData, zoneRecords } from "../../support/zone-records.ts";

afterEach(closeRigs);

const documentWith = (...dnsbls: string[]) => smtpDocument({ ports: [2525], settings: { senderAuth: { dnsbls } } });

function inForce(...dnsbls: string[]) {
  const faults = new Faults();
  const dnsblFaults = new DnsblFaults(faults);
  dnsblFaults.apply(documentWith(...dnsbls));
  const ask = (zone: ZoneData) => checkSender({ zone, message: message(), dnsbls: dnsbls.map(readDnsbl), dnsblFaults });
  return { faults, dnsblFaults, ask };
}

const refused = { "1.2.0.192.bl.test": [{ A: "127.255.255.254" }] };
const silent = { "1.2.0.192.bl.test": ["TIMEOUT" as const] };

test("a list that cannot be believed is a fault, in words that say what to do, until it answers again", async () => {
  const { faults, ask } = inForce("bl.test=127.0.0.2*3", "bl.test=127.0.0.3", "other.test");
  expect(faults.list()).toEqual([]);
  await ask(refused);
  expect(faults.list()).toEqual([
    "The DNS list bl.test counts for nothing: it answered 127.255.255.254: it refuses to be asked by our resolver; see whether the list still exists and serves this worker's name servers, or remove it from the policy",
  ]);
  await ask(silent);
  expect(faults.list()).toEqual([expect.stringContaining("bl.test counts for nothing: no answer (ETIMEOUT)")]);
  await ask({});
  expect(faults.list()).toEqual([]);
});

test("a fault of a list that the next policy does not ask is gone, the others stay", async () => {
  const { faults, dnsblFaults, ask } = inForce("bl.test", "other.test");
  await ask({ ...silent, "1.2.0.192.other.test": ["TIMEOUT"] });
  expect(faults.list()).toHaveLength(2);
  dnsblFaults.apply(documentWith("other.test*2", "third.test"));
  expect(faults.list()).toEqual([expect.stringContaining("other.test")]);
  await ask(silent);
  expect(faults.list()).toEqual([]);
});

test("a message by SMTP is enough to know of it", async () => {
  const { faults, dnsblFaults } = inForce("bl.test");
  const dns = new SenderDns(zoneRecords({ "1.0.0.127.bl.test": ["TIMEOUT"] }), Date.now);
  const { client } = await smtpRig({
    settings: { senderAuth: { dnsbls: ["bl.test"] } },
    rulesets: { message: { rules: [{ name: "listed", when: { dnsblScore: { over: 0 } }, action: "deny" }] } },
    parts: { senderDns: dns, dnsblFaults },
  });
  expect(await client.mail("Subject: hello\r\n\r\nHello.\r\n")).toMatch(/^250/);
  expect(faults.list()).toEqual([expect.stringContaining("bl.test")]);
});

test("lists that no rule asks about are not known to answer", async () => {
  const asked = vi.fn<DnsblFaults["asked"]>();
  const asks = new Set(["spf"] as const);
  await checkSender({ asks, message: message(), dnsbls: [readDnsbl("bl.test")], dnsblFaults: { asked } });
  expect(asked).not.toHaveBeenCalled();
});

test("a message that is gone before the lists answer says nothing of them", async () => {
  const asked = vi.fn<DnsblFaults["asked"]>();
  const dns = new SenderDns({ ...zoneRecords({}), addresses: () => new Promise(() => undefined) }, Date.now);
  const options = checkOptions({
    asks: new Set(["dnsbl"]),
    dnsbls: [readDnsbl("bl.test")],
    dnsblFaults: { asked },
  });
  const check = new SenderCheck(options, { dns, now: Date.now });
  check.cancel();
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).not.toHaveBeenCalled();
});
