import type { ActionKind } from "#core/contract/action.ts";
import type { Condition, TextTest } from "#core/contract/condition.ts";
import type { FactName, Stage } from "#core/contract/facts.ts";
import type { ProxyAction } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import { type Trait, traitNames } from "#core/contract/traits.ts";

/** How much of a message waits for the verdict, and the reasons in words. nothing: it streams, only its final dot is withheld. */
export type Hold = { what: "nothing" | "header" | "parts" | "all"; why: readonly string[] };

/** What of a message has to be read, and held, for the rules and settings of a proxy action: nothing else is. */
export type ContentNeeds = {
  /** Header lines, parts, or the message as a whole are asked about. */
  header: boolean;
  attachment: boolean;
  message: boolean;
  /** The facts that content rules ask for, observing ones too. */
  facts: ReadonlySet<FactName>;
  traits: ReadonlySet<Trait>;
  /** Decoded content of parts is looked into, not only their names and types. */
  content: boolean;
  /** The sender is checked: by a rule, for the results line, or before a change is sealed. */
  senderAuth: boolean;
  hold: Hold;
};

const contentStages = ["header", "attachment", "message"] as const satisfies readonly Stage[];
/** Known from a header and the outline, without decoding. */
export const structuralTraits: ReadonlySet<Trait> = new Set([
  "ambiguous",
  "ambiguous-name",
  "deceptive-name",
  "uuencode",
  "binhex",
  "yenc",
  "tnef",
  "partial",
  "external-body",
  "signed",
  "dkim-signed",
  "spoofed",
  "several-from",
]);
export const senderFacts = [
  "spf",
  "dkim",
  "dkimDomain",
  "dmarc",
  "dmarcPolicy",
  "arc",
  "reverseName",
  "heloCheck",
] as const;
export const dnsFacts = ["dnsbl", "dnsblScore"] as const;
const contentFacts: readonly FactName[] = [
  "detectedType",
  "partBytes",
  "digest",
  "archiveEntry",
  "text",
  "url",
  "urlHost",
  "dictionary",
  "virus",
];
const partFacts: readonly FactName[] = ["fileName", "contentType", "attachmentCount", "trait", ...contentFacts];
const headerFacts: readonly FactName[] = ["from", "subject", "dictionary", "trait"];

/** What the message ruleset is told of all parts together, beside what is found of the whole; only where a rule asks. */
export const unionFacts = [
  "fileName",
  "contentType",
  "detectedType",
  "digest",
  "archiveEntry",
  "text",
  "url",
  "urlHost",
] as const satisfies readonly FactName[];

/** What the content rules and settings of a proxy action need. */
export function contentNeeds(definition: ProxyAction): ContentNeeds {
  const given: { [S in Stage]?: Ruleset | undefined } = definition.rulesets;
  const rules = contentStages.flatMap((stage) => given[stage]?.rules.filter(({ state }) => state !== "off") ?? []);
  const asked = new Asked();
  for (const rule of rules) if (rule.when !== undefined) asked.add(rule.when);
  const { facts, traits } = asked;
  const asks = (names: readonly FactName[]) => names.some((name) => facts.has(name));
  const hasScanners = definition.content.scanners.length > 0;
  const content = hasScanners || asks(contentFacts) || [...traits].some((trait) => !structuralTraits.has(trait));
  return {
    header: hasEffect(given.header) || asks(headerFacts),
    attachment: content || hasEffect(given.attachment) || asks(partFacts),
    message: hasScanners || hasEffect(given.message),
    facts,
    traits,
    content,
    senderAuth: needsSender(definition) || asks([...senderFacts, ...dnsFacts]) || traits.has("spoofed"),
    hold: holdOf(definition, given),
  };
}

/** The facts that a condition asks for. */
export function factsOf(condition: Condition): ReadonlySet<FactName> {
  const asked = new Asked();
  asked.add(condition);
  return asked.facts;
}

/** Gathers what conditions ask for. */
class Asked {
  readonly facts = new Set<FactName>();
  readonly traits = new Set<Trait>();

  add(condition: Condition): void {
    const { all = [], any = [], none = [], ...tests } = condition;
    for (const name of Object.keys(tests) as FactName[]) this.facts.add(name);
    for (const child of [...all, ...any, ...none]) this.add(child);
    if (condition.trait !== undefined) this.#addTraits(condition.trait);
  }

  #addTraits({ is, in: values }: TextTest): void {
    const named = is === undefined ? values : [is];
    const wanted = named?.map((name) => name.toLowerCase());
    for (const trait of traitNames) if (wanted?.includes(trait) ?? true) this.traits.add(trait);
  }
}

function needsSender(definition: ProxyAction): boolean {
  if (definition.protocol === "pop3") return false;
  const { results, onSignedModified } = definition.settings.senderAuth;
  return results === "add" || onSignedModified === "arc-seal";
}

const heldFor: Partial<Record<ActionKind, Hold["what"]>> = {
  "replace-part": "parts",
  lock: "parts",
  quarantine: "all",
  hold: "all",
  modify: "all",
  redirect: "all",
  copy: "all",
};
const order: readonly Hold["what"][] = ["nothing", "header", "parts", "all"];

function holdOf(definition: ProxyAction, given: { [S in Stage]?: Ruleset | undefined }): Hold {
  const wanted: { what: Hold["what"]; why: string }[] = contentStages.flatMap((stage) => {
    const ruleset = given[stage];
    if (ruleset === undefined) return [];
    const enforced: Pick<Rule, "name" | "action">[] = ruleset.rules.filter(({ state }) => state === "on");
    return [...enforced, { name: "none matched", action: ruleset.noneMatched.action }].map(({ name, action }) => {
      const stripped = stage === "header" ? "header" : "parts";
      const what = action.kind === "strip" ? stripped : (heldFor[action.kind] ?? "nothing");
      return { what, why: `rule "${name}" may ${action.kind}` };
    });
  });
  if (definition.protocol === "smtp") {
    const { messageIdHeader, senderAuth } = definition.settings;
    if (senderAuth.results === "add")
      wanted.push({ what: "all", why: "the Authentication-Results line stands on top" });
    if (senderAuth.sign !== "none") wanted.push({ what: "all", why: "the signature stands on top" });
    const isChanged = messageIdHeader === "replace" || wanted.some(({ what }) => what !== "nothing");
    if (isChanged && senderAuth.onSignedModified !== "leave")
      wanted.push({ what: "all", why: "a changed message gets a new seal or signature on top" });
  }
  const what = order.findLast((level) => wanted.some((one) => one.what === level)) ?? "nothing";
  const why = what === "nothing" ? [] : wanted.filter((one) => one.what === what).map((one) => one.why);
  return { what, why: why.slice(0, reasonsMax) };
}

const reasonsMax = 10;

function hasEffect(ruleset: Ruleset | undefined): boolean {
  if (ruleset === undefined) return false;
  return ruleset.rules.some(({ state }) => state !== "off") || ruleset.noneMatched.action.kind !== "allow";
}
