/** What the sender wants to hear about one recipient (RFC 3461 §4.1). */
export type Notify = { success: boolean; failure: boolean; delay: boolean };

/** Of the parameters of RCPT; without NOTIFY it is failures, and delays as the server thinks right. */
export function notifyOf(parameters: readonly string[]): Notify {
  const value = valueOf("NOTIFY", parameters);
  if (value === null) return { success: false, failure: true, delay: true };
  const wanted = value.toUpperCase().split(",");
  return { success: wanted.includes("SUCCESS"), failure: wanted.includes("FAILURE"), delay: wanted.includes("DELAY") };
}

/** ORCPT of RCPT (RFC 3461 §4.2) as a report has it, `rfc822;user@example.com`; null: not given. */
export function originalRecipientOf(parameters: readonly string[]): string | null {
  const value = valueOf("ORCPT", parameters);
  return value === null ? null : decodeXtext(value);
}

/** ENVID of MAIL (RFC 3461 §4.4), decoded; null: not given. */
export function envelopeIdOf(parameters: readonly string[]): string | null {
  const value = valueOf("ENVID", parameters);
  return value === null ? null : decodeXtext(value);
}

/** Whether a report of failure is to bring the whole message back (RFC 3461 §4.3). */
export function returnsWhole(parameters: readonly string[]): boolean {
  return valueOf("RET", parameters)?.toUpperCase() === "FULL";
}

function valueOf(keyword: string, parameters: readonly string[]): string | null {
  const found = parameters.find((parameter) => parameter.slice(0, keyword.length + 1).toUpperCase() === `${keyword}=`);
  return found?.slice(keyword.length + 1) ?? null;
}

/** RFC 3461 §4: what stands for control characters stays as it is. */
function decodeXtext(text: string): string {
  return text.replace(/\+([2-7][0-9A-F])/g, (whole, hex: string) =>
    hex === "7F" ? whole : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
