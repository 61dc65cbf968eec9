import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentSections, type PolicyDocument } from "#core/contract/policy-document.ts";
import { diffDocuments } from "#core/policy/diff.ts";
import { changeBetween, takeBack } from "#core/policy/document-change.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { inverseOfRenames, type Rename, renamesBetween, withRenames } from "#core/policy/renames.ts";
import { withRuleIds } from "#core/policy/rule-ids.ts";
import { documentArbitrary } from "../../support/policy-arbitrary.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
/** Making one takes much longer than comparing. */
const documents = fc.sample(documentArbitrary, { numRuns: 30, seed });
const someDocument = fc.constantFrom(...documents);

/** A document, and one of its objects under a name that is new. */
const oneRenamed = fc
  .tuple(someDocument, fc.nat(1_000))
  .filter(([document]) => documentSections.some((section) => document[section].length > 0))
  .map(([document, pick]): [PolicyDocument, Rename] => {
    const all = documentSections.flatMap((section) => document[section].map(({ name }) => ({ section, from: name })));
    const chosen = all[pick % all.length] ?? expect.fail();
    return [document, { ...chosen, to: "a name that nothing has" }];
  });

const ids = new Map<string, string>();
/** The same place has the same id whenever the fixture is read. */
function idOf(place: string): string {
  const id = ids.get(place) ?? randomUUID();
  ids.set(place, id);
  return id;
}

function read(text = policyFixture("first-message.yaml", {})): PolicyDocument {
  const result = readPolicyDocument(text);
  return withRuleIds(result.ok ? result.document : expect.fail(), idOf);
}

/** The fixture with another name wherever it stands. */
function renamed(section: Rename["section"], from: string, to: string): PolicyDocument {
  return withRenames(read(), [{ section, from, to }]);
}

const words = (before: PolicyDocument, after: PolicyDocument) => diffDocuments(before, after).map((one) => one.words);

describe(`an object under another name (seed ${seed})`, () => {
  it("is known in every section, and what names it is no change", () => {
    fc.assert(
      fc.property(oneRenamed, ([document, rename]) => {
        const after = withRenames(document, [rename]);
        expect(renamesBetween(document, after)).toEqual([rename]);
        expect(withRenames(after, inverseOfRenames([rename]))).toEqual(document);
        expect(diffDocuments(document, after)).toMatchObject([
          { kind: "renamed", at: JSON.stringify([rename.section, rename.to]) },
        ]);
      }),
    );
  });

  it("is told in words, as one change", () => {
    expect(words(read(), renamed("routes", "inside", "exchange"))).toEqual([
      'route "exchange" renamed: inside → exchange',
    ]);
    expect(words(read(), renamed("proxyActions", "Mail in", "From outside"))).toEqual([
      'proxy action "From outside" renamed: Mail in → From outside',
    ]);
  });

  it("may be changed as well, where something still names it in its place", () => {
    const { routes, ...rest } = renamed("routes", "inside", "exchange");
    const after = { ...rest, routes: routes.map((route) => ({ ...route, connectTimeoutMs: 5_000 })) };
    expect(diffDocuments(read(), { ...after, routes }).length).toBe(1);
    const changes = diffDocuments(read(), after);
    expect(changes.map(({ kind, object }) => `${kind} ${object}`)).toEqual([
      'renamed route "exchange"',
      'changed route "exchange"',
      'changed route "mailbox"',
    ]);
    expect(changes[1]?.at).toBe(changes[0]?.at);
  });

  it("is a proxy action with the same rules, and a policy of which one thing more is another", () => {
    const { proxyActions, policies, ...rest } = renamed("proxyActions", "Mail in", "From outside");
    const unused = policies.filter(({ proxyAction }) => proxyAction !== "From outside");
    const incoming = proxyActions.map((action) => ({ ...action, direction: "outgoing" as const }));
    expect(words(read(), { ...rest, policies: unused, proxyActions: incoming })).toContain(
      'proxy action "From outside" renamed: Mail in → From outside',
    );
    const off = read().policies.map((policy) =>
      policy.name === "In" ? { ...policy, name: "Entrance", enabled: false } : policy,
    );
    expect(words(read(), { ...read(), policies: off })).toEqual([
      'policy "Entrance" renamed: In → Entrance',
      'policy "Entrance" changed',
    ]);
  });

  it("is another object where nothing speaks for it", () => {
    const list = { name: "partners", kind: "domains" as const, entries: ["partner.test"] };
    const [before, after] = [
      { ...read(), lists: [...read().lists, list] },
      { ...read(), lists: [...read().lists, { ...list, name: "rivals", entries: ["rival.test"] }] },
    ];
    expect(words(before, after)).toEqual(['list "partners" removed', 'list "rivals" added']);
  });
});

describe("a change that is taken back", () => {
  it("gives the document as it was, whatever the two are", () => {
    fc.assert(
      fc.property(someDocument, someDocument, (before, after) => {
        const change: ReturnType<typeof changeBetween> = JSON.parse(JSON.stringify(changeBetween(before, after)));
        const result = takeBack(after, change);
        expect(result.ok && JSON.stringify(result.document)).toBe(JSON.stringify(before));
      }),
    );
  });

  it("gives a name back and leaves what became of the object under it since", () => {
    const after = renamed("routes", "inside", "exchange");
    const since = { ...after, routes: after.routes.map((route) => ({ ...route, connectTimeoutMs: 5_000 })) };
    const result = takeBack(since, changeBetween(read(), after));
    expect(result.ok && result.document).toEqual({
      ...read(),
      routes: read().routes.map((route) => ({ ...route, connectTimeoutMs: 5_000 })),
    });
  });

  it("clashes where the name went to another object, or the object is not there", () => {
    const after = renamed("routes", "inside", "exchange");
    const change = changeBetween(read(), after);
    const [route = expect.fail()] = read().routes;
    expect(takeBack({ ...after, routes: [...after.routes, route] }, change)).toMatchObject({
      ok: false,
      clashes: [{ path: ["routes"], key: "inside" }],
    });
    const again = withRenames(after, [{ section: "routes", from: "exchange", to: "other" }]);
    expect(takeBack(again, change)).toMatchObject({ ok: false, clashes: [{ key: "exchange" }] });
  });
});
