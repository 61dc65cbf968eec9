import { expect, test } from "vitest";
import { readServerOffer, strippedKeywordsMax } from "#core/smtp/server-offer.ts";

test("reads mechanisms in both spellings, once each", () => {
  expect(readServerOffer(["mx", "AUTH PLAIN login", "AUTH=LOGIN SCRAM-SHA-256"]).mechanisms).toEqual([
    "PLAIN",
    "LOGIN",
    "SCRAM-SHA-256",
  ]);
});

test("reads the limits that it knows and passes over the rest (RFC 9422 §3)", () => {
  const lines = ["mx", "limits RCPTMAX=20 mailmax=100 RCPTDOMAINMAX=1 FUTURE=x"];
  expect(readServerOffer(lines)).toMatchObject({ mailMax: 100, recipientsMax: 20, recipientDomainsMax: 1 });
  for (const bad of [
    "LIMITS",
    "LIMITS MAILMAX=0",
    "LIMITS MAILMAX=1000000",
    "LIMITS MAILMAX=5x",
    "LIMITS XMAILMAX=5",
  ]) {
    expect(readServerOffer(["mx", bad]).mailMax).toBeNull();
  }
});

test("names the keywords that are neither passed on nor ours, at most strippedKeywordsMax", () => {
  const known = ["SIZE 5", "PIPELINING", "STARTTLS", "HELP", "CHUNKING"];
  expect(readServerOffer(["mx", ...known, "XCLIENT NAME", "x-odd", ""]).strippedKeywords).toEqual(["XCLIENT", "X-ODD"]);
  const many = Array.from({ length: 200 }, (_, n) => `X-${n}`);
  expect(readServerOffer(["mx", ...many]).strippedKeywords).toHaveLength(strippedKeywordsMax);
  expect(readServerOffer(["mx", "Y".repeat(500)]).strippedKeywords[0]).toHaveLength(64);
});
