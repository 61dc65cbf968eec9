import type { ApiChange } from "#core/contract/policy-api.ts";
import type { Change } from "#core/policy/diff.ts";

/** Changes as the API tells them. */
export function changeWords(changes: readonly Change[]): ApiChange[] {
  return changes.map(({ kind, words, details }) => ({ kind, words, details }));
}
