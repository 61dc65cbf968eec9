import type { AutoBanCause, SmtpSettings } from "#core/contract/smtp-settings.ts";
import type { Bans } from "../services.ts";

/**
 * Refuses `address` for a while where the proxy action's autoBan names the cause. `words` say what happened ("20 errors in one session").
 * Gives the words for the session's event, which tell of the ban when there is one.
 */
export function banFor(
  cause: AutoBanCause,
  words: string,
  address: string,
  { autoBan }: Pick<SmtpSettings, "autoBan">,
  bans: Bans,
): string {
  if (!autoBan.on.includes(cause)) return words;
  bans.ban(address, { minutes: autoBan.minutes, reason: `limit: ${words}`, by: "limit" });
  return `${words}; the source is blocked for ${autoBan.minutes} minutes`;
}
