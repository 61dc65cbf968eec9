import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ehloLines, offeredCapabilities, readCapabilities, strippedKeywordsMax } from "#core/smtp/capabilities.ts";
import { everyOffer } from "../../support/every-offer.ts";

const lines = [
  "mx.test",
  "pipelining",
  "SIZE 5000",
  "8BITMIME",
  "CHUNKING",
  "BINARYMIME",
  "AUTH PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS",
  "STARTTLS",
  "DSN",
  "XCLIENT NAME",
];

function answered(upstream: readonly string[] | null, offer = everyOffer): string[] {
  return ehloLines("us.test", offeredCapabilities(upstream === null ? null : readCapabilities(upstream), offer));
}

describe("what we offer a client", () => {
  test("is what the server offers and we can speak, SIZE the smaller of both, CHUNKING and LIMITS our own", () => {
    expect(answered(lines)).toEqual([
      "us.test",
      "PIPELINING",
      "SIZE 1000",
      "8BITMIME",
      "DSN",
      "CHUNKING",
      "LIMITS MAILMAX=7 RCPTMAX=100",
    ]);
    const offer = { ...everyOffer, messageBytesMax: 9000 };
    expect(answered(lines, offer)).toContain("SIZE 5000");
    expect(answered(["x", "SIZE"], offer)).toContain("SIZE 9000");
    expect(answered(["x", "SIZE 0"], offer)).toContain("SIZE 9000");
  });
  test("promises nothing that hangs on a server nobody asked", () => {
    expect(answered(null, { ...everyOffer, auth: ["PLAIN"] })).toEqual([
      "us.test",
      "PIPELINING",
      "SIZE 1000",
      "8BITMIME",
      "ENHANCEDSTATUSCODES",
      "CHUNKING",
      "LIMITS MAILMAX=7 RCPTMAX=100",
    ]);
  });
  test.each([
    ["pipelining", "PIPELINING"],
    ["eightBitMime", "8BITMIME"],
    ["smtpUtf8", "SMTPUTF8"],
    ["enhancedStatusCodes", "ENHANCEDSTATUSCODES"],
    ["dsn", "DSN"],
    ["chunking", "CHUNKING"],
    ["limits", "LIMITS MAILMAX=7 RCPTMAX=100"],
    ["startTls", "STARTTLS"],
  ] as const)("leaves %s out where it is switched off, and only that", (name, line) => {
    const server = ["x", "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "DSN"];
    const all = answered(server, { ...everyOffer, startTls: true });
    expect(answered(server, { ...everyOffer, startTls: true, [name]: false })).toEqual(all.filter((l) => l !== line));
    expect(all).toContain(line);
  });
  test("tells the smaller RCPTMAX of the server and us, and not its MAILMAX", () => {
    expect(answered(["x", "LIMITS RCPTMAX=20 MAILMAX=3"])).toContain("LIMITS MAILMAX=7 RCPTMAX=20");
    expect(answered(["x", "LIMITS RCPTMAX=0 RCPTDOMAINMAX=1"])).toContain("LIMITS MAILMAX=7 RCPTMAX=100");
  });
  test("has the mechanisms that the server and policy both have, in the server's order", () => {
    const offer = { ...everyOffer, auth: ["SCRAM-SHA-256", "PLAIN", "XOAUTH2"] };
    expect(answered(lines, offer)).toContain("AUTH PLAIN SCRAM-SHA-256");
    expect(answered(["x", "AUTH CRAM-MD5"], offer).join()).not.toContain("AUTH");
  });
  test("reads AUTH= of old servers as AUTH, and each mechanism once", () => {
    const offer = { ...everyOffer, auth: ["LOGIN", "PLAIN"] };
    expect(answered(["x", "AUTH=login PLAIN"], offer)).toContain("AUTH LOGIN PLAIN");
    expect(answered(["x", "AUTH=LOGIN", "AUTH LOGIN PLAIN"], offer)).toContain("AUTH LOGIN PLAIN");
  });
});

describe("what a server offers", () => {
  test("and we cannot speak is named, in upper case and once", () => {
    expect(readCapabilities([...lines, "xclient addr", "X-EXPS NTLM"]).strippedKeywords).toEqual([
      "BINARYMIME",
      "XCLIENT",
      "X-EXPS",
    ]);
    const many = Array.from({ length: 300 }, (_, n) => `X${n}`);
    expect(readCapabilities(["x", ...many]).strippedKeywords).toHaveLength(strippedKeywordsMax);
  });
  test("is read without throwing whatever it says, and no line of ours holds more than keywords", () => {
    const word = fc.constantFrom("AUTH", "AUTH=", " ", "=", "SIZE", "LIMITS", "RCPTMAX=", "9", "PLAIN", "\t", "é", "-");
    const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(""));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (said) => {
        const offer = { ...everyOffer, auth: ["PLAIN"] };
        for (const ours of answered(["x", ...said], offer)) expect(ours).toMatch(/^[ -~]+$/);
      }),
      { numRuns: 1000 },
    );
  });
});
