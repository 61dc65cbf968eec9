import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { type Change, diffDocuments } from "#core/policy/diff.ts";
import { type DocumentPart, parsePart, partsOf, takeParts } from "#core/policy/document-part.ts";
import { readPolicyDocument, readPolicyPart } from "#core/policy/read-document.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";
import { documentArbitrary } from "../../support/policy-arbitrary.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { relatedDocuments } from "../../support/related-documents.ts";

const empty = policyDocumentSchema.parse({ version: 1 });
const first = readPolicyDocument(
  policyFixture("first-message.yaml", {}).replace("recipientsMax: 100", "recipientsMax: 50"),
);
if (!first.ok) throw new Error("the fixture is a policy");
const { document } = first;

function part(text: string): DocumentPart {
  return parsePart(text) ?? expect.fail(`${text} is no part`);
}

/** The parts that a change may come with. The rules of a proxy action bring it along where there is none. */
function partsOfChange({ at, kind }: Change): string[] {
  const [noun = "", name = ""] = z.array(z.string()).parse(JSON.parse(at));
  if (noun === "proxyActions" && kind === "added") return [`proxyActions:${name}`, `rules:${name}`];
  if (noun !== "rules" && noun !== "rulesets") return [`${noun}:${name}`];
  const proxyAction = noun === "rules" ? name : (z.array(z.string()).parse(JSON.parse(name))[0] ?? "");
  return [`proxyActions:${proxyAction}`, `rules:${proxyAction}`];
}

describe("the name of a part", () => {
  it.each([
    ["lists", { kind: "section", section: "lists", name: null }],
    ["lists:a: b", { kind: "section", section: "lists", name: "a: b" }],
    ["rules:Mail in", { kind: "rules", proxyAction: "Mail in", stage: null }],
    ["rules:Mail in/sender", { kind: "rules", proxyAction: "Mail in", stage: "sender" }],
    ["rules:In/out", { kind: "rules", proxyAction: "In/out", stage: null }],
  ])("%s", (text, expected) => {
    expect(parsePart(text)).toEqual(expected);
  });

  it.each(["", "rules", "rules:", "lists:", "version", "Lists", "lists/a"])("%j is none", (text) => {
    expect(parsePart(text)).toBeNull();
  });
});

describe("taking parts of a document", () => {
  it("of itself changes nothing; all of them into an empty one is the whole", () => {
    fc.assert(
      fc.property(documentArbitrary, (any) => {
        const sections = partsOf(any);
        const parts = sections.flatMap((section) => section.parts.map((one) => part(one.part)));
        expect(takeParts(any, any, parts)).toEqual(any);
        expect(takeParts(empty, any, parts)).toEqual(any);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it("of another one leaves no difference in them, and touches nothing else", () => {
    fc.assert(
      fc.property(relatedDocuments, fc.infiniteStream(fc.boolean()), ([into, from], dice) => {
        const all = [into, from].flatMap((one) => partsOf(one).flatMap(({ parts }) => parts.map(({ part }) => part)));
        const chosen = new Set([...new Set(all)].filter(() => dice.next().value));
        const taken = takeParts(into, from, Array.from(chosen, part));
        const isTaken = (change: Change) => partsOfChange(change).some((one) => chosen.has(one));
        const isPlace = ({ kind }: Change) => kind === "moved";
        expect(diffDocuments(taken, from).filter((change) => isTaken(change) && !isPlace(change))).toEqual([]);
        expect(diffDocuments(into, taken).filter((change) => !isTaken(change) && !isPlace(change))).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it("written as YAML and read as a part is the part again", () => {
    const alone = takeParts(empty, document, [part("rules:Mail in/sender"), part("policies:In")]);
    const read = readPolicyPart(writePolicyDocument(alone));
    expect(read).toEqual({ ok: true, document: alone });
    expect(takeParts(document, alone, [part("rules:Mail in/sender"), part("policies:In")])).toEqual(document);
  });

  it("leaves everything else as it is", () => {
    const other = readPolicyPart("version: 1\nlists: [{ name: executables, kind: patterns, entries: ['*.scr'] }]\n");
    const changed = takeParts(document, other.ok ? other.document : expect.fail(), [part("lists:executables")]);
    expect(changed).toEqual({ ...document, lists: [{ name: "executables", kind: "patterns", entries: ["*.scr"] }] });
  });

  it("removes what the other document lacks of them, and adds at the end what is new", () => {
    expect(takeParts(document, empty, [part("policies:Fetch")]).policies.map(({ name }) => name)).toEqual(["In"]);
    expect(takeParts(document, empty, [part("lists")]).lists).toEqual([]);
    expect(takeParts(empty, document, [part("policies:Fetch")]).policies.map(({ name }) => name)).toEqual(["Fetch"]);
  });

  it("takes the rules of a proxy action and not its limits", () => {
    const rules = takeParts(empty, document, [part("rules:Mail in/sender")]);
    const alone = rules.proxyActions[0] ?? expect.fail();
    expect(Object.keys(alone.rulesets)).toEqual(["sender"]);
    expect(alone.limits).not.toEqual(document.proxyActions[0]?.limits);
    const [mailIn] = takeParts(document, rules, [part("rules:Mail in")]).proxyActions;
    expect(mailIn).toEqual({ ...document.proxyActions[0], rulesets: alone.rulesets });
  });
});
