import { z } from "zod";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { type DocumentParts, documentOf, type Part, partsOf, pathOf } from "./document-parts.ts";
import { orderMoves } from "./order-moves.ts";
import { sameValue } from "./same-value.ts";

/** Right below another object, null: at the top. `position` counts from 0, for when that one is gone. */
const placeSchema = z.strictObject({ below: z.string().nullable(), position: z.number().int().nonnegative() });
type Place = z.infer<typeof placeSchema>;

/** One object of a document that is added, removed, changed or moved. */
export const documentEditSchema = z.strictObject({
  /** Where it is: `["routes"]`, `["rulesets"]`, `["rules", proxy action, stage]`; see partsOf. */
  path: z.array(z.string()),
  key: z.string(),
  /** Null: it is not there. */
  before: z.unknown(),
  after: z.unknown(),
  /** Where it stands before and after, when that changes; null where it is not there, and when it only changes. */
  placeBefore: placeSchema.nullable(),
  placeAfter: placeSchema.nullable(),
});
export type DocumentEdit = z.infer<typeof documentEditSchema>;

/** What has to be done to `before` to get `after`, an object at a time; nothing for equal documents. */
export function editsBetween(before: PolicyDocument, after: PolicyDocument): DocumentEdit[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys.flatMap((key) => editsOfPart(pathOf(key), old.get(key) ?? new Map(), now.get(key) ?? new Map()));
}

function editsOfPart(path: string[], before: Part, after: Part): DocumentEdit[] {
  const common = [...before.keys()].filter((key) => after.has(key));
  const kept = [...after.keys()].filter((key) => before.has(key));
  const moved = new Set(orderMoves(common, kept).map(({ item }) => item));
  const [oldPlaces, newPlaces] = [placesOf(before), placesOf(after)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old = null, now = null] = [before.get(key), after.get(key)];
    const placed = moved.has(key) || old === null || now === null;
    if (!placed && sameValue(old, now)) return [];
    const place = (places: Map<string, Place>) => (placed ? (places.get(key) ?? null) : null);
    return [{ path, key, before: old, after: now, placeBefore: place(oldPlaces), placeAfter: place(newPlaces) }];
  });
}

function placesOf(part: Part): Map<string, Place> {
  const keys = [...part.keys()];
  return new Map(keys.map((key, position) => [key, { below: keys[position - 1] ?? null, position }]));
}

/** What takes the edits back. */
export function inverseOf(edits: readonly DocumentEdit[]): DocumentEdit[] {
  return edits.map(({ path, key, before, after, placeBefore, placeAfter }) => ({
    path,
    key,
    before: after,
    after: before,
    placeBefore: placeAfter,
    placeAfter: placeBefore,
  }));
}

export type Applied = { ok: true; document: PolicyDocument } | { ok: false; clashes: DocumentEdit[] };

/**
 * The document with the edits. They clash where an object is not what they change (`before`), or would have no place. Places are no clash: an object
 * goes below the one it stood below, wherever that is now. Whether what comes out makes sense is for checkDocument.
 */
export function applyEdits(document: PolicyDocument, edits: readonly DocumentEdit[]): Applied {
  const parts = partsOf(document);
  const clashes = edits.filter(({ path, key, before }) => !sameValue(itemAt(parts, path, key), before));
  if (clashes.length > 0) return { ok: false, clashes };
  for (const [at, own] of Map.groupBy(edits, ({ path }) => JSON.stringify(path)))
    parts.set(at, edited(parts.get(at) ?? new Map(), own));
  const result = documentOf(parts);
  return result === null
    ? { ok: false, clashes: edits.filter(({ after }) => after !== null) }
    : { ok: true, document: result };
}

function itemAt(parts: DocumentParts, path: string[], key: string): unknown {
  return parts.get(JSON.stringify(path))?.get(key) ?? null;
}

/** Takes out what goes or moves, then puts each below the one it belongs below, that one first. */
function edited(part: Part, edits: readonly DocumentEdit[]): Part {
  const values = new Map(part);
  for (const { key, after } of edits) values.set(key, after);
  const waiting = new Map(
    edits.flatMap(({ key, placeAfter }) => (placeAfter === null ? [] : [[key, placeAfter] as const])),
  );
  const leaves = new Set(
    edits.filter(({ after, placeAfter }) => after === null || placeAfter !== null).map(({ key }) => key),
  );
  const keys = [...part.keys()].filter((key) => !leaves.has(key));
  for (const first of edits) {
    // A chain of objects that stood below each other, from the lowest up to one that stands already.
    const chain: [string, Place][] = [];
    for (let key: string | null = first.key; key !== null; ) {
      const place = waiting.get(key);
      if (place === undefined) break;
      waiting.delete(key);
      chain.push([key, place]);
      key = place.below;
    }
    for (const [key, { below, position }] of chain.toReversed()) {
      const above = below === null ? -1 : keys.indexOf(below);
      keys.splice(below !== null && above < 0 ? position : above + 1, 0, key);
    }
  }
  return new Map(keys.map((key) => [key, values.get(key)]));
}
