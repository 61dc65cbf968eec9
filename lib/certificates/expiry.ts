/** From then on a person should renew it. */
export const expiryWarningMs = 14 * 86_400_000;

/** ends: it is valid for less than two weeks. early: its time has not come. */
export type Validity = "valid" | "ends" | "expired" | "early";

/** How a certificate stands at `now`. Both times are ISO 8601. */
export function validityAt({ validFrom, validTo }: { validFrom: string; validTo: string }, now: Date): Validity {
  const left = Date.parse(validTo) - now.getTime();
  if (left <= 0) return "expired";
  if (Date.parse(validFrom) > now.getTime()) return "early";
  return left <= expiryWarningMs ? "ends" : "valid";
}
