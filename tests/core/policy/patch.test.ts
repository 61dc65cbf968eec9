import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { diffDocuments } from "#core/policy/diff.ts";
import { changeBetween } from "#core/policy/document-change.ts";
import { applyEdits, editsBetween, inverseOf } from "#core/policy/patch.ts";
import { withRuleIds } from "#core/policy/rule-ids.ts";
import { documentArbitrary } from "../../support/policy-arbitrary.ts";
import { relatedDocuments } from "../../support/related-documents.ts";

const runs = { numRuns: 12, endOnFailure: true };

function applied(document: PolicyDocument, edits: Parameters<typeof applyEdits>[1]): PolicyDocument {
  const result = applyEdits(document, edits);
  if (!result.ok) throw new Error(`clashes: ${JSON.stringify(result.clashes)}`);
  return result.document;
}

describe("the edits between two documents", () => {
  it("make the one out of the other, objects in their order", () => {
    fc.assert(
      fc.property(fc.oneof(relatedDocuments, fc.tuple(documentArbitrary, documentArbitrary)), ([before, after]) => {
        const edits = editsBetween(before, after);
        expect(JSON.stringify(applied(before, edits))).toBe(JSON.stringify(after));
        expect(JSON.stringify(applied(after, inverseOf(edits)))).toBe(JSON.stringify(before));
      }),
      runs,
    );
  });

  it("are none when the documents are equal, and nothing differs in words once they are applied", () => {
    fc.assert(
      fc.property(relatedDocuments, ([before, after]) => {
        expect(editsBetween(before, structuredClone(before))).toEqual([]);
        expect(diffDocuments(applied(before, editsBetween(before, after)), after)).toEqual([]);
      }),
      runs,
    );
  });

  it("survive being kept as JSON", () => {
    fc.assert(
      fc.property(relatedDocuments, ([before, after]) => {
        const kept = JSON.parse(JSON.stringify(editsBetween(before, after)));
        expect(JSON.stringify(applied(before, kept))).toBe(JSON.stringify(after));
      }),
      runs,
    );
  });

  it("name each object that differs in words, at the place that the words have", () => {
    fc.assert(
      fc.property(relatedDocuments, ([before, after]) => {
        const { renames, edits } = changeBetween(before, after);
        const edited = new Set([
          ...renames.map(({ section, to }) => JSON.stringify([section, to])),
          ...edits.map(({ path, key }) => JSON.stringify([...path, key])),
        ]);
        expect(diffDocuments(before, after).filter(({ at }) => !edited.has(at))).toEqual([]);
      }),
      runs,
    );
  });
});

function lists(...names: string[]): PolicyDocument {
  return policyDocumentSchema.parse({
    version: 1,
    lists: names.map((name) => ({ name, kind: "domains", entries: [`${name}.test`] })),
  });
}

function names(document: PolicyDocument): string[] {
  return document.lists.map(({ name }) => name);
}

describe("edits on a document that others changed meanwhile", () => {
  it("put back what was taken out below the one it stood below, wherever that is now", () => {
    const edits = editsBetween(lists("a", "b", "c"), lists("a", "c"));
    expect(names(applied(lists("c", "new", "a", "last"), inverseOf(edits)))).toEqual(["c", "new", "a", "b", "last"]);
  });

  it("put it at its old position when that one is gone", () => {
    const edits = editsBetween(lists("a", "b", "c"), lists("a", "c"));
    expect(names(applied(lists("c", "d"), inverseOf(edits)))).toEqual(["c", "b", "d"]);
  });

  it("put back several that stood below each other in their order", () => {
    const edits = editsBetween(lists("a", "b", "c", "d"), lists("d"));
    expect(names(applied(lists("new", "d"), inverseOf(edits)))).toEqual(["a", "b", "c", "new", "d"]);
  });

  it("clash where the object is another one, is gone or is there already", () => {
    const [before, after] = [lists("a", "b"), lists("b", "c")];
    const changed = policyDocumentSchema.parse({
      ...after,
      lists: [{ ...after.lists[0] }, { name: "c", kind: "words", entries: [] }],
    });
    const back = inverseOf(editsBetween(before, after));
    expect(applyEdits(changed, back)).toMatchObject({
      ok: false,
      clashes: [{ path: ["lists"], key: "c", after: null }],
    });
    expect(applyEdits(before, back)).toMatchObject({ ok: false, clashes: [{ key: "a" }, { key: "c" }] });
  });

  it("clash where a rule would have no ruleset", () => {
    const rulesets = { sender: { rules: [{ name: "r", action: "deny" }] } };
    const action = { name: "Mail in", protocol: "smtp", direction: "incoming", rulesets };
    const whole = policyDocumentSchema.safeParse({ version: 1, proxyActions: [action] });
    const document = withRuleIds(whole.data ?? lists(), () => "4a0e7a1c-0000-4000-8000-000000000001");
    const edits = editsBetween(lists(), document).filter(({ path }) => path[0] === "rules");
    expect(edits).toHaveLength(1);
    expect(applyEdits(lists(), edits)).toEqual({ ok: false, clashes: edits });
  });
});
