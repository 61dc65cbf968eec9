import { describe, expect, it } from "vitest";
import { dnsblSchema, readDnsbl } from "#core/contract/dnsbl.ts";

describe("a DNS list", () => {
  it("is a zone, the answers that count and a weight", () => {
    const { zone, weight, octets } = readDnsbl("zen.example.org=127.0.0.[2..4;10]*3");
    expect([zone, weight]).toEqual(["zen.example.org", 3]);
    expect(octets?.map((set) => [...set])).toEqual([[127], [0], [0], [2, 3, 4, 10]]);
  });

  it("counts each answer once when nothing else is said, and takes negative weights", () => {
    expect(readDnsbl("bl.example.org")).toEqual({ zone: "bl.example.org", weight: 1, octets: null });
    expect(readDnsbl("welcome.example.org*-4")).toMatchObject({ weight: -4 });
  });

  it.each(["", "a b", "zone=128.0.0.1", "zone=127.0.0", "zone=127.0.0.[2..", "zone*", "-zone", "zone=127.0.0.2*x"])(
    "%j is refused",
    (text) => {
      expect(dnsblSchema.safeParse(text).success).toBe(false);
    },
  );
});
