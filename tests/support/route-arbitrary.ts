import fc from "fast-check";
import { bridgeArbitrary } from "./pop3-arbitrary.ts";
import { nameArbitrary } from "./rule-arbitrary.ts";

const host = fc.domain();
const port = fc.integer({ min: 1, max: 65_535 });

function some(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(shape, { requiredKeys: [] });
}

const routeTls = fc.record(
  {
    mode: fc.constantFrom("none", "preferred", "required", "implicit"),
    verify: fc.constantFrom("ca", "fingerprint", "none"),
    serverName: host,
    fingerprints: fc.array(fc.stringMatching(/^[0-9A-Fa-f]{64}$/), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ["mode", "fingerprints"] },
);

const target = fc.record(
  { host: host, port, priority: fc.integer({ min: 0, max: 9 }), weight: fc.integer({ min: 1, max: 9 }) },
  { requiredKeys: ["host", "port"] },
);
const everyRoute = {
  connectTimeoutMs: fc.integer({ min: 100, max: 300_000 }),
  replyTimeoutMs: fc.integer({ min: 1000, max: 600_000 }),
  tls: routeTls,
  sourceAddress: fc.ipV4(),
  healthCheckMs: fc.integer({ min: 1000, max: 3_600_000 }),
};
/** Stands for the route's own name, which is known last. */
const ownRoute = "own";
const smtpRoute = fc.tuple(
  some({
    ...everyRoute,
    delivery: fc.constantFrom("inline", "inline-or-spool", "spool"),
    retrySchedule: fc.constantFrom("1m,1h*3", "5m"),
    heloName: host,
    spoolOn: fc.constantFrom("down", "down-or-4xx"),
    nullSenderHours: fc.integer({ min: 1, max: 720 }),
    concurrencyMax: fc.integer({ min: 1, max: 200 }),
    messagesPerMinute: fc.integer({ min: 1, max: 100_000 }),
    senderNotices: fc.record(
      {
        route: fc.constant(ownRoute),
        from: fc.constant("postmaster@example.test"),
        delayedAfter: fc.constantFrom("", "4h", "1h,2d"),
        keepDays: fc.integer({ min: 0, max: 365 }),
      },
      { requiredKeys: ["route"] },
    ),
  }),
  fc.oneof(
    fc.constant({ lookup: "mx" }),
    fc.record(
      { targets: fc.array(target, { minLength: 1, maxLength: 3 }), credential: nameArbitrary },
      { requiredKeys: ["targets"] },
    ),
  ),
);
const pop3Route = fc.tuple(
  some({ ...everyRoute, bridge: bridgeArbitrary }),
  fc.record({ targets: fc.array(target, { minLength: 1, maxLength: 2 }) }),
);
/** A route of the protocol, without its name. */
export const routeArbitrary = (protocol: "smtp" | "pop3") =>
  (protocol === "smtp" ? smtpRoute : pop3Route).map(([shape, where]) => ({ protocol, ...shape, ...where }));

/** Reports to senders take the route itself. */
export function withOwnReports<T extends { name: string }>(route: T): T {
  if (!("senderNotices" in route) || typeof route.senderNotices !== "object") return route;
  return { ...route, senderNotices: { ...route.senderNotices, route: route.name } };
}
