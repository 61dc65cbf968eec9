import { type Rule, ruleSchema } from "#core/contract/rule.ts";
import { macroFileNames, runnableFileNames } from "./file-names.ts";
import type { RequiredList } from "./preset.ts";

type Written = Parameters<typeof ruleSchema.parse>[0];

function rule(written: Written): Rule {
  return ruleSchema.parse({ log: true, ...(written as object) });
}

export const ourDomains: RequiredList = {
  name: "our domains",
  kind: "domains",
  what: "The domains that you receive mail for, without subdomains that you do not use.",
  entries: [],
};
export const runnableFiles: RequiredList = {
  name: "runnable files",
  kind: "patterns",
  what: "Names of files that run when they are opened.",
  entries: runnableFileNames,
};
export const macroDocuments: RequiredList = {
  name: "macro documents",
  kind: "patterns",
  what: "Names of documents that carry programs.",
  entries: macroFileNames,
};

/** No mail server calls itself that. RFC 5321 §4.1.4 forbids refusing a name that merely does not match the address. */
export const nonsenseGreeting = rule({
  name: "nonsense in the greeting",
  when: { any: [{ helo: { pattern: "[^-.0-9A-Za-z_:\\[\\]]" } }, { helo: { pattern: "^.{256,}$" } }] },
  action: { deny: { code: 501, enhanced: "5.5.4", text: "A host name or an address literal is needed" } },
});

/** Who comes from outside and says to be us. Deliver your own services' mail through another policy, or let them pass above this rule. */
export const ownDomainFromOutside = rule({
  name: "our domain from outside",
  when: { senderDomain: { inList: ourDomains.name } },
  action: { deny: { code: 550, enhanced: "5.7.1", text: "Our own domain does not send from outside" } },
});

/** A sender that carries routing of its own (RFC 5321 appendix F.2); nothing else about characters: RFC 6531 allows all letters. */
export const routedSender = rule({
  name: "routing in the sender",
  when: { sender: { pattern: "[%!][^@]*@" } },
  action: { deny: { code: 553, enhanced: "5.1.7", text: "Bad sender address" } },
});

/** The firewall is no open relay: what enters is for us. */
export const onlyOurRecipients = rule({
  name: "not for our domains",
  when: { none: [{ recipientDomain: { inList: ourDomains.name } }, { recipient: { is: "postmaster" } }] },
  action: { deny: { code: 550, enhanced: "5.7.1", text: "Relaying is refused" } },
});

/** What leaves is from us, or a notice (the null sender, RFC 5321 §4.5.5). */
export const onlyOurSenders = rule({
  name: "sender of another domain",
  when: { none: [{ senderDomain: { inList: ourDomains.name } }, { sender: { is: "" } }] },
  action: { deny: { code: 550, enhanced: "5.7.1", text: "Only our own domains send from here" } },
});

export const runnableAttachment = rule({
  name: "runnable files",
  when: { fileName: { inList: runnableFiles.name } },
  action: {
    deny: { code: 554, enhanced: "5.7.1", text: "Files of this kind are refused; send a link, or ask the recipient" },
  },
});

/** `invoice.pdf.html`, writing that runs backwards, and names that end in blanks or dots so that the ending is not seen. */
export const disguisedName = rule({
  name: "disguised file names",
  when: {
    any: [
      {
        fileName: {
          pattern: "(?i)\\.(?:pdf|docx?|xlsx?|pptx?|txt|jpe?g|png|gif|mp[34])\\s*\\.(?:s?html?|xhtml|mht|mhtml|svg)$",
        },
      },
      { fileName: { pattern: "[\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]" } },
      { fileName: { pattern: "\\.[a-zA-Z0-9]{2,4}[ .]+$" } },
    ],
  },
  action: { deny: { code: 554, enhanced: "5.7.1", text: "The name of an attachment hides what it is" } },
});

export const macroAttachment = rule({
  name: "macro documents",
  when: { fileName: { inList: macroDocuments.name } },
  action: { deny: { code: 554, enhanced: "5.7.1", text: "Documents with macros are refused" } },
});

/** Watched before it is enforced. */
export function observed(watched: Rule): Rule {
  return { ...watched, state: "observe" };
}
