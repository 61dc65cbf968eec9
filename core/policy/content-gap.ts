import type { Dictionary } from "#core/contract/dictionary.ts";
import type { FactName } from "#core/contract/facts.ts";
import { type Trait, traitNames } from "#core/contract/traits.ts";
import type { CompiledProxyAction } from "./compile.ts";
import type { Unknown } from "./compile-condition.ts";
import { dnsFacts, senderFacts, structuralTraits } from "./content-needs.ts";

const textFacts: readonly FactName[] = ["text", "url", "urlHost", "dictionary"];
/** For every other trait files are looked into to their end. */
const notOfFiles: ReadonlySet<Trait> = new Set([...structuralTraits, "type-mismatch", "link-mismatch", "too-large"]);
/** They say that something was not looked into as far as it was to be. */
const lookTraits: readonly Trait[] = ["too-large", "uninspectable", "ambiguous", "encrypted"];
const scannerFacts = ["virus", "spamScore", "spamAction", "spamSymbol"] as const;

/** A proxy action, with the dictionaries of its document. */
export type ContentJudge = { action: CompiledProxyAction; dictionaries: readonly Dictionary[] };
type Looks = ReturnType<typeof looksOf>;

/**
 * What the rules of one proxy action ask about the content of a message that another has judged, as far as nobody can know it: the
 * other did not look for it, or looked in another way. Values that stand here may be there or not, whatever was told.
 */
export function contentGap(
  { action: before, dictionaries: oldDictionaries }: ContentJudge,
  { action: now, dictionaries }: ContentJudge,
): Unknown {
  const gap = new Map<FactName, readonly string[] | null>();
  const unknown = (...names: readonly FactName[]): void => {
    for (const name of names) gap.set(name, null);
  };
  const [old, wanted] = [looksOf(before), looksOf(now)];
  const isSame = (...what: (keyof Looks)[]) => what.every((one) => old[one] === wanted[one]);
  if (!old.content) unknown("detectedType", "partBytes", "digest");
  if (!isSame("files")) unknown("detectedType");
  if (!old.files || !isSame("limits")) unknown("archiveEntry");
  if (!old.texts || !isSame("limits")) unknown(...textFacts);
  if (!isSame("scanners")) unknown(...scannerFacts);
  unknown(...senderFacts.filter((name) => !before.needs.facts.has(name)));
  unknown(...dnsFacts.filter((name) => !isSame("dnsbls") || !before.needs.facts.has(name)));
  if (!before.needs.facts.has("dictionary")) unknown("dictionary");
  else if (!gap.has("dictionary")) gap.set("dictionary", changed(oldDictionaries, dictionaries));
  gap.set("trait", unknownTraits(isSame));
  return new Map([...gap].filter(([name]) => now.needs.facts.has(name)));
}

function unknownTraits(isSame: (...what: (keyof Looks)[]) => boolean): Trait[] {
  const unknown = new Set<string>();
  const add = (traits: readonly string[]): void => {
    for (const trait of traits) unknown.add(trait);
  };
  if (!isSame("content", "files", "texts", "scanners", "limits")) add(lookTraits);
  // What is not looked for now would not be there either.
  if (!isSame("files", "limits")) add(traitNames.filter(isOfFiles));
  if (!isSame("content", "files")) add(["type-mismatch"]);
  if (!isSame("texts", "limits")) add(["link-mismatch"]);
  if (!isSame("spoofed", "ownDomains")) add(["spoofed"]);
  return traitNames.filter((trait) => unknown.has(trait));
}

function isOfFiles(trait: Trait): boolean {
  return !notOfFiles.has(trait);
}

/** The names of dictionaries that are not the same in both. */
function changed(before: readonly Dictionary[], now: readonly Dictionary[]): string[] {
  const texts = (given: readonly Dictionary[]) => new Map(given.map((one) => [one.name, JSON.stringify(one)]));
  const [old, wanted] = [texts(before), texts(now)];
  return [...new Set([...old.keys(), ...wanted.keys()])].filter((name) => old.get(name) !== wanted.get(name));
}

/** How a proxy action looks into messages, each as a value to compare. */
function looksOf({ definition, needs: { facts, traits, content }, content: { scanners } }: CompiledProxyAction) {
  const { inspectedPartBytesMax, inspectedTextBytesMax } = definition.content;
  const auth = definition.protocol === "smtp" ? definition.settings.senderAuth : null;
  return {
    content,
    files: facts.has("archiveEntry") || [...traits].some(isOfFiles),
    texts: textFacts.some((name) => facts.has(name)) || traits.has("link-mismatch"),
    limits: `${inspectedPartBytesMax} ${inspectedTextBytesMax}`,
    scanners: JSON.stringify(scanners),
    dnsbls: JSON.stringify(auth?.dnsbls),
    spoofed: traits.has("spoofed"),
    ownDomains: JSON.stringify(auth?.ownDomains),
  };
}
