import { describe, expect, it } from "vitest";
import type { Pop3Verb } from "#core/pop3/command.ts";
import { type Pop3State, transition } from "#core/pop3/states.ts";

const states: Pop3State[] = ["authorization", "user-named", "transaction", "update", "closed"];
const verbs: Pop3Verb[] = [
  "USER",
  "PASS",
  "APOP",
  "CAPA",
  "STAT",
  "LIST",
  "UIDL",
  "RETR",
  "TOP",
  "DELE",
  "NOOP",
  "RSET",
  "QUIT",
];
/** state verb → state after +OK / after -ERR; every other cell is absent. */
const expected = new Map([
  ["authorization CAPA", "authorization/authorization"],
  ["authorization USER", "user-named/authorization"],
  ["authorization APOP", "transaction/authorization"],
  ["authorization QUIT", "closed/closed"],
  ["user-named CAPA", "user-named/user-named"],
  ["user-named USER", "user-named/authorization"],
  ["user-named PASS", "transaction/authorization"],
  ["user-named APOP", "transaction/authorization"],
  ["user-named QUIT", "closed/closed"],
  ...verbs.slice(3, -1).map((verb): [string, string] => [`transaction ${verb}`, "transaction/transaction"]),
  ["transaction QUIT", "update/update"],
]);

describe("the POP3 states", () => {
  it("allow exactly these commands and lead exactly there", () => {
    for (const state of states) {
      for (const verb of verbs) {
        const cell = transition(state, verb);
        const words = cell === null ? undefined : `${cell.ok}/${cell.err}`;
        expect(words, `${state} ${verb}`).toBe(expected.get(`${state} ${verb}`));
      }
    }
  });
});
