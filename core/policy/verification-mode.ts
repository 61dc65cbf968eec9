import type { SmtpProxyAction } from "#core/contract/policy-document.ts";

type Mode = SmtpProxyAction["settings"]["recipientVerification"]["mode"];

/** How recipients are verified: `auto` by the direction of the mail. */
export function verificationMode({
  direction,
  settings,
}: Pick<SmtpProxyAction, "direction" | "settings">): Exclude<Mode, "auto"> {
  const { mode } = settings.recipientVerification;
  if (mode !== "auto") return mode;
  return direction === "incoming" ? "callout" : "none";
}
