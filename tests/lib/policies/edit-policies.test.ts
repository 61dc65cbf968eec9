import { beforeEach, describe, expect, it } from "vitest";
import { type Policy, policySchema, routeSchema } from "#core/contract/policy-document.ts";
import { database, transaction } from "#lib/db.ts";
import { addInterface } from "#lib/interfaces/mutations.ts";
import {
  addPolicy,
  clonePolicy,
  deletePolicy,
  editPolicy,
  movePolicy,
  setPolicyEnabled,
} from "#lib/policies/mutations.ts";
import { policyChoices, policyOverview, readPolicies, readPolicy } from "#lib/policies/queries.ts";
import { addRoute } from "#lib/routes/mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const now = new Date("2026-01-05T10:00:33Z");

beforeEach(async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
});

const submission: Policy = policySchema.parse({
  name: "Submission",
  protocol: "smtp",
  from: { interface: "Trusted", sources: ["10.0.0.0/8"] },
  to: { interface: "External", route: "inside", routes: [{ recipientDomain: { is: "a.test" }, route: "inside" }] },
  schedule: { timeZone: "Europe/Berlin", windows: [{ days: ["mon"], from: "08:00", to: "18:00" }] },
  listen: [{ address: "127.0.0.1", port: 2587, proxyProtocolFrom: ["127.0.0.1"] }],
  proxyAction: "Mail in",
});

const add = (policy: Policy) => transaction((tx) => addPolicy(tx, mara, policy));
const names = async () => (await draft()).policies.map(({ name }) => name);
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });

async function row(name: string): Promise<{ id: string; version: number }> {
  return database().policy.findFirstOrThrow({ where: { name }, select: { id: true, version: true } });
}

describe("a policy", () => {
  it("is added below the others with everything that it has, and an audit row", async () => {
    const id = await add(submission);
    expect(await names()).toEqual(["In", "Fetch", "Submission"]);
    expect(await readPolicy(id)).toEqual({ id, version: 1, policy: submission });
    expect(await lastAudit()).toMatchObject({
      action: "policy.add",
      object: 'policy "Submission"',
      summary: "At position 3: smtp from Trusted to External over inside, on 127.0.0.1:2587, with Mail in",
    });
  });

  it.each([
    ["interface", { ...submission, from: { ...submission.from, interface: "gone" } }],
    ["route", { ...submission, to: { ...submission.to, route: "gone" } }],
    ["proxy action", { ...submission, proxyAction: "gone" }],
  ])("that names an %s which is gone is refused with its name", async (what, policy) => {
    const publicMessage = `Not saved: there is no ${what} "gone". Choose another, or add it.`;
    await expect(add(policy)).rejects.toMatchObject({ code: "REF_MISSING", publicMessage });
  });

  it("is refused under a name that is taken, and on a listener of another protocol", async () => {
    await expect(add({ ...submission, name: "In" })).rejects.toMatchObject({ fields: { name: ["taken"] } });
    const taken = { ...submission, listen: [{ address: "127.0.0.1", port: 2110, proxyProtocolFrom: [] }] };
    await expect(add(taken)).rejects.toMatchObject({
      code: "POLICY_INVALID",
      publicMessage: expect.stringMatching(/already/),
    });
  });

  it("is edited in its place; edited by two at once, the second one is told", async () => {
    const { id, version } = await row("In");
    const policy = { ...submission, name: "Inbound", from: { ...submission.from, interface: "External" } };
    const edit = () => transaction((tx) => editPolicy(tx, mara, { policyId: id, version, policy }));
    await edit();
    expect(await names()).toEqual(["Inbound", "Fetch"]);
    expect((await lastAudit()).summary).toMatch(/; was "In"$/);
    await expect(edit()).rejects.toMatchObject({ code: "EDIT_CONFLICT" });
  });

  it("is disabled and enabled; a listener that is taken keeps it disabled", async () => {
    const { id } = await row("In");
    const set = (enabled: boolean, policyId = id) =>
      transaction((tx) => setPolicyEnabled(tx, mara, { policyId, enabled }));
    await set(false);
    expect(await lastAudit()).toMatchObject({ action: "policy.state", summary: "enabled → disabled" });
    await set(true);
    expect((await draft()).policies[0]?.enabled).toBe(true);
    const listen = [{ address: "127.0.0.1", port: 2110, proxyProtocolFrom: [] }];
    const taken = await add({ ...submission, enabled: false, listen });
    await expect(set(true, taken)).rejects.toMatchObject({ code: "POLICY_INVALID" });
  });

  it("moves: the first that admits a connection takes it", async () => {
    const policyId = await add(submission);
    const move = (to: "top" | "down" | { position: number }) =>
      transaction((tx) => movePolicy(tx, mara, { policyId, to }));
    expect(await move("top")).toEqual({ position: 1, of: 3 });
    expect(await move("down")).toEqual({ position: 2, of: 3 });
    expect(await names()).toEqual(["In", "Submission", "Fetch"]);
    expect(await lastAudit()).toMatchObject({ action: "policy.move", summary: "Position 1 → 2" });
    expect(await move({ position: 9 })).toEqual({ position: 3, of: 3 });
  });

  it("is cloned right below itself, disabled, under a name of its own", async () => {
    const { id } = await row("In");
    const clone = () => transaction((tx) => clonePolicy(tx, mara, { policyId: id }));
    await clone();
    await clone();
    expect(await names()).toEqual(["In", "In (copy 2)", "In (copy)", "Fetch"]);
    expect((await draft()).policies[1]?.enabled).toBe(false);
  });

  it("is deleted, and its place closes", async () => {
    const { id, version } = await row("In");
    await transaction((tx) => deletePolicy(tx, mara, { policyId: id, version }));
    await add(submission);
    expect(await names()).toEqual(["Fetch", "Submission"]);
    expect((await readPolicies(null, now)).map(({ position }) => position)).toEqual([1, 2]);
    await expect(transaction((tx) => deletePolicy(tx, mara, { policyId: id, version }))).rejects.toMatchObject({
      code: "OBJECT_GONE",
    });
  });
});

describe("what a policy can be made from", () => {
  it("are the interfaces, routes, proxy actions and lists of the draft", async () => {
    expect(await policyChoices(now)).toEqual({
      interfaces: [
        { name: "External", zone: "external" },
        { name: "Trusted", zone: "trusted" },
      ],
      routes: [
        { name: "inside", protocol: "smtp" },
        { name: "mailbox", protocol: "pop3" },
      ],
      proxyActions: [
        { name: "Mail in", protocol: "smtp", direction: "incoming" },
        { name: "Mail fetch", protocol: "pop3", direction: "outgoing" },
      ],
      lists: [{ name: "executables", kind: "patterns" }],
      certificates: [],
    });
  });

  it("is counted, from an empty system on", async () => {
    await importDraft("version: 1\n");
    expect(await policyOverview()).toEqual({ names: [], parts: { interfaces: 0, routes: 0, proxyActions: 0 } });
    await transaction((tx) => addInterface(tx, mara, { name: "External", zone: "external", networks: [] }));
    const route = routeSchema.parse({ name: "inside", protocol: "smtp", targets: [{ host: "x.test", port: 25 }] });
    await transaction((tx) => addRoute(tx, mara, route));
    expect((await policyOverview()).parts).toEqual({ interfaces: 1, routes: 1, proxyActions: 0 });
  });
});
