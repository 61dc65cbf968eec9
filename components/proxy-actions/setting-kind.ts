import { z } from "zod";
import type { Protocol } from "#core/contract/facts.ts";
import { pop3ProxyActionSchema, smtpProxyActionSchema } from "#core/contract/policy-document.ts";

/** How a setting is edited: as its schema says. `lines` are entries, one a line. */
export type SettingKind =
  | { kind: "flag" }
  | { kind: "number"; min: number | null; max: number | null }
  | { kind: "choice"; options: readonly string[] }
  | { kind: "choices"; options: readonly string[] }
  | { kind: "lines" }
  | { kind: "text" };

const schemas = { smtp: smtpProxyActionSchema, pop3: pop3ProxyActionSchema } as const;

/** The kind of the setting at a dotted path of the proxy action: `settings.auth.required`. Throws on a path that the schema does not have. */
export function settingKind(protocol: Protocol, path: string): SettingKind {
  const schema = schemaAt(schemas[protocol], path);
  if (schema instanceof z.ZodBoolean) return { kind: "flag" };
  if (schema instanceof z.ZodNumber) return { kind: "number", min: schema.minValue, max: schema.maxValue };
  if (schema instanceof z.ZodEnum) return { kind: "choice", options: schema.options.map(String) };
  if (schema instanceof z.ZodArray) {
    const entry = unwrapped(schema.element);
    return entry instanceof z.ZodEnum ? { kind: "choices", options: entry.options.map(String) } : { kind: "lines" };
  }
  return { kind: "text" };
}

/** Every setting of a protocol that has a value of its own, as dotted paths: the rules are edited elsewhere. */
export function settingPaths(protocol: Protocol): string[] {
  return leaves(schemas[protocol], []).filter((path) => path !== "protocol" && !path.startsWith("rulesets."));
}

function leaves(schema: z.core.$ZodType, path: readonly string[]): string[] {
  const object = unwrapped(schema);
  if (!(object instanceof z.ZodObject)) return [path.join(".")];
  return Object.entries(object.shape).flatMap(([name, child]) => leaves(child, [...path, name]));
}

function schemaAt(root: z.core.$ZodType, path: string): z.core.$ZodType {
  let schema = root;
  for (const part of path.split(".")) {
    const object = unwrapped(schema);
    const child = object instanceof z.ZodObject ? object.shape[part] : undefined;
    if (child === undefined) throw new RangeError(`a proxy action has no ${path}`);
    schema = child;
  }
  return unwrapped(schema);
}

/** Without defaults and absence. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return wrapped ? unwrapped(schema.unwrap()) : schema;
}
