import { domainToASCII } from "node:url";
import type { MessageEvent } from "#core/contract/event.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import { rewritten } from "#core/policy/rewrite.ts";
import { asksToRelay, type Mailbox, readPath } from "#core/smtp/path.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { domainReadings } from "./envelope-facts.ts";

export type EnvelopeChange = NonNullable<MessageEvent["envelopeChanges"]>[number];

/** What an action made of one address. `mailboxes` is the address itself where nothing applied; `copy` gets the message too. */
export type Readdressed =
  | { ok: true; mailboxes: Mailbox[]; copy: Mailbox | null; changes: EnvelopeChange[] }
  | { ok: false; reply: Reply; cause: string };

/**
 * Applies rewrite, redirect or copy to an address as it was received. What comes out is read as a path again: it is sent only in the
 * spelling that was judged, and never when it is no mailbox, asks the next server to relay, or needs an SMTPUTF8 that MAIL did not have.
 */
export function readdress(
  { action, rule }: Pick<StageDecision, "action" | "rule">,
  what: "sender" | "recipient",
  mailbox: Mailbox,
  smtpUtf8: boolean,
): Readdressed {
  const texts = newAddresses(action, mailbox);
  const by = { ruleId: rule?.id ?? "", ruleName: rule?.name ?? "none matched" };
  const changes: EnvelopeChange[] = [];
  const mailboxes: Mailbox[] = [];
  for (const text of texts ?? []) {
    const read = readAddress(text, smtpUtf8);
    if ("cause" in read) return { ok: false, reply: read.reply, cause: madeBy(by.ruleName, what, read.cause) };
    mailboxes.push(read);
    if (read.address !== mailbox.address) changes.push({ what, from: mailbox.address, to: read.address, ...by });
  }
  const copy = action.kind === "copy" ? readAddress(action.to, smtpUtf8) : null;
  if (copy !== null && "cause" in copy) {
    return { ok: false, reply: copy.reply, cause: madeBy(by.ruleName, "copy", copy.cause) };
  }
  if (copy !== null) changes.push({ what: "copy", from: mailbox.address, to: copy.address, ...by });
  return { ok: true, mailboxes: texts === null ? [mailbox] : mailboxes, copy, changes };
}

function newAddresses(action: StageDecision["action"], { address, domain }: Mailbox): string[] | null {
  if (action.kind === "redirect") return [action.to];
  return action.kind === "rewrite" ? rewritten(action, { address, domains: domainReadings(domain) }) : null;
}

function madeBy(ruleName: string, what: string, cause: string): string {
  return `the ${what} that rule "${ruleName}" made ${cause}`;
}

/** Reads an address that stands in a policy or came out of a rewrite. */
function readAddress(text: string, smtpUtf8: boolean): Mailbox | { reply: Reply; cause: string } {
  // A source route would be forgotten, and with it a part of what the rule wrote.
  const read = text.startsWith("@") ? null : readPath(`<${text}>`);
  if (read === null || !read.ok || read.rest !== "" || read.mailbox === null || read.mailbox.domain === "") {
    return { reply: replies.localError, cause: `is no mailbox: ${text}` };
  }
  if (asksToRelay(read.mailbox)) return { reply: replies.relayDenied, cause: `asks to relay: ${text}` };
  const mailbox = read.utf8 && !smtpUtf8 ? inAscii(read.mailbox) : read.mailbox;
  if (mailbox !== null) return mailbox;
  return { reply: replies.localError, cause: `needs SMTPUTF8, which the message does not have: ${text}` };
}

/** RFC 6531 §3.7.1: a domain has a form in ASCII, a local part has none. */
function inAscii({ address }: Mailbox): Mailbox | null {
  const at = address.lastIndexOf("@");
  const read = readPath(`<${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}>`);
  return read.ok && !read.utf8 ? read.mailbox : null;
}
