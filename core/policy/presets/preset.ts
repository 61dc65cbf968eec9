import type { List, ProxyAction } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";

/** A list that the preset's rules ask about: it must exist before a clone of the preset can be used. */
export type RequiredList = Pick<List, "name" | "kind"> & {
  /** What to put in, for people. */
  what: string;
  /** What a new one begins with; empty: only the administrator knows. */
  entries: readonly string[];
};

/** A proxy action of ours to begin with. It cannot be edited: a clone of it can. */
export type Preset = {
  /** In addresses and links. */
  id: string;
  title: string;
  /** What it is for, in a sentence. */
  what: string;
  action: ProxyAction;
  /** Why a setting is not the default, by its path: `limits.recipientsMax`. */
  reasons: Readonly<Record<string, string>>;
  requires: readonly RequiredList[];
};

/** An editable proxy action like the preset, with rule ids of its own. `newId` gives a fresh UUID each time. */
export function cloneOfPreset({ action }: Preset, name: string, newId: () => string): ProxyAction {
  const clone = { ...structuredClone(action), name };
  for (const ruleset of Object.values<Ruleset | undefined>(clone.rulesets)) {
    for (const rule of ruleset?.rules ?? []) rule.id = newId();
  }
  return clone;
}
