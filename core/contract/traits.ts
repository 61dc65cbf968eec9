/**
 * What is special about a part, or about a message. The fact `trait` has one reading for each: at the attachment stage those of the
 * part, at the message stage those of every part and of the message itself.
 */
export const traits = {
  // Names and structure.
  ambiguous: "Mail readers would see different parts, names or contents.",
  "ambiguous-name": "Its file name can be read in several ways.",
  "deceptive-name":
    "Its file name hides what it is: direction marks, invisible characters, blanks, a second extension.",
  uuencode: "A uuencoded file inside a text.",
  binhex: "A BinHex file.",
  yenc: "A yEnc file inside a text.",
  tnef: "An Outlook container (winmail.dat).",
  partial: "A piece of a message (message/partial): the whole can be inspected nowhere.",
  "external-body": "Its content is fetched from somewhere else when it is opened.",
  signed: "Signed by its author (S/MIME, OpenPGP).",
  // Content.
  encrypted: "Encrypted, or a password is needed: it cannot be looked into.",
  executable: "A program.",
  script: "A script that the system would run.",
  archive: "An archive.",
  "archive-too-complex": "An archive that passes a cap of depth, count, ratio or size: not looked into to its end.",
  "archive-damaged": "An archive that cannot be read to its end.",
  "archive-unread": "An archive whose format or packing is not read: known by names and sizes only.",
  "archive-disagreement": "An archive whose two directories name different content.",
  macros: "A document with macros.",
  "auto-macros": "A document whose macros run when it is opened.",
  "embedded-object": "A document with a file or program inside.",
  "external-template": "A document that loads a template from elsewhere when it is opened.",
  dde: "A document that starts a program through a field (DDE).",
  "pdf-javascript": "A PDF with JavaScript.",
  "pdf-launch": "A PDF that starts a program.",
  "pdf-open-action": "A PDF that does something when it is opened.",
  "pdf-embedded-file": "A PDF with a file inside.",
  "svg-script": "An image that runs a script.",
  "html-script": "HTML with a script.",
  "html-form": "HTML with a form that sends what is typed.",
  "type-mismatch": "Its content is not of the type that it is declared to be.",
  "link-mismatch": "A link that shows another host than it leads to.",
  "too-large": "Larger than what is looked into.",
  uninspectable: "The inspection failed or took too long.",
  // The message as a whole.
  "dkim-signed": "The message has a DKIM signature.",
  spoofed: "It says to come from a domain of ours and nothing proves it.",
  "several-from": "It names several authors.",
} as const satisfies Record<string, string>;

export type Trait = keyof typeof traits;
export const traitNames = Object.keys(traits) as Trait[];
