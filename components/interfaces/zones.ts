import type { Interface } from "#core/contract/policy-document.ts";

/** What each kind of zone means. */
export const zoneWords: Record<Interface["zone"], { label: string; help: string }> = {
  external: { label: "External", help: "The internet, or anything that is not trusted." },
  trusted: { label: "Trusted", help: "The inside: mail servers and people of ours." },
  optional: { label: "Optional", help: "A network of its own, for example a DMZ." },
  custom: { label: "Custom", help: "Anything else; it is known by its name alone." },
};
