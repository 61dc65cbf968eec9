import { beforeEach, describe, expect, it } from "vitest";
import { dictionarySchema } from "#core/contract/dictionary.ts";
import { scannerSchema } from "#core/contract/scanner.ts";
import { database, transaction } from "#lib/db.ts";
import type { InspectionKind, InspectionObject } from "#lib/inspection/inspection-input.ts";
import { addInspection, deleteInspection, editInspection } from "#lib/inspection/mutations.ts";
import { inspectionNames, readInspection } from "#lib/inspection/queries.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";

useTestDatabase();

const policy = `
version: 1
scanners: [{ name: av, kind: clamd, at: { socket: /run/clamd }, onFailure: match }]
dictionaries: [{ name: PCI, entries: [{ classifier: payment-card, weight: 5 }] }]
notices: [{ name: gone, text: "%(filename)% is gone" }]
proxyActions:
  - name: In
    protocol: smtp
    direction: incoming
    content: { scanners: [av] }
    rulesets:
      attachment:
        rules:
          - { name: cards, when: { any: [{ dictionary: { is: pci } }] }, action: { strip: { notice: gone } } }
`;

beforeEach(async () => {
  await importDraft(policy);
});

const second: InspectionObject = {
  kind: "scanner",
  object: scannerSchema.parse({ name: "spam", kind: "rspamd", at: { host: "127.0.0.1", port: 11333 } }),
};
const add = (added: InspectionObject) => transaction((tx) => addInspection(tx, mara, added));

async function only(kind: InspectionKind) {
  const [first] = await readInspection(kind);
  if (first === undefined) throw new Error(`no ${kind}`);
  return first;
}

describe("what messages are looked into with", () => {
  it("comes in by import, with what uses it, and goes into the draft's document", async () => {
    expect((await only("scanner")).users).toEqual(['proxy action "In"']);
    expect((await only("dictionary")).users).toEqual(['rule "cards" of In, attachment']);
    expect((await only("notice")).users).toEqual(['rule "cards" of In, attachment']);
    const draft = await readDraft(database());
    expect(draft.scanners).toMatchObject([{ name: "av", onFailure: "match" }]);
    expect(draft.proxyActions[0]?.content.scanners).toEqual(["av"]);
  });

  it("is added at the end of its kind, with an audit row; a name is taken within a kind", async () => {
    await add(second);
    expect(await inspectionNames("scanner")).toEqual(["av", "spam"]);
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({ action: "scanner.add", object: 'scanner "spam"', summary: "rspamd" });
    await expect(add(second)).rejects.toMatchObject({ code: "NAME_TAKEN" });
    await add({ kind: "notice", object: { name: "spam", text: "x" } });
  });

  it("is edited at the version that was seen", async () => {
    const { id, version } = await only("dictionary");
    const object = dictionarySchema.parse({ name: "PCI", threshold: 9, entries: [{ word: "x" }] });
    const edit = () =>
      transaction((tx) => editInspection(tx, mara, { id, version, edited: { kind: "dictionary", object } }));
    await edit();
    expect((await only("dictionary")).object).toMatchObject({ threshold: 9 });
    await expect(edit()).rejects.toMatchObject({ code: "EDIT_CONFLICT" });
  });

  it("is refused as a whole when it would make the draft wrong", async () => {
    const object = dictionarySchema.parse({ name: "bad", entries: [{ pattern: "(" }] });
    await expect(add({ kind: "dictionary", object })).rejects.toMatchObject({ code: "POLICY_INVALID" });
    expect(await inspectionNames("dictionary")).toEqual(["PCI"]);
  });

  it("can neither be renamed nor deleted while it is used", async () => {
    const { id, version } = await only("scanner");
    await expect(transaction((tx) => deleteInspection(tx, mara, { id, version }))).rejects.toMatchObject({
      code: "IN_USE",
      publicMessage: 'Not deleted: the scanner "av" is used by proxy action "In". Take it out there first.',
    });
    const renamed: InspectionObject = { kind: "scanner", object: { ...scannerSchema.parse(second.object), name: "x" } };
    await expect(transaction((tx) => editInspection(tx, mara, { id, version, edited: renamed }))).rejects.toMatchObject(
      { code: "IN_USE" },
    );
    const free = await add(second);
    await transaction((tx) => deleteInspection(tx, mara, { id: free, version: 1 }));
    expect(await inspectionNames("scanner")).toEqual(["av"]);
  });
});
