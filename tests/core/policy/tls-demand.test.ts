import { describe, expect, it } from "vitest";
import { smtpRouteSchema } from "#core/contract/policy-document.ts";
import { tlsRank, underTlsDemand } from "#core/policy/tls-demand.ts";

function route(tls?: Record<string, unknown>) {
  return smtpRouteSchema.parse({
    name: "inside",
    protocol: "smtp",
    targets: [{ host: "mx.test", port: 25 }],
    ...(tls === undefined ? {} : { tls }),
  });
}

const fingerprint = "ab".repeat(32);

describe("a route under what a TLS rule asks", () => {
  it("stays as it is where nothing is asked, and where it has implicit TLS", () => {
    const plain = route();
    const implicit = route({ mode: "implicit" });
    expect(underTlsDemand(plain, null)).toBe(plain);
    for (const demand of ["none", "preferred", "required"] as const)
      expect(underTlsDemand(implicit, demand)).toBe(implicit);
  });
  it("required: verifies as the route says, by an authority where it says nothing", () => {
    expect(underTlsDemand(route(), "required").tls).toMatchObject({ mode: "required", verify: "ca" });
    const pinned = route({
      mode: "preferred",
      verify: "fingerprint",
      fingerprints: [fingerprint],
      serverName: "mx.test",
    });
    expect(underTlsDemand(pinned, "required").tls).toEqual({
      mode: "required",
      verify: "fingerprint",
      fingerprints: [fingerprint],
      serverName: "mx.test",
    });
  });
  it("preferred and none weaken a route that requires TLS: the rule is the administrator's word for this domain", () => {
    expect(underTlsDemand(route({ mode: "required" }), "preferred").tls?.mode).toBe("preferred");
    expect(underTlsDemand(route({ mode: "required" }), "none").tls).toBeUndefined();
  });
  it("has a name of its own, so that its failures do not count as the route's", () => {
    expect(underTlsDemand(route(), "required").name).toBe("inside, TLS required");
  });
  it("is as strict as its TLS, and never less than what was asked", () => {
    const ranks = [route(), route({ mode: "preferred" }), route({ mode: "required" }), route({ mode: "implicit" })].map(
      (each) => tlsRank(each, null),
    );
    expect(ranks).toEqual([0, 1, 2, 2]);
    expect(tlsRank(route(), "required")).toBe(2);
  });
});
