import type { SmtpSettings } from "#core/contract/smtp-settings.ts";
import type { Reply } from "#core/smtp/reply.ts";

const passedLinesMax = 10;

/** By class and subject of the enhanced code (RFC 3463 §3), the subject 0 for replies without one. */
const ownTexts: Record<"2" | "4" | "5", readonly string[]> = {
  "2": ["OK"],
  "4": [
    "Not done now; try again later",
    "The address is not taken now; try again later",
    "The mailbox does not take mail now; try again later",
    "The mail system does not take mail now; try again later",
    "The message cannot be carried on now; try again later",
    "The command was not carried out; try again later",
    "The content is not taken now; try again later",
    "Not allowed now; try again later",
  ],
  "5": [
    "Refused",
    "The address is refused",
    "The mailbox does not take the message",
    "The mail system does not take the message",
    "The message cannot be carried on",
    "The command was not carried out",
    "The content is refused",
    "Refused by policy",
  ],
};

/**
 * An upstream's reply for our client. 421 means that it closes, not we (RFC 5321 §3.8). Hidden: its codes with our text, by class, so
 * that no name, address or software of the inside is told; else its own text, of which only printable ASCII goes out.
 */
export function passedOn(said: Reply, { hideServerReplies }: Pick<SmtpSettings, "hideServerReplies">): Reply {
  const closes = said.code === 421;
  const code = closes ? 451 : said.code;
  const enhanced = closes ? (said.enhanced ?? "4.3.2") : said.enhanced;
  if (!hideServerReplies) return { code, enhanced, lines: said.lines.slice(0, passedLinesMax) };
  return { code, enhanced, lines: [ownText(code, enhanced)] };
}

function ownText(code: number, enhanced: string | null): string {
  const group = code < 400 ? "2" : code < 500 ? "4" : "5";
  const [, subject = "0"] = enhanced?.split(".") ?? [];
  const texts = ownTexts[group];
  return texts[Number(subject)] ?? texts[0] ?? "";
}
