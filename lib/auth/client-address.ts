import { isIP } from "node:net";

/**
 * The address of the browser: what the nearest HTTP server wrote last into X-Forwarded-For. That is the trusted proxy, or Next
 * itself, since without a trusted proxy nobody else's header gets here (forwarded-headers.ts). Null when there is none.
 */
export function clientAddress(headers: { get(name: string): string | null }): string | null {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  const address = last.startsWith("::ffff:") ? last.slice("::ffff:".length) : last;
  return isIP(address) === 0 ? null : address;
}
