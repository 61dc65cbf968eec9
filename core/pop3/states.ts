import type { Pop3Verb } from "./command.ts";

/**
 * RFC 1939 §4–6. user-named: USER was accepted, PASS is due. update: QUIT was answered in TRANSACTION, deletions are done.
 * closed: QUIT was answered before login.
 */
export type Pop3State = "authorization" | "user-named" | "transaction" | "update" | "closed";

/** Where a positive and a negative answer lead. */
export type Transition = { ok: Pop3State; err: Pop3State };

type Table = { readonly [S in Pop3State]: { readonly [V in Pop3Verb]?: Transition } };

const stay = { ok: "transaction", err: "transaction" } as const;

/** The only place that names transitions. An absent cell is `-ERR` and changes nothing; the server does not hear of it. */
export const pop3States: Table = {
  authorization: {
    CAPA: { ok: "authorization", err: "authorization" },
    USER: { ok: "user-named", err: "authorization" },
    APOP: { ok: "transaction", err: "authorization" },
    QUIT: { ok: "closed", err: "closed" },
  },
  "user-named": {
    CAPA: { ok: "user-named", err: "user-named" },
    // RFC 1939 §7: PASS directly follows USER; many clients correct the name by a second USER.
    USER: { ok: "user-named", err: "authorization" },
    PASS: { ok: "transaction", err: "authorization" },
    APOP: { ok: "transaction", err: "authorization" },
    QUIT: { ok: "closed", err: "closed" },
  },
  transaction: {
    CAPA: stay,
    STAT: stay,
    LIST: stay,
    UIDL: stay,
    RETR: stay,
    TOP: stay,
    DELE: stay,
    NOOP: stay,
    RSET: stay,
    QUIT: { ok: "update", err: "update" },
  },
  update: {},
  closed: {},
};

export function transition(state: Pop3State, verb: Pop3Verb): Transition | null {
  return pop3States[state][verb] ?? null;
}
