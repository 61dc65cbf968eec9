import { zoneSchema } from "#core/contract/wall-clock.ts";

export const zoneCookie = "postern-zone";

/** The zone whose clocks a cookie asks for: the browser's, when it was chosen; else UTC. */
export function readZone(value: string | undefined): string {
  return zoneSchema.parse(value);
}
