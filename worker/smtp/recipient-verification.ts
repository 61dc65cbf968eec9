import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { verificationMode } from "#core/policy/verification-mode.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { CheckFailure } from "./envelope-checks.ts";
import { domainReadings } from "./envelope-facts.ts";
import { guarded, type TransactionOptions } from "./transaction-options.ts";

/** Whether the recipient, as it goes out, exists, for a message that its server is not asked about now; null: it may pass. */
export function verifyRecipient(
  options: TransactionOptions,
  route: SmtpRoute,
  mailbox: Mailbox,
  done: (failure: CheckFailure | null) => void,
): void {
  const { admission, definition, governing } = options;
  const { recipientVerification: terms } = definition.settings;
  const mode = verificationMode(definition);
  switch (mode) {
    case "none":
      return done(null);
    case "list": {
      const listsRecipient = governing.policy.action.envelope?.listsRecipient ?? null;
      const spellings = [mailbox.address, ...domainReadings(mailbox.domain).map((domain) => spelled(mailbox, domain))];
      if (listsRecipient === null || spellings.some(listsRecipient)) return done(null);
      return done({ reply: replies.unknownRecipient, cause: `recipientVerification: not in the list "${terms.list}"` });
    }
    case "callout":
      return admission.services.callouts.ask(
        route,
        mailbox.address,
        terms,
        guarded(options, (finding) => {
          if (finding === "exists" || (finding === "unclear" && terms.whenUnknown === "accept")) return done(null);
          if (finding === "unclear") {
            return done({
              reply: replies.recipientUnverified,
              cause: "recipientVerification: the server cannot tell now",
            });
          }
          done({ reply: replies.unknownRecipient, cause: "recipientVerification: the server does not know it" });
        }),
      );
    default:
      return mode satisfies never;
  }
}

/** What the route's server said to RCPT while the client waited is worth a callout. */
export function learnRecipient(
  { admission, definition }: TransactionOptions,
  route: SmtpRoute,
  address: string,
  said: Reply,
): void {
  const { recipientVerification: terms } = definition.settings;
  // Servers refuse a sender at RCPT too: without an enhanced code it could be about this one, and whoever writes next would pay for it.
  if (said.code >= 400 && said.enhanced === null) return;
  if (verificationMode(definition) === "callout") admission.services.callouts.learn(route, address, said, terms);
}

function spelled({ address }: Mailbox, domain: string): string {
  return `${address.slice(0, address.lastIndexOf("@"))}@${domain}`;
}
