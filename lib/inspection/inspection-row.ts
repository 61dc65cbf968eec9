import { definitionFromRow } from "#lib/revisions/draft-document.ts";

type Row = { kind: string; name: string; definition: unknown };

/** A row in the form of its input, not yet parsed. */
export function inspectionFromRow({ kind, ...row }: Row): object {
  return { kind, object: definitionFromRow(row) };
}
