/** A point in time as an `<input type="datetime-local">` takes it, in the time zone of this runtime; empty for none. */
export function localInputOf(at: string | undefined): string {
  if (at === undefined) return "";
  const point = new Date(at);
  const shifted = new Date(point.getTime() - point.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The point in time, in UTC, that such an input holds; undefined while it is empty or incomplete. */
export function pointOfLocalInput(text: string): string | undefined {
  const point = new Date(text);
  return text === "" || Number.isNaN(point.getTime()) ? undefined : point.toISOString();
}
