import { z } from "zod";
import { momentOf } from "#core/contract/wall-clock.ts";

/** What people type into a search field; what cannot be searched for asks nothing. Postgres takes no NUL. */
export const searchTextSchema = z
  .string()
  .trim()
  .min(1)
  .max(320)
  .regex(/^[^\0]*$/)
  .nullable()
  .catch(null)
  .default(null);

/** How far back a search looks; relative, so that a copied address stays so. */
export const rangeHours = { hour: 1, day: 24, week: 168, month: 720 } as const;
export const rangeSchema = z.enum(["hour", "day", "week", "month"]).nullable().catch(null).default(null);
/** A day, of the zone that is asked with it. */
export const daySchema = z.iso.date().nullable().catch(null).default(null);

const dayMs = 86_400_000;

/** When a day begins by the clocks of a zone (null: UTC); `later`: so many days after it. */
export function dayStart(day: string, zone: string | null, later = 0): Date {
  const date = new Date(Date.parse(day) + later * dayMs).toISOString().slice(0, 10);
  return new Date(momentOf(`${date}T00:00`, zone ?? "UTC") ?? Number.NaN);
}

/** The place after which a page begins. */
type Cursor = { at: Date; id: string };

const cursorPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~([^~\0]{1,64})$/;

export function writeCursor({ at, id }: Cursor): string {
  return `${at.toISOString()}~${id}`;
}

/** Null: it is no cursor of ours. */
export function readCursor(cursor: string | null): Cursor | null {
  const [, at, id] = cursorPattern.exec(cursor ?? "") ?? [];
  return at === undefined || id === undefined || Number.isNaN(Date.parse(at)) ? null : { at: new Date(at), id };
}

/** A cursor in an address, as text; `id`: what the ids of the list look like. What is no cursor asks for the first page. */
export function cursorSchema(id: RegExp) {
  return z
    .string()
    .refine((text) => id.test(readCursor(text)?.id ?? ""))
    .nullable()
    .catch(null)
    .default(null);
}
