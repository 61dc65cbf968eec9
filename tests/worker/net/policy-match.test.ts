import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { type PolicyDocument, policyDocumentSchema, type policySchema } from "#core/contract/policy-document.ts";
import { freePort } from "../../support/free-port.ts";
import { LineClient } from "../../support/line-client.ts";
import { apply, makeListeners, type Place } from "../../support/listening.ts";

type PolicyInput = Partial<z.input<typeof policySchema>>;

const lists: PolicyDocument["lists"] = [{ name: "Partners", kind: "networks", entries: ["127.0.0.2", "127.0.0.3"] }];
const partners = { interface: "External", sourceLists: ["Partners"] };
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const working = { timeZone: "UTC", windows: [{ days: [...days], from: "08:00", to: "18:00" }] };
const noon = Date.parse("2026-11-27T12:00:00Z");
const night = Date.parse("2026-11-27T22:00:00Z");

/** Policies that share one listener, each like the document's own one but for what is given. */
function policies(...given: PolicyInput[]) {
  return (document: PolicyDocument): PolicyDocument =>
    policyDocumentSchema.parse({
      ...document,
      lists,
      policies: given.map((changes, i) => ({ ...document.policies[0], name: `Policy ${i + 1}`, ...changes })),
    });
}

/** The first line that `from` hears; empty: the connection was closed without a word. */
async function hears(port: number, from: string): Promise<string> {
  const client = await LineClient.connect(port, "127.0.0.1", from);
  const line = await client.firstLine();
  client.socket.destroy();
  return line;
}

async function start(now: () => number, ...given: PolicyInput[]): Promise<Place & { port: number }> {
  const place = await makeListeners({ now });
  const port = await freePort();
  expect(await apply(place, 1, { ports: [port] }, policies(...given))).toEqual([]);
  return { ...place, port };
}

describe("the policy that takes a connection", () => {
  test("is the first one that has the source among its networks and lists", async () => {
    const { port, admissions } = await start(
      () => noon,
      { from: { ...partners, sources: ["127.0.0.4"] } },
      { from: { interface: "External" } },
    );
    for (const from of ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.1"]) await hears(port, from);
    expect(admissions.map(({ governing }) => governing.policy.name)).toEqual([
      "Policy 1",
      "Policy 1",
      "Policy 1",
      "Policy 2",
    ]);
  });

  test("is passed over outside its schedule: the next one that admits the source takes it", async () => {
    let now = noon;
    const { port, admissions } = await start(() => now, { schedule: working }, {});
    await hears(port, "127.0.0.1");
    now = night;
    await hears(port, "127.0.0.1");
    expect(admissions.map(({ governing }) => governing.policy.name)).toEqual(["Policy 1", "Policy 2"]);
  });

  test("governs a running session until its next transaction: then none does when its window has closed", async () => {
    let now = noon;
    const { port, admissions } = await start(() => now, { schedule: working });
    await (await LineClient.connect(port)).hears("220 ready");
    expect(admissions[0]?.resolve()?.policy.name).toBe("Policy 1");
    now = night;
    expect(admissions[0]?.resolve()).toBeNull();
  });
});

test("while every policy for a source is closed it hears 421 4.3.2, and the event tells why", async () => {
  const { port, recorder } = await start(() => night, { schedule: working, from: partners });
  expect(await hears(port, "127.0.0.2")).toBe("421 4.3.2 Not accepting mail now, try again later");
  expect(await hears(port, "127.0.0.1")).toBe("554 5.7.1 Connection refused");
  expect(recorder.events).toMatchObject([
    { cause: "no policy admits this source at this time", reply: "421 4.3.2 Not accepting mail now, try again later" },
    { cause: "no policy admits this source" },
  ]);
});

describe("a policy that refuses", () => {
  test.each([
    ["refuse-521", "521 5.3.2 This host does not accept mail"],
    ["refuse-554", "554 5.7.1 Connection refused"],
    ["close", ""],
  ] as const)(
    "%s: its sources hear %j, others are served, and the event names the policy",
    async (disposition, line) => {
      const { port, recorder } = await start(() => noon, { from: partners, disposition }, {});
      expect(await hears(port, "127.0.0.2")).toBe(line);
      expect(await hears(port, "127.0.0.1")).toBe("220 ready");
      expect(recorder.events).toMatchObject([
        { policy: "Policy 1", cause: `the policy refuses: ${disposition}`, reply: line === "" ? null : line },
      ]);
    },
  );

  test.each([
    ["refuse-521", "-ERR Connection refused"],
    ["close", ""],
  ] as const)("%s over POP3: %j", async (disposition, line) => {
    const place = await makeListeners({ now: () => noon });
    const port = await freePort();
    const problems = await apply(place, 1, { ports: [port] }, (document) =>
      policyDocumentSchema.parse({
        ...document,
        routes: [{ name: "inside", protocol: "pop3", targets: [{ host: "127.0.0.1", port: 9 }] }],
        proxyActions: [{ name: "Mail in", protocol: "pop3", direction: "incoming" }],
        policies: [{ ...document.policies[0], protocol: "pop3", disposition }],
      }),
    );
    expect(problems).toEqual([]);
    expect(await hears(port, "127.0.0.1")).toBe(line);
  });

  test("does not take the next transaction of a session that an earlier policy admitted", async () => {
    let now = noon;
    const { port, admissions } = await start(() => now, { schedule: working }, { disposition: "refuse-554" });
    await (await LineClient.connect(port)).hears("220 ready");
    now = night;
    expect(admissions[0]?.resolve()).toBeNull();
  });
});

test("a client that a trusted proxy tells of is judged anew: by bans, sources and time, from then on", async () => {
  let now = noon;
  const { port, admissions, bans } = await start(
    () => now,
    { from: { interface: "External", sources: ["127.0.0.1"] } },
    { from: { interface: "External", sources: ["2001:db8::/32"] }, schedule: working },
  );
  await (await LineClient.connect(port)).hears("220 ready");
  const [admission] = admissions;
  expect(admission?.readmit?.("192.0.2.1")).toBeNull();
  bans.ban("2001:db8::9", { minutes: 1, reason: "test", by: "person" });
  expect(admission?.readmit?.("2001:DB8:0::9")).toBeNull();
  expect(admission?.resolve()?.policy.name).toBe("Policy 1");
  expect(admission?.readmit?.("2001:DB8::1")?.policy.name).toBe("Policy 2");
  expect(admission?.resolve()?.policy.name).toBe("Policy 2");
  now = night;
  expect(admission?.resolve()).toBeNull();
});
