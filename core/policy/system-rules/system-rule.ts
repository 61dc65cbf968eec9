import type { ContentSettings } from "#core/contract/content-settings.ts";
import type { Stage } from "#core/contract/facts.ts";
import type { Policy } from "#core/contract/policy-document.ts";
import type { Scanner } from "#core/contract/scanner.ts";

/** Where it is set; null: nowhere, it is always so. `path` is dotted, within the proxy action. */
export type SettingPlace =
  | { of: "proxy action"; path: string }
  | { of: "policy" }
  | { of: "route" }
  | { of: "scanner"; name: string }
  | { of: "bans" }
  | null;

/** Something that happens whatever the rules say. */
export type SystemRule = {
  /** The ruleset that is asked after it; null: all of them were asked. */
  before: Stage | null;
  /** One sentence; `value` is what it speaks of. */
  words: string;
  value: string | number | { bytes: number } | { ms: number } | null;
  setting: SettingPlace;
};

export function always(before: Stage | null, words: string): SystemRule {
  return { before, words, value: null, setting: null };
}

export function bySetting(before: Stage | null, words: string, value: SystemRule["value"], path: string): SystemRule {
  return { before, words, value, setting: { of: "proxy action", path } };
}

/** What a connection meets before anything is said. */
export function whoMayConnect(before: Stage, { disposition }: Policy): SystemRule[] {
  const blocked: SystemRule = {
    before,
    words: "An address that is blocked is refused.",
    value: null,
    setting: { of: "bans" },
  };
  if (disposition === "allow") return [blocked];
  const words = "Every connection that this policy takes is refused: no rule is asked.";
  return [blocked, { before, words, value: disposition, setting: { of: "policy" } }];
}

const onFailureWords = {
  pass: "it counts as clean.",
  match: "rules about malware match.",
} as const;

/** What is looked into, and what becomes of a message that cannot be judged; `refused`: what it then hears. */
export function inspection(content: ContentSettings, scanners: readonly Scanner[], refused: string): SystemRule[] {
  const used = content.scanners.flatMap((name) => scanners.filter((scanner) => scanner.name === name));
  return [
    bySetting(
      "attachment",
      "A larger part is known by its name, type and size alone, and has the trait too-large.",
      { bytes: content.inspectedPartBytesMax },
      "content.inspectedPartBytesMax",
    ),
    bySetting(
      "message",
      "Of a longer text only the beginning is read, and the part has the trait too-large.",
      { bytes: content.inspectedTextBytesMax },
      "content.inspectedTextBytesMax",
    ),
    ...used.map(
      ({ name, onFailure }): SystemRule => ({
        before: "message",
        words: `When the scanner ${name} gives no verdict, ${onFailure === "tempfail" ? `the message ${refused}.` : onFailureWords[onFailure]}`,
        value: onFailure,
        setting: { of: "scanner", name },
      }),
    ),
    bySetting(
      "message",
      `Without a verdict by then the message ${refused}.`,
      { ms: content.verdictTimeoutMs },
      "content.verdictTimeoutMs",
    ),
  ];
}
