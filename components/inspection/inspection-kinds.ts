import type { InspectionKind } from "#lib/inspection/inspection-input.ts";

type Words = { path: string; title: string; singular: string; one: string; what: string; empty: string };

/** The kinds of objects that messages are looked into with, in the order of their tabs. */
export const inspectionKinds: Readonly<Record<InspectionKind, Words>> = {
  scanner: {
    path: "scanners",
    title: "Scanners",
    singular: "scanner",
    one: "Scanner",
    what: "Programs beside the workers that judge content. What they find is told to the rules; they refuse nothing by themselves.",
    empty:
      "A scanner is clamd, rspamd, SpamAssassin's spamd or an ICAP service. Proxy actions name those that see their messages.",
  },
  dictionary: {
    path: "dictionaries",
    title: "Dictionaries",
    singular: "dictionary",
    one: "Dictionary",
    what: "Words and numbers that must not leave, or must not come in. A rule asks which of them reach their threshold.",
    empty:
      "A dictionary holds words, phrases, patterns and classifiers with check digits (payment cards, IBAN …), each with a weight.",
  },
  notice: {
    path: "notices",
    title: "Notices",
    singular: "notice",
    one: "Notice",
    what: "Texts that take the place of what was removed. Without one of yours ours is used, in the language of the proxy action.",
    empty: "A notice tells the reader what was removed, why, and whom to ask.",
  },
};

export function inspectionHref(kind: InspectionKind): string {
  return `/inspection/${inspectionKinds[kind].path}`;
}

/** The kind that an address names, or null. */
export function inspectionKindOf(path: string): InspectionKind | null {
  const kinds: InspectionKind[] = ["scanner", "dictionary", "notice"];
  return kinds.find((kind) => inspectionKinds[kind].path === path) ?? null;
}
