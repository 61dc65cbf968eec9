import { type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import {
  documentSections,
  type PolicyDocument,
  type ProxyAction,
  proxyActionSchema,
} from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import type { Section } from "./sections.ts";

const stages: readonly Stage[] = Object.values(stagesByProtocol).flat();

/** `name` null: the whole section. `stage` null: all rulesets of the proxy action. */
export type DocumentPart =
  | { kind: "section"; section: Section; name: string | null }
  | { kind: "rules"; proxyAction: string; stage: Stage | null };

/** Reads `lists`, `lists:partners`, `rules:Mail in` or `rules:Mail in/sender`; null for anything else. */
export function parsePart(text: string): DocumentPart | null {
  const [, noun = "", , name] = /^([A-Za-z]+)(:(.+))?$/s.exec(text) ?? [];
  const section = documentSections.find((known) => known === noun);
  if (section !== undefined) return { kind: "section", section, name: name ?? null };
  if (noun !== "rules" || name === undefined) return null;
  // A proxy action may have a slash in its name, a stage has none.
  const slash = name.lastIndexOf("/");
  const stage = stages.find((known) => known === name.slice(slash + 1));
  return slash > 0 && stage !== undefined
    ? { kind: "rules", proxyAction: name.slice(0, slash), stage }
    : { kind: "rules", proxyAction: name, stage: null };
}

/** `into` with these parts as `from` has them: what `from` lacks goes away, what is new comes last. Not checked. */
export function takeParts(into: PolicyDocument, from: PolicyDocument, parts: readonly DocumentPart[]): PolicyDocument {
  return parts.reduce(
    (document, part) => (part.kind === "rules" ? takeRules : takeSection)(document, from, part),
    into,
  );
}

function takeSection(into: PolicyDocument, from: PolicyDocument, part: DocumentPart): PolicyDocument {
  if (part.kind !== "section") return into;
  const { section, name } = part;
  if (name === null) return { ...into, [section]: from[section] };
  return { ...into, [section]: withNamed<{ name: string }>(into[section], from[section], name) };
}

function withNamed<T extends { name: string }>(into: readonly T[], from: readonly T[], name: string): T[] {
  const taken = from.find((item) => item.name === name);
  if (taken === undefined) return into.filter((item) => item.name !== name);
  return into.some((item) => item.name === name)
    ? into.map((item) => (item.name === name ? taken : item))
    : [...into, taken];
}

function takeRules(into: PolicyDocument, from: PolicyDocument, part: DocumentPart): PolicyDocument {
  if (part.kind !== "rules") return into;
  const taken = from.proxyActions.find(({ name }) => name === part.proxyAction);
  if (taken === undefined) return into;
  const present = into.proxyActions.find(({ name }) => name === taken.name) ?? withoutSettings(taken);
  const rulesets = part.stage === null ? taken.rulesets : withStage(present, taken, part.stage);
  // Of the other protocol the stages are others: the check says so.
  const changed = { ...present, rulesets } as ProxyAction;
  return { ...into, proxyActions: withNamed(into.proxyActions, [changed], taken.name) };
}

function withoutSettings({ name, protocol, direction }: ProxyAction): ProxyAction {
  return proxyActionSchema.parse({ name, protocol, direction });
}

function withStage(present: ProxyAction, taken: ProxyAction, stage: Stage): object {
  const byStage: Partial<Record<Stage, Ruleset | undefined>> = taken.rulesets;
  const { [stage]: _, ...others }: Partial<Record<Stage, Ruleset | undefined>> = present.rulesets;
  return byStage[stage] === undefined ? others : { ...others, [stage]: byStage[stage] };
}

export type NamedParts = { section: Section | "rules"; parts: { part: string; name: string }[] };

/** The parts that a document has, by section, as parsePart reads them. */
export function partsOf(document: PolicyDocument): NamedParts[] {
  const named = (noun: Section | "rules", objects: readonly { name: string }[]): NamedParts => {
    return { section: noun, parts: objects.map(({ name }) => ({ part: `${noun}:${name}`, name })) };
  };
  const sections = documentSections.map((section) => named(section, document[section]));
  return [...sections, named("rules", document.proxyActions)].filter(({ parts }) => parts.length > 0);
}
