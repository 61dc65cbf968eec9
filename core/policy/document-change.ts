import { z } from "zod";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { type Applied, applyEdits, documentEditSchema, editsBetween, inverseOf } from "./patch.ts";
import { inverseOfRenames, type Rename, renameSchema, renamesBetween, withRenames } from "./renames.ts";

/** What makes one document of another: first the names, then the objects under their new names. */
export const documentChangeSchema = z.strictObject({
  renames: z.array(renameSchema),
  edits: z.array(documentEditSchema),
});
export type DocumentChange = z.infer<typeof documentChangeSchema>;

export function changeBetween(before: PolicyDocument, after: PolicyDocument): DocumentChange {
  const renames = renamesBetween(before, after);
  return { renames, edits: editsBetween(withRenames(before, renames), after) };
}

/** The document without the change, whatever else became of it since; clashes as applyEdits and applyRenames have them. */
export function takeBack(document: PolicyDocument, { renames, edits }: DocumentChange): Applied {
  const result = applyEdits(document, inverseOf(edits));
  return result.ok ? applyRenames(result.document, inverseOfRenames(renames)) : result;
}

/** The document with other names. They clash where the object is not there, or another has its name. */
export function applyRenames(document: PolicyDocument, renames: readonly Rename[]): Applied {
  const has = (section: Rename["section"], name: string) => document[section].some((item) => item.name === name);
  const clashes = renames.filter(({ section, from, to }) => !has(section, from) || has(section, to));
  if (clashes.length === 0) return { ok: true, document: withRenames(document, renames) };
  return {
    ok: false,
    clashes: clashes.map(({ section, from, to }) => ({
      path: [section],
      key: has(section, from) ? to : from,
      before: null,
      after: null,
      placeBefore: null,
      placeAfter: null,
    })),
  };
}
