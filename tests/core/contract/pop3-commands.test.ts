import { expect, it } from "vitest";
import { pop3Commands } from "#core/contract/pop3-commands.ts";
import { pop3States } from "#core/pop3/states.ts";

it("the commands that rules can meet are those that some state knows", () => {
  const known = Object.values(pop3States).flatMap((cells) => Object.keys(cells));
  expect([...pop3Commands].sort()).toEqual([...new Set(known)].sort());
});
