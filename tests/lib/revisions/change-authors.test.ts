import { expect, test } from "vitest";
import type { Change } from "#core/policy/diff.ts";
import { countByAuthor, type EditOf } from "#lib/revisions/change-authors.ts";

function change(object: string, ...path: string[]): Change {
  return { kind: "changed", object, words: object, details: [], at: JSON.stringify(path) };
}

const list = change('list "partners"', "lists", "partners");
const rule = change('rule "b" of Mail in, sender', "rules", "Mail in", "sender", "id-1");
const route = change('route "hub"', "routes", "hub");

function edit(actor: string, object: string, id: string | null = null): EditOf {
  return { actor, object, id };
}

test("a change counts for who edited the object last, the newest first", () => {
  const edits = [edit("Mara", 'list "partners"'), edit("Pia", 'route "hub"'), edit("Pia", 'list "partners"')];
  expect(countByAuthor([route, list], edits)).toEqual([
    { name: "Mara", changes: 1 },
    { name: "Pia", changes: 1 },
  ]);
});

test("a rule is known by its id, whatever it was called when it was edited", () => {
  const edits = [edit("Mara", "the draft"), edit("Pia", 'rule "a" of Mail in, sender', "id-1")];
  expect(countByAuthor([rule], edits.toReversed())).toEqual([{ name: "Pia", changes: 1 }]);
});

test("an import takes everything before it; who has nothing left is not named", () => {
  const edits = [edit("Mara", "the draft"), edit("Pia", 'list "partners"')];
  expect(countByAuthor([list, rule], edits)).toEqual([{ name: "Mara", changes: 2 }]);
});

test("what nobody is known to have edited counts for the first who edited anything", () => {
  expect(countByAuthor([list, route], [edit("Pia", 'route "hub"'), edit("Mara", 'policy "In"')])).toEqual([
    { name: "Pia", changes: 1 },
    { name: "Mara", changes: 1 },
  ]);
  expect(countByAuthor([list], [])).toEqual([]);
});
