import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { interfaceSchema } from "#core/contract/policy-document.ts";
import { database, transaction } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { addInterface, deleteInterface, editInterface } from "#lib/interfaces/mutations.ts";
import { atInterface, interfaceChoices, readScope, scopeOf } from "#lib/interfaces/scope.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

const fixture = policyFixture("first-message.yaml", {});

beforeEach(async () => {
  await importDraft(fixture);
});

async function idOf(name: string): Promise<string> {
  return (await database().interface.findUniqueOrThrow({ where: { name } })).id;
}

async function rename(from: string, to: string): Promise<void> {
  const { id, zone, networks, version } = await database().interface.findUniqueOrThrow({ where: { name: from } });
  const renamed = interfaceSchema.parse({ name: to, zone, networks });
  await transaction((tx) => editInterface(tx, mara, { interfaceId: id, version, interface: renamed }));
}

const add = (name: string) => transaction((tx) => addInterface(tx, mara, { name, zone: "optional", networks: [] }));

async function remove(name: string): Promise<void> {
  const { id: interfaceId, version } = await database().interface.findUniqueOrThrow({ where: { name } });
  await transaction((tx) => deleteInterface(tx, mara, { interfaceId, version }));
}

describe("the interface that an address names", () => {
  it("is the same by its id and by its name, before and after it was renamed", async () => {
    const id = await idOf("External");
    expect(await readScope("External")).toEqual({ id, name: "External", names: ["External"] });
    await rename("External", "WAN");
    const renamed = { id, name: "WAN", names: ["WAN", "External"] };
    for (const address of [id, "WAN", "External"]) expect(await readScope(address)).toEqual(renamed);
    await rename("WAN", "External");
    expect(await readScope("WAN")).toMatchObject({ id, name: "External" });
  });

  it("is the same after a document was imported in which it is called otherwise", async () => {
    const id = await idOf("External");
    await importDraft(fixture.replaceAll("External", "Internet"));
    expect(await readScope("External")).toMatchObject({ id, name: "Internet" });
    await importDraft(fixture);
    expect(await readScope("Internet")).toMatchObject({ id, name: "External" });
  });

  it("is the one that took the name last", async () => {
    const first = await add("DMZ");
    await rename("DMZ", "Guests");
    const second = await add("DMZ");
    expect(await readScope("DMZ")).toEqual({ id: second, name: "DMZ", names: ["DMZ"] });
    expect(await readScope(first)).toEqual({ id: first, name: "Guests", names: ["Guests"] });
    await remove("DMZ");
    await remove("Guests");
  });

  it("is none once it was deleted, and is still called what it was called", async () => {
    const id = await add("Lab");
    await rename("Lab", "Workshop");
    await remove("Workshop");
    const gone = { id: null, name: "Workshop", names: ["Workshop", "Lab"] };
    for (const address of [id, "Lab", "Workshop"]) expect(await readScope(address)).toEqual(gone);
  });

  it("is the one that was made again under the name of one that was deleted", async () => {
    const gone = await add("Branch");
    await remove("Branch");
    const again = await add("Branch");
    expect(await readScope(gone)).toEqual({ id: again, name: "Branch", names: ["Branch"] });
    await remove("Branch");
  });

  it("is itself what nobody ever called so", async () => {
    expect(await readScope("no such")).toEqual({ id: null, name: "no such", names: ["no such"] });
    expect(await readScope(null)).toBeNull();
  });

  it("is offered in the people's order with all that addresses may call it", async () => {
    const id = await idOf("Trusted");
    await rename("Trusted", "Office");
    const [first, second] = await interfaceChoices();
    expect(first).toMatchObject({ name: "External" });
    expect(second).toEqual({ id, name: "Office", names: ["Office", "Trusted"] });
    await rename("Office", "Trusted");
  });

  it("finds what was reported under any of its names", async () => {
    await rename("External", "Uplink");
    const condition = await atInterface("Uplink");
    const found = await database().$queryRaw(Prisma.sql`
      SELECT interface FROM unnest(ARRAY['External', 'Uplink', 'Trusted']) AS interface WHERE ${condition}`);
    expect(found).toEqual([{ interface: "External" }, { interface: "Uplink" }]);
  });
});

type Step = { interface: number; name: number };

/** As the database's trigger keeps them: one row for each interface and name, the latest first. */
function namesAfter(steps: readonly Step[]) {
  const current = new Map<string, string>();
  let taken: { interfaceId: string; name: string }[] = [];
  for (const step of steps) {
    const interfaceId = `interface ${step.interface}`;
    const name = `name ${step.name}`;
    if (step.name === 0) current.delete(interfaceId);
    else if (![...current.values()].includes(name)) {
      current.set(interfaceId, name);
      const others = taken.filter((one) => one.interfaceId !== interfaceId || one.name !== name);
      taken = [{ interfaceId, name }, ...others];
    }
  }
  return { current, taken };
}

const step = fc.record({ interface: fc.nat(3), name: fc.nat(4) });

describe("whatever interfaces were called and whichever were deleted", () => {
  it("each is found by its id and its name, and no name leads to two", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { current, taken } = namesAfter(steps);
        const inDraft = [...current.keys()];
        for (const [id, name] of current)
          for (const address of [id, name]) expect(scopeOf(address, inDraft, taken)).toMatchObject({ id, name });
        for (const { interfaceId, name } of taken) {
          const { id, names } = scopeOf(name, inDraft, taken);
          expect(names).toContain(name);
          const isTaken = taken.find((one) => one.name === name)?.interfaceId;
          expect(id).toBe(isTaken !== undefined && current.has(isTaken) ? isTaken : null);
          if (current.has(interfaceId) && interfaceId !== isTaken)
            expect(scopeOf(interfaceId, inDraft, taken).names).not.toContain(name);
        }
      }),
    );
  });
});
