import { readFileSync } from "node:fs";
import { dkimSign as otherSign } from "mailauth/lib/dkim/sign.js";
import { describe, expect, test } from "vitest";
import { signedHeaderBytesMax, signedHeaderFieldsMax } from "#worker/sender-auth/header-rows.ts";
import { dkimSign } from "#worker/sender-auth/message-signing.ts";
import { signedLineBytesMax } from "#worker/sender-auth/message-splitter.ts";
import { addressFieldBytesMax, signaturesCheckedMax, signedNamesMax } from "#worker/sender-auth/signature-check.ts";
import { cpuTimeMs } from "../../support/cpu-time.ts";
import { checkSignatures, checkSignaturesWith } from "../../support/sender-checks.ts";
import { crlf, message, signingKey } from "../../support/signed-messages.ts";
import { zoneRecords } from "../../support/zone-records.ts";

const vectors = (name: string): string =>
  crlf(readFileSync(new URL(`../../fixtures/sender-auth/${name}.txt`, import.meta.url), "utf8"));
const rfc8463Zone = {
  "brisbane._domainkey.football.example.com": [
    { TXT: "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" },
  ],
  "test._domainkey.football.example.com": [
    {
      TXT: [
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/b",
        "yYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
      ],
    },
  ],
};
const rfc6376Zone = {
  "brisbane._domainkey.example.com": [
    {
      TXT: "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB",
    },
  ],
};

describe("the signed messages of the RFCs", () => {
  test("RFC 6376 A.2 passes, simple/simple", async () => {
    const { dkim } = await checkSignatures(vectors("rfc6376-appendix-a"), rfc6376Zone);
    expect(dkim).toEqual([{ result: "pass", domain: "example.com", selector: "brisbane", aligned: true }]);
  });
  test("RFC 8463 A.3 passes twice, by Ed25519 and by RSA", async () => {
    const { dkim } = await checkSignatures(vectors("rfc8463-appendix-a"), rfc8463Zone);
    expect(dkim.map(({ result, selector }) => `${selector} ${result}`)).toEqual(["brisbane pass", "test pass"]);
  });
  test("one octet of the body, or of a signed field, makes them fail", async () => {
    const whole = vectors("rfc8463-appendix-a");
    for (const changed of [whole.replace("hungry", "Hungry"), whole.replace("dinner", "supper")]) {
      const { dkim } = await checkSignatures(changed, rfc8463Zone);
      expect(dkim.map(({ result }) => result)).toEqual(["fail", "fail"]);
    }
  });
  test.each([1, 2, 3, 7, 64])("they pass in pieces of %i octets", async (cut) => {
    const { dkim } = await checkSignatures(vectors("rfc6376-appendix-a"), rfc6376Zone, { cut });
    expect(dkim).toMatchObject([{ result: "pass" }]);
  });
});

