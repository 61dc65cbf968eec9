import { beforeEach, describe, expect, it } from "vitest";
import { presets } from "#core/policy/presets/presets.ts";
import { database, transaction } from "#lib/db.ts";
import { addFromPreset } from "#lib/proxy-actions/preset-mutations.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara } from "../../support/draft.ts";

useTestDatabase();

beforeEach(async () => {
  await importDraft("version: 1\n");
});

const domains = { name: "our domains", entries: ["example.test"] };
const files = { name: "runnable files", entries: ["*.exe"] };
const macros = { name: "macro documents", entries: ["*.docm"] };
const clone = (preset: string, name: string, lists: { name: string; entries: string[] }[]) =>
  transaction((tx) => addFromPreset(tx, mara, { preset, name, lists }));

describe("a clone of a preset", () => {
  it.each(presets.map(({ id }) => id))("%s has its settings, limits and rules, with ids of their own", async (id) => {
    const preset = presets.find((one) => one.id === id);
    await clone(id, "First", [domains, files, macros]);
    await clone(id, "Second", []);
    const [first, second] = (await draft()).proxyActions;
    if (first === undefined || second === undefined) throw new Error("no clone");
    expect(first.limits).toEqual(preset?.action.limits);
    expect(first.settings).toEqual(preset?.action.settings);
    const ids = [first, second].flatMap((action) =>
      rulesetsOf(action).flatMap(({ ruleset }) => ruleset.rules.map((rule) => rule.id)),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("brings the lists that the draft does not have, and leaves those alone that it has", async () => {
    await clone("incoming-recommended", "Mail in", [domains, files, macros]);
    const lists = (await draft()).lists;
    expect(lists.map(({ name, kind, entries }) => [name, kind, entries])).toEqual([
      ["our domains", "domains", ["example.test"]],
      ["runnable files", "patterns", ["*.exe"]],
      ["macro documents", "patterns", ["*.docm"]],
    ]);
    await clone("outgoing-recommended", "Mail out", [{ ...domains, entries: ["other.test"] }]);
    expect((await draft()).lists).toEqual(lists);
  });

  it("is refused without the entries of a list that is missing, and leaves nothing behind", async () => {
    await expect(clone("incoming-recommended", "Mail in", [files, macros])).rejects.toMatchObject({
      publicMessage:
        'Not cloned: the rules ask about the list "our domains", which is not there yet. Write what is in it.',
    });
    expect(await draft()).toMatchObject({ lists: [], proxyActions: [] });
  });

  it("is in the audit log with the preset's name", async () => {
    await clone("transparent-pass", "Pass", []);
    expect(await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } })).toMatchObject({
      action: "proxy-action.add",
      object: 'proxy action "Pass"',
      summary: "Clone of the preset Transparent pass, with 0 rules",
    });
  });

  it("of a preset that does not exist is refused", async () => {
    await expect(clone("nothing", "Pass", [])).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
