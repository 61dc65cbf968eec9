import type { Ruleset } from "#core/contract/rule.ts";
import { documentDigest } from "#lib/revisions/sign.ts";

/** 48 bits, which a number holds exactly. */
const digitsOfHex = 12;

/** The version of a ruleset as a whole: another number whenever a rule, their order or the default is another. */
export function rulesetVersion(
  rules: readonly { id: string; version: number }[],
  noneMatched: Ruleset["noneMatched"],
): number {
  const text = JSON.stringify([rules.map(({ id, version }) => [id, version]), noneMatched]);
  return Number.parseInt(documentDigest(text).slice(0, digitsOfHex), 16);
}
