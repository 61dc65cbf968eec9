import type { Condition } from "#core/contract/condition.ts";

/** The names of the lists that a condition asks about, one as often as it does. */
export function conditionLists(condition: Condition | undefined): string[] {
  return Object.values(condition ?? {}).flatMap((value) => {
    if (Array.isArray(value)) return value.flatMap(conditionLists);
    return value !== undefined && "inList" in value && value.inList !== undefined ? [value.inList] : [];
  });
}
