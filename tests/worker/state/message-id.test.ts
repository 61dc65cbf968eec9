import { expect, test } from "vitest";
import { idMaker } from "#worker/state/message-id.ts";

test("ids have 26 characters, are all different and sort by time", () => {
  let now = 1_800_000_000_000;
  const newId = idMaker(() => now++);
  const ids = Array.from({ length: 5_000 }, newId);
  for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
});
