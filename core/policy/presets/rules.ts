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

/** By its content, whatever it is called; a program in an archive, too. */
export const runnableContent = rule({
  name: "runnable content",
  when: { any: [{ trait: { in: ["executable", "script"] } }, { archiveEntry: { inList: runnableFiles.name } }] },
  action: {
    deny: {
      code: 554,
      enhanced: "5.7.1",
      text: "Programs are refused, also in archives; send a link, or ask the recipient",
    },
  },
});

/** What cannot be looked into, or is read in several ways by mail programs: whoever sends it may hide anything in it. */
export const unclearContent = rule({
  name: "content that cannot be looked into",
  when: {
    trait: {
      in: [
        "ambiguous",
        "archive-too-complex",
        "archive-disagreement",
        "too-large",
        "uninspectable",
        "partial",
        "external-body",
      ],
    },
  },
  action: { deny: { code: 554, enhanced: "5.6.0", text: "The structure of the message cannot be inspected" } },
});

/** Kept, so that an operator can hand it out: many documents with macros are honest ones. */
export const activeDocument = rule({
  name: "documents that run something",
  when: {
    trait: {
      in: ["macros", "auto-macros", "dde", "external-template", "pdf-javascript", "pdf-launch", "svg-script"],
    },
  },
  action: "lock",
});

/** Only has an effect where a scanner is named in the settings. */
export const foundMalware = rule({
  name: "malware",
  when: { virus: { like: "*" } },
  action: { quarantine: { cause: "malware" } },
  alarm: true,
});

export const spam = rule({
  name: "spam",
  when: { spamAction: { in: ["reject", "spam"] } },
  action: { quarantine: { cause: "spam" } },
});

export const likelySpam = rule({
  name: "likely spam",
  when: { spamAction: { in: ["add header", "rewrite subject"] } },
  action: { modify: { tag: "[SPAM?]", headers: [{ do: "add", name: "X-Spam-Score", value: "%(score)%" }] } },
});

/** The domain's owner asks for it (RFC 7489 §6.3). */
export const unauthenticated = rule({
  name: "refused by the sender's DMARC policy",
  when: { dmarc: { is: "fail" }, dmarcPolicy: { in: ["quarantine", "reject"] } },
  action: { quarantine: { cause: "authentication" } },
});

/** Watched before it is enforced. */
export function observed(watched: Rule): Rule {
  return { ...watched, state: "observe" };
}
