import { describe, expect, it } from "vitest";
import { actionSchema, actionShorthand, legalActions } from "#core/contract/action.ts";
import { factIsKnown } from "#core/contract/facts.ts";
import { pop3LimitsSchema, smtpLimitsSchema } from "#core/contract/limits.ts";
import { smtpRouteSchema } from "#core/contract/policy-document.ts";
import { retryScheduleSchema, retryWaitsMs } from "#core/contract/retry-schedule.ts";
import { ruleSchema } from "#core/contract/rule.ts";
import { scheduleSchema } from "#core/contract/schedule.ts";

describe("action", () => {
  it.each([
    ["deny", { kind: "deny" }],
    [{ deny: { code: 551 } }, { kind: "deny", reply: { code: 551 } }],
    ["block", { kind: "block", minutes: 20 }],
    [{ block: { minutes: 5 } }, { kind: "block", minutes: 5 }],
    [
      { tempfail: { enhanced: "4.7.1", text: "Later" } },
      { kind: "tempfail", reply: { enhanced: "4.7.1", text: "Later" } },
    ],
  ])("people write %j", (written, parsed) => {
    const action = actionSchema.parse(written);
    expect(action).toEqual(parsed);
    expect(actionSchema.parse(action)).toEqual(action);
    expect(actionSchema.parse(actionShorthand(action))).toEqual(action);
  });

  it.each([
    "reject",
    { deny: {}, allow: {} },
    { deny: { code: 450 } },
    { tempfail: { code: 550 } },
    { block: { minutes: 0 } },
    7,
    null,
  ])("%j is refused", (written) => {
    expect(actionSchema.safeParse(written).success).toBe(false);
  });

  it("is legal only where it makes sense", () => {
    expect(legalActions("pop3", "attachment")).toEqual([
      "allow",
      "replace",
      "strip",
      "replace-part",
      "lock",
      "quarantine",
    ]);
    expect(legalActions("smtp", "message")).toContain("modify");
    expect(legalActions("smtp", "recipient")).not.toContain("quarantine");
    expect(legalActions("pop3", "command")).not.toContain("replace");
    expect(legalActions("smtp", "attachment")).not.toContain("replace");
  });
});

describe("rule", () => {
  it("is on, unlogged and matches everything unless it says otherwise", () => {
    expect(ruleSchema.parse({ name: "x", action: "allow" })).toEqual({
      name: "x",
      state: "on",
      action: { kind: "allow" },
      log: false,
      alarm: false,
    });
  });

  it.each(["", " x", "x ", "a\nb", "a\u202eb", "x".repeat(101)])("the name %j is refused", (name) => {
    expect(ruleSchema.safeParse({ name, action: "allow" }).success).toBe(false);
  });
});

describe("facts", () => {
  it("are known from their stage on, and momentary ones in it only", () => {
    expect(factIsKnown("sender", "smtp", "greeting")).toBe(false);
    expect(factIsKnown("sender", "smtp", "attachment")).toBe(true);
    expect(factIsKnown("sender", "pop3", "attachment")).toBe(false);
    expect(factIsKnown("headerName", "smtp", "header")).toBe(true);
    expect(factIsKnown("headerName", "smtp", "message")).toBe(false);
  });
});

describe("limits", () => {
  it.each([
    ["smtp", smtpLimitsSchema],
    ["pop3", pop3LimitsSchema],
  ] as const)("of %s have a default each, and none can be switched off with 0", (_, schema) => {
    const byDefault = schema.parse({});
    for (const name of Object.keys(byDefault)) {
      expect(byDefault[name as keyof typeof byDefault]).toBeGreaterThan(0);
      expect(schema.safeParse({ [name]: 0 }).success).toBe(false);
    }
  });
});

describe("retry schedule", () => {
  it("is waits with units and repeats", () => {
    expect(retryWaitsMs("1s, 2m,1h*2,1d")).toEqual([1_000, 120_000, 3_600_000, 3_600_000, 86_400_000]);
  });

  it("lasts five days by default", () => {
    const waits = retryWaitsMs(retryScheduleSchema.parse(undefined)) ?? [];
    expect(waits.reduce((sum, wait) => sum + wait, 0) / 86_400_000).toBeCloseTo(5, 0);
  });

  it.each(["", "1", "0s", "1m,", "1m*0", "1w", "99999d*9999,99999d*9999"])("%j is refused", (schedule) => {
    expect(retryWaitsMs(schedule)).toBeNull();
  });
});

describe("actions that change the envelope", () => {
  it.each([
    [{ rewrite: { pattern: "(.*)@old\\.test", to: "$1@new.test" } }],
    [{ rewrite: { domains: { "old.test": "new.test" } } }],
    [{ rewrite: { aliases: { "sales@x.test": ["a@x.test", "b@x.test"] } } }],
    [{ redirect: { to: "boss@x.test" } }],
    [{ copy: { to: "archive@x.test" } }],
  ])("%j is read and written back as people write it", (written) => {
    expect(actionShorthand(actionSchema.parse(written))).toEqual(written);
  });

  it.each([
    [{ rewrite: {} }],
    [{ rewrite: { pattern: "x" } }],
    [{ rewrite: { pattern: "x", to: "y", domains: { a: "b" } } }],
    [{ redirect: { to: "nobody" } }],
    ["copy"],
  ])("%j is refused", (written) => {
    expect(actionSchema.safeParse(written).success).toBe(false);
  });
});

describe("an SMTP route", () => {
  const route = { name: "r", protocol: "smtp" };

  it("has targets of its own, or asks for MX, never both and never neither", () => {
    expect(smtpRouteSchema.safeParse(route).success).toBe(false);
    expect(smtpRouteSchema.safeParse({ ...route, lookup: "mx" }).success).toBe(true);
    // A password would go to whoever a recipient's domain names.
    expect(smtpRouteSchema.safeParse({ ...route, lookup: "mx", credential: "hub" }).success).toBe(false);
    expect(smtpRouteSchema.safeParse({ ...route, lookup: "mx", targets: [{ host: "a", port: 25 }] }).success).toBe(
      false,
    );
  });
});

describe("a schedule", () => {
  const windows = [{ days: ["mon", "fri"], from: "22:00", to: "06:00" }];

  it("names a time zone that exists and windows that last", () => {
    expect(scheduleSchema.safeParse({ timeZone: "Europe/Berlin", windows }).success).toBe(true);
    expect(scheduleSchema.safeParse({ timeZone: "Europe/Nowhere", windows }).success).toBe(false);
    expect(
      scheduleSchema.safeParse({ timeZone: "UTC", windows: [{ days: ["mon"], from: "08:00", to: "08:00" }] }).success,
    ).toBe(false);
  });
});
