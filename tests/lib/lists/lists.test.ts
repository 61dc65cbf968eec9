import { beforeEach, describe, expect, it } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { addList, deleteList, editList } from "#lib/lists/mutations.ts";
import { type ListView, listGlances, readList, readLists } from "#lib/lists/queries.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

beforeEach(async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
});

const partners = { name: "partners", kind: "domains", entries: ["acme.test"] } as const;
const add = (list: { name: string; kind: "domains" | "networks"; entries: string[] }) =>
  transaction((tx) => addList(tx, mara, list));

async function listNamed(name: string): Promise<ListView> {
  const { id } = await database().list.findUniqueOrThrow({ where: { name } });
  const list = await readList(id);
  if (list === null) throw new Error(`no list ${name}`);
  return list;
}

async function executables() {
  return listNamed("executables");
}

describe("a list", () => {
  it("is added at the end, with an audit row", async () => {
    const id = await add({ ...partners, entries: [...partners.entries] });
    expect((await readLists()).at(-1)).toMatchObject({
      id,
      name: "partners",
      count: 1,
      first: ["acme.test"],
      users: [],
    });
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({ action: "list.add", object: 'list "partners"', summary: "domains, 1 entry" });
  });

  it("is shown at a glance by its first entries and how many there are", async () => {
    const entries = Array.from({ length: 300 }, (_, n) => `partner-${n}.test`);
    const id = await add({ name: "many", kind: "domains", entries });
    await add({ name: "none", kind: "networks", entries: [] });
    const [many, none] = (await listGlances()).slice(-2);
    const shown = { id, name: "many", kind: "domains", first: entries.slice(0, 6), count: 300 };
    expect(many).toEqual({ ...shown, feed: null, rules: 0, others: 0 });
    expect(none).toMatchObject({ first: [], count: 0 });
  });

  it("knows the rules that use it", async () => {
    expect((await executables()).users).toMatchObject([
      { kind: "rule", proxyAction: "Mail in", ruleset: "attachment" },
      { kind: "rule", proxyAction: "Mail fetch", ruleset: "attachment" },
    ]);
  });

  it("knows the policies and the settings that use it, which keep it too", async () => {
    const yaml = policyFixture("first-message.yaml", {})
      .replace(
        "lists:",
        "lists:\n  - { name: ours, kind: networks, entries: [10.0.0.0/8] }\n  - { name: people, kind: addresses, entries: [] }",
      )
      .replace("from: { interface: External }", "from: { interface: External, sourceLists: [ours] }")
      .replace(
        "direction: incoming",
        "direction: incoming\n    settings: { recipientVerification: { mode: list, list: people } }",
      );
    await importDraft(yaml);
    expect((await listNamed("ours")).users).toEqual([{ kind: "policy", policy: "In" }]);
    expect((await listNamed("people")).users).toEqual([{ kind: "settings", proxyAction: "Mail in" }]);
    const { id, version } = await listNamed("ours");
    await expect(transaction((tx) => deleteList(tx, mara, { listId: id, version }))).rejects.toMatchObject({
      code: "IN_USE",
      publicMessage: 'Not deleted: the list "ours" is used by policy "In". Take it out there first.',
    });
  });

  it("is used by a policy that takes logins elsewhere by it", async () => {
    const yaml = policyFixture("first-message.yaml", {})
      .replace(
        "lists:",
        "lists:\n  - { name: branch, kind: domains, entries: [a.test] }\n  - { name: people, kind: addresses, entries: [] }",
      )
      .replace(
        "route: mailbox }",
        "route: mailbox, userRoutes: [{ user: { inList: people }, domain: { inList: branch }, route: mailbox }] }",
      );
    await importDraft(yaml);
    const lists = await readLists();
    for (const name of ["branch", "people"]) {
      expect(lists.find((list) => list.name === name)?.users).toEqual([{ kind: "policy", policy: "Fetch" }]);
    }
  });

  it("is found by what its entries stand for, and by its name", async () => {
    await add({ name: "offices", kind: "networks", entries: ["192.0.2.0/24", "198.51.100.0/24"] });
    const found = async (asked: string) => (await readLists(asked)).map(({ name, found: hits }) => [name, hits]);
    expect(await found("198.51.100.7")).toEqual([["offices", { entries: ["198.51.100.0/24"], total: 1 }]]);
    expect(await found("offices")).toEqual([["offices", { entries: [], total: 0 }]]);
    expect(await found("203.0.113.1")).toEqual([]);
  });

  it("takes new entries while it is used", async () => {
    const { id, version } = await executables();
    const name = "executables";
    const list = { name, kind: "patterns", entries: ["*.exe", "*.msi"] } as const;
    await transaction((tx) =>
      editList(tx, mara, { listId: id, version, list: { ...list, entries: [...list.entries] } }),
    );
    expect((await executables()).list.entries).toEqual(["*.exe", "*.msi"]);
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last.summary).toBe("1 entry added, 2 removed");
  });

  it("is neither renamed nor deleted while it is used", async () => {
    const { id, version } = await executables();
    const renamed = { name: "programs", kind: "patterns" as const, entries: ["*.exe"] };
    const words =
      /^Not (renamed|deleted): the list "executables" is used by rule "executables" of Mail in, attachment and 1 more\./;
    const refusal = { code: "IN_USE", publicMessage: expect.stringMatching(words) };
    await expect(transaction((tx) => editList(tx, mara, { listId: id, version, list: renamed }))).rejects.toMatchObject(
      refusal,
    );
    await expect(transaction((tx) => deleteList(tx, mara, { listId: id, version }))).rejects.toMatchObject(refusal);
  });

  it("is deleted when nothing uses it", async () => {
    const listId = await add({ ...partners, entries: [] });
    await transaction((tx) => deleteList(tx, mara, { listId, version: 1 }));
    expect((await readLists()).map(({ name }) => name)).toEqual(["executables"]);
  });

  it("is refused under a name that is taken, and with an entry that is no network", async () => {
    await expect(add({ name: "executables", kind: "domains", entries: [] })).rejects.toMatchObject({
      code: "NAME_TAKEN",
    });
    await expect(add({ name: "lan", kind: "networks", entries: ["10.0.0.0/99"] })).rejects.toMatchObject({
      code: "POLICY_INVALID",
    });
  });

  it("edited by two at once tells the second one", async () => {
    const { id, version } = await executables();
    const list = { name: "executables", kind: "patterns" as const, entries: ["*.exe"] };
    await transaction((tx) => editList(tx, mara, { listId: id, version, list }));
    await expect(transaction((tx) => editList(tx, mara, { listId: id, version, list }))).rejects.toMatchObject({
      code: "EDIT_CONFLICT",
    });
  });
});
