import { beforeEach, describe, expect, it } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { addInterface, deleteInterface, editInterface, moveInterface } from "#lib/interfaces/mutations.ts";
import { type InterfaceView, readInterfaces } from "#lib/interfaces/queries.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { report } from "../../support/report-samples.ts";

useTestDatabase();
const now = new Date("2026-01-05T10:00:33Z");

beforeEach(async () => {
  await database().worker.deleteMany();
  await importDraft(policyFixture("first-message.yaml", {}));
});

async function found(name: string): Promise<InterfaceView> {
  const view = (await readInterfaces(now)).find((one) => one.interface.name === name);
  if (view === undefined) throw new Error(`no interface ${name}`);
  return view;
}

const add = (name: string, networks: string[] = []) =>
  transaction((tx) => addInterface(tx, mara, { name, zone: "optional", networks }));
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });

describe("an interface", () => {
  it("is added at the end, with an audit row", async () => {
    const id = await add("DMZ", ["192.0.2.0/24"]);
    expect((await readInterfaces(now)).map((view) => view.interface.name)).toEqual(["External", "Trusted", "DMZ"]);
    const object = 'interface "DMZ"';
    expect(await lastAudit()).toMatchObject({ action: "interface.add", object, summary: "optional, 1 network" });
    expect(await found("DMZ")).toMatchObject({ id, version: 1, incoming: [], outgoing: [], listeners: [] });
  });

  it("knows the policies from it and to it", async () => {
    expect(await found("External")).toMatchObject({ incoming: ["In"], outgoing: ["Fetch"] });
  });

  it("that is renamed takes its policies along", async () => {
    const { id, version, interface: before } = await found("External");
    const renamed = { ...before, name: "WAN" };
    await transaction((tx) => editInterface(tx, mara, { interfaceId: id, version, interface: renamed }));
    expect((await draft()).policies.map(({ from }) => from.interface)).toEqual(["WAN", "Trusted"]);
    expect((await lastAudit()).summary).toBe('external, no networks; was "External"');
  });

  it("is not deleted while a policy begins or ends there; the refusal names the policies", async () => {
    const { id, version } = await found("External");
    const asked = transaction((tx) => deleteInterface(tx, mara, { interfaceId: id, version }));
    const publicMessage =
      'Not deleted: the interface "External" is used by policy "In" and 1 more. Take it out there first.';
    await expect(asked).rejects.toMatchObject({ code: "IN_USE", publicMessage });
  });

  it("is deleted when nothing uses it", async () => {
    const interfaceId = await add("DMZ");
    await transaction((tx) => deleteInterface(tx, mara, { interfaceId, version: 1 }));
    expect((await readInterfaces(now)).map((view) => view.interface.name)).toEqual(["External", "Trusted"]);
    expect((await lastAudit()).action).toBe("interface.delete");
  });

  it("moves among the others, also after one of them was deleted", async () => {
    const gone = await add("gone");
    const interfaceId = await add("DMZ");
    await transaction((tx) => deleteInterface(tx, mara, { interfaceId: gone, version: 1 }));
    const move = (to: "top" | "down") => transaction((tx) => moveInterface(tx, mara, { interfaceId, to }));
    expect(await move("top")).toEqual({ position: 1, of: 3 });
    expect(await move("down")).toEqual({ position: 2, of: 3 });
    expect((await readInterfaces(now)).map((view) => view.interface.name)).toEqual(["External", "DMZ", "Trusted"]);
    expect((await lastAudit()).summary).toBe("Position 1 → 2");
  });

  it("is refused under a name that is taken, and with a network that is none", async () => {
    await expect(add("Trusted")).rejects.toMatchObject({ code: "NAME_TAKEN", fields: { name: ["taken"] } });
    await expect(add("DMZ", ["10.0.0.0/99"])).rejects.toMatchObject({ code: "POLICY_INVALID" });
  });

  it("edited by two at once tells the second one", async () => {
    const { id, version, interface: item } = await found("Trusted");
    const edit = () => transaction((tx) => editInterface(tx, mara, { interfaceId: id, version, interface: item }));
    await edit();
    await expect(edit()).rejects.toMatchObject({ code: "EDIT_CONFLICT" });
  });
});

describe("a listener at an interface", () => {
  async function reportListeners(listeners: { port: number; connections: number }[]) {
    const status = {
      ...report(1).status,
      listeners: listeners.map((one) => ({ ...one, address: "127.0.0.1", protocol: "smtp", interface: "External" })),
    };
    const worker = { id: "local", name: "local", controlUrl: "http://127.0.0.1:1", controlTokenSealed: "x" };
    await database().worker.create({ data: { ...worker, reportTokenHash: "x", lastSeenAt: now, status } });
  }

  it("opens when it is published", async () => {
    await reportListeners([]);
    const [listener] = (await found("External")).listeners;
    expect(listener).toMatchObject({ protocol: "smtp", policies: ["In"], published: false, workers: [] });
  });

  it("is bound with its connections, not bound, or unknown while its worker is not heard", async () => {
    await transaction((tx) => publish(tx, mara, { comment: "" }));
    const port = (await found("External")).listeners[0]?.port ?? 0;
    await reportListeners([{ port, connections: 3 }]);
    const states = async () => (await found("External")).listeners[0]?.workers;
    expect(await states()).toEqual([{ worker: "local", state: "bound", connections: 3 }]);
    await database().worker.update({ where: { id: "local" }, data: { status: report(1).status } });
    expect(await states()).toEqual([{ worker: "local", state: "not-bound", connections: 0 }]);
    await database().worker.update({ where: { id: "local" }, data: { lastSeenAt: null } });
    expect(await states()).toEqual([{ worker: "local", state: "unheard", connections: 0 }]);
  });
});
