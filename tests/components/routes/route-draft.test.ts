import { describe, expect, it } from "vitest";
import { newRoute, readRouteDraft, routeDraftOf, withTlsMode } from "#components/routes/route-draft.ts";
import { type Route, routeSchema } from "#core/contract/policy-document.ts";

const full: Route = routeSchema.parse({
  name: "smart host",
  protocol: "smtp",
  delivery: "spool",
  targets: [
    { host: "a.example.test", port: 587, weight: 3 },
    { host: "b.example.test", port: 587, priority: 10 },
  ],
  retrySchedule: "1m,1h*3",
  nullSenderHours: 48,
  concurrencyMax: 2,
  messagesPerMinute: 60,
  senderNotices: { route: "internet", from: "postmaster@example.test", delayedAfter: "1h", keepDays: 0 },
  connectTimeoutMs: 5000,
  tls: { mode: "required", verify: "fingerprint", fingerprints: ["ab".repeat(32)], serverName: "smtp.example.test" },
  credential: "relay",
  heloName: "mail.example.test",
  sourceAddress: "192.0.2.1",
  healthCheckMs: 30_000,
});
const patient: Route = routeSchema.parse({
  name: "patient",
  protocol: "smtp",
  delivery: "inline-or-spool",
  spoolOn: "down-or-4xx",
  targets: [{ host: "a.example.test", port: 25 }],
});
const mx: Route = routeSchema.parse({ name: "internet", protocol: "smtp", lookup: "mx", tls: { mode: "preferred" } });
const provider: Route = routeSchema.parse({
  name: "provider",
  protocol: "pop3",
  targets: [{ host: "pop.example.test", port: 995 }],
  tls: { mode: "implicit", serverName: "pop.example.test" },
  sourceAddress: "2001:db8::1",
  healthCheckMs: 60_000,
  bridge: { credentials: ["anna", "ben"], others: "refuse" },
});
const sameHost: Route = routeSchema.parse({
  name: "same host",
  protocol: "smtp",
  targets: [{ host: "127.0.0.1", port: 587 }],
  credential: "relay",
  tls: { mode: "none" },
});
const pop3: Route = routeSchema.parse({ name: "box", protocol: "pop3", targets: [{ host: "10.0.0.1", port: 110 }] });

describe("the form of a route", () => {
  it.each([full, patient, mx, sameHost, pop3, provider])("gives back $name as it was", (route) => {
    expect(readRouteDraft(routeDraftOf(route))).toEqual({ ok: true, value: route });
  });

  it("takes the default for what is left empty", () => {
    const draft = {
      ...newRoute("smtp"),
      name: "new",
      targets: [{ key: 0, host: "x.test", port: "25", priority: "", weight: "" }],
    };
    expect(readRouteDraft(draft)).toMatchObject({
      ok: true,
      value: { connectTimeoutMs: 10_000, targets: [{ priority: 0, weight: 1 }] },
    });
  });

  it("makes a server's usual port that of the TLS mode, and leaves every other one", () => {
    const server = (key: number, port: string) => ({ key, host: "x.test", port, priority: "", weight: "" });
    const draft = { ...newRoute("pop3"), targets: [server(0, "110"), server(1, "2110")] };
    const ports = (change: Partial<typeof draft>) => change.targets?.map(({ port }) => port);
    const implicit = withTlsMode(draft, "implicit");
    expect(ports(implicit)).toEqual(["995", "2110"]);
    expect(ports(withTlsMode({ ...draft, ...implicit }, "required"))).toEqual(["110", "2110"]);
    expect(ports(withTlsMode(newRoute("smtp"), "implicit"))).toEqual(["465"]);
  });

  it("has no bridge where no credential is chosen", () => {
    const read = readRouteDraft({ ...routeDraftOf(provider), bridgeCredentials: [] });
    expect(read.ok && read.value).not.toHaveProperty("bridge");
  });

  it("says at each field what is wrong, in words for people", () => {
    const draft = {
      ...newRoute("smtp"),
      targets: [{ key: 0, host: "two words", port: "70000", priority: "x", weight: "" }],
      connectTimeoutMs: "1.5",
      sourceAddress: "10.0.0",
      retrySchedule: "soon",
      tlsMode: "required",
      tlsVerify: "fingerprint",
      tlsFingerprints: "12:34",
    };
    expect(readRouteDraft(draft)).toEqual({
      ok: false,
      problems: {
        name: "This is needed.",
        "targets.0.host": "a host is a DNS name or an IP address",
        "targets.0.port": "At most 65,535.",
        "targets.0.priority": "Write a whole number.",
        connectTimeoutMs: "Write a whole number.",
        sourceAddress: "Write an IPv4 or IPv6 address.",
        retrySchedule: "write a retry schedule as waits, for example 1m,5m,10m,15m,30m,1h*23,4h*24",
        "tls.fingerprints.0": "a fingerprint is the SHA-256 of the certificate: 64 hex digits",
      },
    });
  });

  it("does not read what the chosen mode hides", () => {
    const draft = { ...routeDraftOf(full), tlsMode: "preferred", tlsFingerprints: "nonsense" };
    expect(readRouteDraft(draft)).toMatchObject({ ok: true, value: { tls: { mode: "preferred", fingerprints: [] } } });
  });
});
