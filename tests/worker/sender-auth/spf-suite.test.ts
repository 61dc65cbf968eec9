import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { CheckLookups } from "#worker/sender-auth/check-lookups.ts";
import { SenderDns } from "#worker/sender-auth/sender-dns.ts";
import { checkSpf } from "#worker/sender-auth/spf-check.ts";
import { zoneRecords } from "../../support/zone-records.ts";

const value = z.union([z.string(), z.array(z.union([z.string(), z.number()]))]);
const scenarioSchema = z.object({
  description: z.string(),
  tests: z.record(
    z.string(),
    z.object({
      helo: z.string(),
      host: z.string(),
      mailfrom: z.string(),
      result: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
      explanation: z.string().optional(),
    }),
  ),
  zonedata: z.record(z.string(), z.array(z.union([z.literal("TIMEOUT"), z.record(z.string(), value)]))),
});

const file = new URL("../../fixtures/sender-auth/rfc7208-tests.yml", import.meta.url);
const scenarios = parseAllDocuments(readFileSync(file, "utf8"), { version: "1.1" }).map((document) =>
  scenarioSchema.parse(document.toJS()),
);

test("the published suite of RFC 7208 has 203 cases", () => {
  expect(scenarios.flatMap(({ tests }) => Object.keys(tests))).toHaveLength(203);
});

describe.each(scenarios)("$description", ({ tests, zonedata }) => {
  test.each(Object.entries(tests))("%s", async (_id, { helo, host, mailfrom, result, explanation }) => {
    const lookups = new CheckLookups(new SenderDns(zoneRecords(zonedata), Date.now));
    const identity = { clientAddress: host, helo, mailFrom: mailfrom, receiver: "receiver.example" };
    const finding = await checkSpf(lookups, identity);
    expect(result).toContain(finding.result);
    // DEFAULT is what its author's program says where a domain says nothing. The hexadecimal digits of an address have no case.
    const wanted = explanation === "DEFAULT" ? undefined : explanation;
    if (explanation !== undefined) expect(finding.explanation?.toLowerCase()).toBe(wanted?.toLowerCase());
  });
});
