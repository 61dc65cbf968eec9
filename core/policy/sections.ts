import type { documentSections } from "#core/contract/policy-document.ts";

/** A part of the document that is a list of named objects. */
export type Section = (typeof documentSections)[number];

/** What one of them is called. */
export const sectionNouns = {
  interfaces: "interface",
  lists: "list",
  scanners: "scanner",
  dictionaries: "dictionary",
  notices: "notice",
  routes: "route",
  proxyActions: "proxy action",
  policies: "policy",
  tests: "policy test",
} as const satisfies Readonly<Record<Section, string>>;
