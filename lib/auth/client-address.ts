import { isIP } from "node:net";

/**
 * The address of the browser: what the nearest HTTP server wrote last into X-Forwarded-For (Next itself when it is asked
 * directly). Null when there is none. A hint for the audit log and the throttle, not a proof.
 */
export function clientAddress(headers: { get(name: string): string | null }): string | null {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  const address = last.startsWith("::ffff:") ? last.slice("::ffff:".length) : last;
  return isIP(address) === 0 ? null : address;
}