describe("a signature", () => {
  const signed = async (text = message()): Promise<{ field: string; text: string }> => ({
    field: (await dkimSign([Buffer.from(text)], signingKey("ed25519"), Date.now())).toString(),
    text,
  });
  const zone = (record = signingKey("ed25519").record) => ({ "s1._domainkey.a.test": [{ TXT: record }] });

  test.each([
    ["without a key in the DNS is neutral", {}, "neutral"],
    ["whose key was revoked is neutral", zone("v=DKIM1; k=ed25519; p="), "neutral"],
    ["whose key cannot be had now is temperror", { "s1._domainkey.a.test": ["TIMEOUT" as const] }, "temperror"],
    [
      "whose key is for something else than mail is neutral",
      zone(`s=tlsrpt; ${signingKey("ed25519").record}`),
      "neutral",
    ],
    [
      "whose key says many things is neutral",
      zone(`${signingKey("ed25519").record}; ${"n=x;".repeat(15_000)}`),
      "neutral",
    ],
  ])("%s", async (_what, records, result) => {
    const { field, text } = await signed();
    expect((await checkSignatures(field + text, records)).dkim).toMatchObject([{ result }]);
  });

  test.each([
    ["that has ended (x=) is neutral", { expires: new Date(Date.now() - 1_000) }, "neutral"],
    ["by rsa-sha1 is policy (RFC 8301)", { algorithm: "rsa-sha1" }, "policy"],
    ["that covers the body to its end by l= passes", { maxBodyLength: 1_000 }, "pass"],
    ["that leaves some of the body out (l=) is policy", { maxBodyLength: 2 }, "policy"],
  ])("%s", async (_what, options, result) => {
    const key = { signingDomain: "a.test", selector: "s1", privateKey: signingKey("rsa-2048").privateKey };
    const signTime = new Date(Date.now() - 60_000);
    const { signatures } = await otherSign(message(), {
      ...key,
      ...options,
      signTime,
      signatureData: [{ ...key, ...options }],
    });
    const { dkim } = await checkSignatures(signatures + message(), zone(signingKey("rsa-2048").record));
    expect(dkim).toMatchObject([{ result }]);
  });

  test.each([
    ["whose domain has a NUL in it", (field: string) => field.replace("d=a.test", "d=a.test\0.evil.test")],
    ["whose selector leads to another domain", (field: string) => field.replace("s=s1", "s=s1._domainkey.b.test\\")],
    ["that does not cover From", (field: string) => field.replace(/\bFrom\b/, "Xrom")],
  ])("%s is neutral, and nothing is asked for it", async (_what, change) => {
    const { field, text } = await signed();
    const dns = zoneRecords(zone());
    const { dkim } = await checkSignaturesWith(dns, change(field) + text);
    expect({ dkim, asked: dns.asked }).toMatchObject({ dkim: [{ result: "neutral" }], asked: [] });
  });

  test("in which From is counted twice does not pass once a second From is there", async () => {
    const { dkim } = await checkSignatures(
      `From: ceo@football.example.com\r\n${vectors("rfc8463-appendix-a")}`,
      rfc8463Zone,
    );
    expect(dkim.map(({ result }) => result)).toEqual(["fail", "fail"]);
  });
});

describe("caps", () => {
  const field = "DKIM-Signature: v=1; a=ed25519-sha256; d=a.test; s=s1; h=from; bh=x; b=y\r\n";

  test("of many signatures the first ones are checked, the others told as policy", async () => {
    const { dkim } = await checkSignatures(field.repeat(500) + message(), {});
    expect(dkim.filter(({ result }) => result === "fail")).toHaveLength(signaturesCheckedMax);
    expect(dkim.filter(({ result }) => result === "policy")).toHaveLength(10);
  });
  test("one that names very many fields is policy", async () => {
    const long = field.replace("h=from", `h=from${":a".repeat(signedNamesMax)}`);
    expect((await checkSignatures(long + message(), {})).dkim).toMatchObject([{ result: "policy" }]);
  });
  test.each([
    ["an exponent as long as its modulus", 3_072, 3_071],
    ["a modulus of 16,384 bits", 16_384, 17],
  ])("a key with %s verifies nothing", async (_what, modulusBits, exponentBits) => {
    const record = `v=DKIM1; p=${rsaKey(modulusBits, exponentBits).toString("base64")}`;
    const emptyBody = "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=";
    const text = field.replace("ed25519", "rsa").replace("bh=x", `bh=${emptyBody}`) + message({ body: "" });
    const { dkim } = await checkSignatures(text, { "s1._domainkey.a.test": [{ TXT: record }] });
    expect(dkim).toMatchObject([{ result: "neutral" }]);
  });
  test.each([
    ["too long a From", `${field}From: ${"x".repeat(addressFieldBytesMax)}\r\n`],
    ["a line that belongs to no field", `${field}Subject: x\r\nstray\r\n`],
    ["too many octets", `${field}X: ${"x".repeat(signedHeaderBytesMax)}\r\n`],
    ["too many fields", field + "X:\r\n".repeat(signedHeaderFieldsMax)],
  ])("a header with %s proves nothing and has no author", async (_what, header) => {
    const { dkim, arc, author } = await checkSignatures(header + message(), {});
    expect({ dkim, arc: arc.result, author }).toEqual({ dkim: [], arc: "fail", author: null });
  });
  test("a body with a line that is too long has no passing signature", async () => {
    const text = `${message()}${"x".repeat(2 * signedLineBytesMax)}\r\n`;
    expect((await checkSignatures(field + text, {})).dkim).toMatchObject([{ result: "policy" }]);
  });
});

