import type { QueueCause } from "#core/contract/queue.ts";
import type { Reply } from "#core/smtp/reply.ts";
import type { SendFailure } from "../upstream/smtp-send.ts";

const greylistWords = /gr[ae]y-?list/i;
const rateWords = /\brate\b|\brate-?limit|\bthrottl|\btoo (?:many|fast|frequent)/i;
const fullWords = /\bquota\b|\b(?:mailbox|inbox)\b.{0,40}\bfull\b/i;

const causes: Readonly<Record<Exclude<SendFailure["kind"], "reply">, QueueCause>> = {
  unreachable: "unreachable",
  timeout: "timeout",
  dns: "dns",
  tls: "tls",
  auth: "auth",
  protocol: "protocol",
  lost: "protocol",
  "refused-4xx": "busy",
  "refused-5xx": "refused",
  "no-mail": "refused",
  unreadable: "disk",
  "no-route": "no-route",
};

/** Why a recipient does not have the message, in one word. */
export function queueCause({ kind, answer }: SendFailure): QueueCause {
  const isAnswer = kind === "reply" || kind === "refused-4xx" || kind === "refused-5xx" || kind === "lost";
  if (isAnswer && answer !== null) return causeOfReply(answer);
  return kind === "reply" ? "protocol" : causes[kind];
}

/** RFC 3463 §3; servers differ in codes more than in words. */
function causeOfReply({ code, enhanced, lines }: Reply): QueueCause {
  const text = lines.join(" ");
  // What is neither a yes nor a no is not SMTP.
  if (code < 400) return "protocol";
  if (enhanced?.endsWith(".2.2") === true || (enhanced === null && fullWords.test(text))) return "mailbox-full";
  if (code >= 500) return "refused";
  if (greylistWords.test(text)) return "greylisted";
  // 4.5.3 is about one transaction: the others go in the next (RFC 5321 §4.5.3.1.10). 4.7.28: X.7.28 is a rate of RFC 7372's registry.
  if (enhanced !== "4.5.3" && (enhanced === "4.7.28" || rateWords.test(text))) return "rate";
  return enhanced === "4.7.1" ? "greylisted" : "busy";
}
