import type { QueueRow } from "#lib/queue/queries.ts";

/** Where a message stands among those that are listed. */
export type Place = {
  /** Of the first: 1. */
  position: number;
  count: number;
  /** Ids; null: there is none on this page. */
  previous: string | null;
  next: string | null;
};

/** Null: the message is not listed here. */
export function placeOf(rows: readonly Pick<QueueRow, "id">[], id: string): Place | null {
  const index = rows.findIndex((row) => row.id === id);
  if (index < 0) return null;
  const previous = rows[index - 1]?.id ?? null;
  return { position: index + 1, count: rows.length, previous, next: rows[index + 1]?.id ?? null };
}
