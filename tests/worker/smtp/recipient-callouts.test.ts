import { expect, test } from "vitest";
import { smtpRouteSchema } from "#core/contract/policy-document.ts";
import { reply } from "#core/smtp/reply.ts";
import { RecipientCallouts } from "#worker/smtp/recipient-callouts.ts";
import { makeWorkerParts } from "../../support/worker-parts.ts";

/** Nobody listens there. */
const route = smtpRouteSchema.parse({
  name: "inside",
  protocol: "smtp",
  connectTimeoutMs: 500,
  targets: [{ host: "127.0.0.1", port: 9 }],
});
const terms = { positiveMinutes: 10, negativeMinutes: 1, knownDays: 0 };
const minute = 60_000;
const yes = reply(250, "2.1.5", "ok");
const no = reply(550, "5.1.1", "no");

async function setup(caps: { answersMax?: number; atOnceMax?: number } = {}, believed = terms) {
  let now = 0;
  const { pool, services } = await makeWorkerParts(() => now);
  const callouts = new RecipientCallouts(pool, () => now, services.knownRecipients, caps);
  const find = (address: string) =>
    new Promise((resolve) => {
      callouts.ask(route, address, believed, resolve);
    });
  return { callouts, find, pass: (ms: number) => (now += ms) };
}

test("believes a yes and a no for their own times", async () => {
  const { callouts, find, pass } = await setup();
  callouts.learn(route, "a@x.test", yes, terms);
  callouts.learn(route, "b@x.test", no, terms);
  pass(minute - 1);
  expect([await find("a@x.test"), await find("b@x.test")]).toEqual(["exists", "unknown"]);
  pass(1);
  expect([await find("a@x.test"), await find("b@x.test")]).toEqual(["exists", "unclear"]);
  pass(9 * minute);
  expect(await find("a@x.test")).toBe("unclear");
});

test("keeps apart what different routes say, and addresses that differ in case", async () => {
  const { callouts, find } = await setup();
  callouts.learn({ ...route, name: "other" }, "a@x.test", yes, terms);
  callouts.learn(route, "A@x.test", yes, terms);
  expect(await find("a@x.test")).toBe("unclear");
});

test("a refusal that is not about the recipient teaches nothing", async () => {
  const { callouts, find } = await setup();
  const others = ["5.1.7", "5.1.8", "5.3.4", "5.5.4", "5.7.1"].map((enhanced) => reply(550, enhanced, "x"));
  const plain = [501, 503, 552, 554, 555].map((code) => reply(code, null, "x"));
  for (const said of [reply(451, "4.2.0", "x"), reply(354, null, "x"), ...others, ...plain]) {
    expect(callouts.learn(route, "a@x.test", said, terms)).toBe("unclear");
  }
  expect(await find("a@x.test")).toBe("unclear");
});

test("forgets the oldest answer past its cap", async () => {
  const { callouts, find } = await setup({ answersMax: 2 });
  for (const address of ["a@x.test", "b@x.test", "a@x.test", "c@x.test"]) callouts.learn(route, address, yes, terms);
  expect([await find("a@x.test"), await find("b@x.test"), await find("c@x.test")]).toEqual([
    "exists",
    "unclear",
    "exists",
  ]);
});

test("past calloutsAtOnceMax a question is unclear at once, and takes no connection", async () => {
  const { find } = await setup({ atOnceMax: 1 });
  const first = find("a@x.test");
  let second = false;
  void find("b@x.test").then(() => (second = true));
  const joined = find("a@x.test");
  await Promise.resolve();
  expect(second).toBe(true);
  expect([await first, await joined]).toEqual(["unclear", "unclear"]);
});

test("a server that cannot be asked knows whom it took within knownDays, and not whom it refused after that", async () => {
  const { callouts, find, pass } = await setup({}, { ...terms, knownDays: 2 });
  callouts.learn(route, "a@x.test", yes, terms);
  callouts.learn(route, "b@x.test", yes, terms);
  callouts.learn(route, "b@x.test", no, terms);
  pass(24 * 60 * minute);
  expect([await find("a@x.test"), await find("b@x.test")]).toEqual(["exists", "unclear"]);
  pass(24 * 60 * minute);
  expect(await find("a@x.test")).toBe("unclear");
});
