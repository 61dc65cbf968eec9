import { momentOf, wallClock } from "#core/contract/wall-clock.ts";

/** A point in time as an `<input type="datetime-local">` takes it, by the clocks of a zone; empty for none. */
export function localInputOf(at: string | undefined, zone: string): string {
  return at === undefined ? "" : wallClock(Date.parse(at), zone).slice(0, 16);
}

/** The point in time, in UTC, that such an input holds; undefined while it is empty or incomplete. */
export function pointOfLocalInput(text: string, zone: string): string | undefined {
  const point = momentOf(text, zone);
  return point === null ? undefined : new Date(point).toISOString();
}
