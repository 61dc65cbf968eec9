import { describe, expect, test } from "vitest";
import { senderAuthResultSchema } from "#core/contract/content-report.ts";
import { readDnsbl } from "#core/contract/dnsbl.ts";
import { arcSeal, dkimSign } from "#worker/sender-auth/message-signing.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { checkSender, honestZone } from "../../support/sender-checks.ts";
import { message, signingKey } from "../../support/signed-messages.ts";
import type { ZoneData, ZoneEntry } from "../../support/zone-records.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
console.log("seed", seed);
const random = seededRandom(seed);
const below = (count: number): number => Math.floor(random() * count);
const pick = <T>(all: readonly [T, ...T[]]): T => all[below(all.length)] ?? all[0];
const some = (make: () => string, most: number): string => Array.from({ length: below(most) }, make).join("");

async function sealedMessage(): Promise<string> {
  const text = message();
  const signature = await dkimSign([Buffer.from(text)], signingKey(), Date.now());
  const signed = signature.toString("latin1") + text;
  const seal = await arcSeal([Buffer.from(signed)], signingKey(), { results: "g.test; none", arc: "none" }, Date.now());
  return seal.toString("latin1") + signed;
}

const pieces = [
  ...["DKIM-Signature:", "ARC-Seal:", "ARC-Message-Signature:", "ARC-Authentication-Results:", "From:", "Return-Path:"],
  ...["v=1;", "a=rsa-sha256;", "a=ed25519-sha256;", "c=relaxed/simple;", "d=a.test;", "s=s1;", "h=from:to;", "bh=;"],
  ...["b=AAAA;", "i=1;", "i=@a.test;", "cv=none;", "t=99999999999999;", "x=1;", "l=0;", "z=", "=", ";", ":", "<", ">"],
  ...["\r\n", "\r\n ", "\n", "\r", " ", "\t", '"', "(", ")", "\\", "\0", "\xff", "a@a.test", "@", ",", "é"],
] as const;

describe("whatever a message is, a check ends, and says what the contract has words for", { timeout: 120_000 }, () => {
  const check = async (text: string, zone: ZoneData = honestZone) => {
    const auth = await checkSender({ zone, message: text, from: ["ann@a.test"], ownDomains: ["a.test"] });
    const { dnsblScore: _score, spoofed: _spoofed, ...told } = auth;
    expect(senderAuthResultSchema.parse(told)).toEqual(told);
    return auth;
  };

  test("fields of random pieces", async () => {
    for (let n = 0; n < 200; n++) {
      const { dkim, arc } = await check(some(() => pick([pieces[0], ...pieces]), 60));
      expect(dkim.filter(({ result }) => result === "pass")).toEqual([]);
      expect(arc?.result).not.toBe("pass");
    }
  });

  test("one octet of a signed and sealed message, put, taken or changed, makes no other message pass", async () => {
    const whole = await sealedMessage();
    // What is signed, but for blanks and the case of names.
    const signedPart = (text: string): string => {
      const lines = text.toLowerCase().replace(/\r?\n/g, "\n");
      const unfolded = lines.slice(lines.lastIndexOf("\nfrom")).replace(/\n(?=[ \t])/g, "");
      const blanks = unfolded.replace(/[ \t]+/g, " ").replace(/ ?: ?/g, ":");
      return JSON.stringify(blanks.replace(/ ?\n/g, "\n").trim());
    };
    for (let n = 0; n < 200; n++) {
      const at = below(whole.length);
      const put = pick(["", String.fromCharCode(below(256)), "x", " ", "\r\n", "From: x@b.test\r\n"]);
      const changed = whole.slice(0, at) + put + whole.slice(at + below(2));
      const { dkim } = await check(changed);
      if (!dkim.some(({ result, aligned }) => result === "pass" && aligned)) continue;
      expect(signedPart(changed)).toBe(signedPart(whole));
    }
  });

  test("a DNS of random records", async () => {
    const text = await sealedMessage();
    const words = [
      "v=spf1",
      "v=DMARC1;",
      "v=DKIM1;",
      "p=",
      "p=reject;",
      "sp=none;",
      "include:",
      "a",
      "mx",
      "ptr",
      "exists:",
    ] as const;
    const more = [
      "%{i}",
      "%{",
      "redirect=",
      "exp=",
      "ip4:",
      "a.test",
      "-all",
      " ",
      "/",
      "0",
      "k=rsa;",
      "np=reject;",
    ] as const;
    const record = () => some(() => pick([...words, ...more]), 12);
    const names = [
      "a.test",
      "mail.a.test",
      "_dmarc.a.test",
      "_dmarc.test",
      "s1._domainkey.a.test",
      "1.2.0.192.in-addr.arpa",
      "1.2.0.192.bl.test",
    ];
    for (let n = 0; n < 60; n++) {
      const entry = (): ZoneEntry =>
        pick<ZoneEntry>([
          { TXT: record() },
          { A: "192.0.2.1" },
          { A: "127.0.0.2" },
          { PTR: record() },
          { MX: [1, record()] },
          { CNAME: pick(["a.test", "b.test"]) },
          "TIMEOUT",
        ]);
      const zone = Object.fromEntries(names.map((name) => [name, Array.from({ length: below(4) }, entry)]));
      await checkSender({ zone, message: text, dnsbls: [readDnsbl("bl.test")] });
      await check(text, zone);
    }
  });
});