test("what costs a careless reader the square of its size costs us what its size is: 8 MB bodies and headers of 250 KB in under two seconds each", async () => {
  const field = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.test; s=s1; h=from; bh=x; b=y\r\n";
  const header = (text: string) => text.slice(0, signedHeaderBytesMax - 1_000);
  const samples = {
    blanks: field + message() + " ".repeat(60_000).concat("\r\n").repeat(130),
    "empty lines": field + message() + "\r\n".repeat(4_000_000),
    "lines of one octet": field + message() + "x\r\n".repeat(2_600_000),
    "lone CRs": field + message() + `${"\r".repeat(60_000)}\r\n`.repeat(130),
    folds: header(`X: a\r\n${" a\r\n".repeat(80_000)}`) + message(),
    "a From of parentheses": header(`From: ${"(".repeat(250_000)}`) + "\r\n" + message(),
    "a From of groups": header(`From: ${"a:".repeat(120_000)}`) + "\r\n" + message(),
    "a From of quotes": header(`From: ${'"a" '.repeat(60_000)}`) + "\r\n" + message(),
    "a From of addresses": header(`From: ${"a@b.test,".repeat(27_000)}`) + "\r\n" + message(),
    "a Content-Type of parameters": field + header(`Content-Type: a/b${"; a=b".repeat(50_000)}`) + "\r\n" + message(),
    "a Content-Type of continuations":
      field +
      header(`Content-Type: a/b${Array.from({ length: 20_000 }, (_, n) => `; a*${n}=b`).join("")}`) +
      "\r\n" +
      message(),
    "ARC sets": header(Array.from({ length: 50 }, (_, n) => arcSet(n + 1)).join("")) + message(),
  };
  const slow: string[] = [];
  for (const [name, text] of Object.entries(samples)) {
    const took = await cpuTimeMs(() => checkSignatures(text, {}));
    if (took > 2_000) slow.push(`${name}: ${Math.round(took)} ms`);
  }
  expect(slow).toEqual([]);
}, 60_000);

/** An RSAPublicKey (RFC 8017 §A.1.1) of random numbers of so many bits. */
function rsaKey(modulusBits: number, exponentBits: number): Buffer {
  const tagged = (tag: number, value: Buffer) =>
    Buffer.concat([Buffer.of(tag, 0x82, value.length >> 8, value.length & 255), value]);
  const integer = (bits: number): Buffer => {
    const bytes = Buffer.alloc(Math.ceil(bits / 8), 0xa5);
    bytes[0] = 1 << ((bits - 1) % 8);
    return tagged(2, Buffer.concat([Buffer.of(0), bytes]));
  };
  return tagged(0x30, Buffer.concat([integer(modulusBits), integer(exponentBits)]));
}

function arcSet(i: number): string {
  const cv = i === 1 ? "none" : "pass";
  return [
    `ARC-Seal: i=${i}; a=rsa-sha256; cv=${cv}; d=a${i}.test; s=s; t=1; b=${"A".repeat(2_000)}\r\n`,
    `ARC-Message-Signature: i=${i}; a=rsa-sha256; d=a.test; s=s; h=from; bh=A; b=A\r\n`,
    `ARC-Authentication-Results: i=${i}; a.test; ${"dkim=pass (a) header.d=a;".repeat(60)}\r\n`,
  ].join("");
}
