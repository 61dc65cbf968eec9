import { linesOf } from "#components/ui/lines.ts";
import { numberOf, type ReadForm, readForm, textOf } from "#components/ui/read-form.ts";
import type { Protocol } from "#core/contract/facts.ts";
import { pop3ProxyActionSchema, smtpProxyActionSchema } from "#core/contract/policy-document.ts";
import { type Profile, profileSchema } from "#core/contract/proxy-action-profile.ts";
import { settingKind, settingPaths } from "./setting-kind.ts";
import { type TlsRuleDraft, tlsRuleDraftOf, tlsRuleInput } from "./tls-rule-draft.ts";

const tlsRulesPath = "settings.tlsRules";

/** A profile as its form holds it: each setting as text, by its dotted path; what is on is "on", entries are lines. */
export type ProfileDraft = {
  protocol: Protocol;
  values: Readonly<Record<string, string>>;
  tlsRules: readonly TlsRuleDraft[];
};

/** A profile as the form shows it. */
export function profileDraftOf(profile: Profile): ProfileDraft {
  const { protocol } = profile;
  const values = valuePaths(protocol).map((path): [string, string] => [path, textAt(profile, path)]);
  const tlsRules = protocol === "smtp" ? profile.settings.tlsRules.map(tlsRuleDraftOf) : [];
  return { protocol, values: Object.fromEntries(values), tlsRules };
}

/** The profile of the fields, or what is wrong with which of them. */
export function readProfileDraft(draft: ProfileDraft): ReadForm<Profile> {
  return readForm(profileSchema, profileInput(draft));
}

/** The default of every setting, as the form shows it. */
export function defaultTexts(protocol: Protocol): Readonly<Record<string, string>> {
  const given = { name: "default", direction: "incoming", protocol } as const;
  const schema = protocol === "smtp" ? smtpProxyActionSchema : pop3ProxyActionSchema;
  const profile: unknown = schema.parse(given);
  return Object.fromEntries(
    valuePaths(protocol)
      .filter((path) => path !== "name" && path !== "direction")
      .map((path) => [path, textAt(profile, path)]),
  );
}

/** The settings that are not as they were. */
export function changedPaths(before: ProfileDraft, after: ProfileDraft): string[] {
  const changed = Object.keys(after.values).filter((path) => after.values[path] !== before.values[path]);
  const rules = JSON.stringify(before.tlsRules) === JSON.stringify(after.tlsRules) ? [] : [tlsRulesPath];
  return [...changed, ...rules];
}

function valuePaths(protocol: Protocol): string[] {
  return settingPaths(protocol).filter((path) => path !== tlsRulesPath);
}

function textAt(profile: unknown, path: string): string {
  const value = path.split(".").reduce<unknown>((at, part) => entryOf(at, part), profile);
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "on" : "off";
  return Array.isArray(value) ? value.join("\n") : String(value);
}

function entryOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}

type Tree = { [name: string]: unknown };

function profileInput({ protocol, values, tlsRules }: ProfileDraft): Tree {
  const input: Tree = { protocol };
  for (const [path, text] of Object.entries(values)) put(input, path.split("."), settingValue(protocol, path, text));
  if (protocol === "smtp") put(input, tlsRulesPath.split("."), tlsRules.map(tlsRuleInput));
  return input;
}

function put(tree: Tree, [name = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const inner: Tree = { ...Object(tree[name]) };
  put(inner, rest, value);
  tree[name] = inner;
}

function settingValue(protocol: Protocol, path: string, text: string): unknown {
  const { kind } = settingKind(protocol, path);
  switch (kind) {
    case "flag":
      return text === "on";
    case "number":
      return numberOf(text);
    case "choices":
    case "lines":
      return linesOf(text);
    case "choice":
    case "text":
      return path === "name" ? text.trim() : textOf(text);
    default:
      return kind satisfies never;
  }
}
