import { describe, expect, it } from "vitest";
import type { Pop3Verb } from "#core/pop3/command.ts";
import { type Pop3State, pop3States, transition } from "#core/pop3/states.ts";

const verbs: Pop3Verb[] = [
  ...(["CAPA", "STLS", "USER", "PASS", "APOP", "AUTH", "UTF8", "LANG", "STAT", "LIST", "UIDL", "RETR", "TOP"] as const),
  ...(["DELE", "NOOP", "RSET", "QUIT"] as const),
];
/** state: verb → state meanwhile, after +OK, after -ERR; every other cell is absent. */
const expected: Record<Pop3State, Record<string, string>> = {
  "tls-needed": { CAPA: "tls-needed tls-needed", STLS: "tls-wait authorization closed", QUIT: "closed closed" },
  authorization: {
    CAPA: "authorization authorization",
    STLS: "tls-wait authorization closed",
    USER: "user-named authorization",
    APOP: "transaction authorization",
    AUTH: "auth-exchange transaction authorization",
    UTF8: "authorization authorization",
    LANG: "authorization authorization",
    QUIT: "closed closed",
  },
  "user-named": {
    CAPA: "user-named user-named",
    STLS: "tls-wait authorization closed",
    USER: "user-named authorization",
    PASS: "transaction authorization",
    APOP: "transaction authorization",
    AUTH: "auth-exchange transaction authorization",
    QUIT: "closed closed",
  },
  "tls-wait": {},
  "auth-exchange": {},
  transaction: {
    ...Object.fromEntries(
      ["CAPA", "LANG", ...verbs.slice(verbs.indexOf("STAT"), -1)].map((verb) => [verb, "transaction transaction"]),
    ),
    QUIT: "update update",
  },
  update: {},
  closed: {},
};

describe("the POP3 states", () => {
  it("allow exactly these commands and lead exactly there", () => {
    expect(Object.keys(pop3States)).toEqual(Object.keys(expected));
    for (const [state, cells] of Object.entries(expected) as [Pop3State, Record<string, string>][]) {
      for (const verb of verbs) {
        const cell = transition(state, verb);
        const words = cell === null ? undefined : [cell.meanwhile, cell.ok, cell.err].filter(Boolean).join(" ");
        expect(words, `${state} ${verb}`).toBe(cells[verb]);
      }
    }
  });
});
