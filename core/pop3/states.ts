import type { Pop3Verb } from "./command.ts";

/**
 * RFC 1939 §4–6. tls-needed: AUTHORIZATION, but nothing is done in the clear. user-named: USER was accepted, PASS is due. tls-wait: between
 * STLS and the end of the handshake. auth-exchange: the lines of an AUTH (RFC 5034 §4), which are no commands. update: QUIT was answered in
 * TRANSACTION, deletions are done. closed: QUIT was answered before login.
 */
export type Pop3State =
  | "tls-needed"
  | "authorization"
  | "user-named"
  | "tls-wait"
  | "auth-exchange"
  | "transaction"
  | "update"
  | "closed";

/** Where a positive and a negative answer lead, and where the command is until it has one, if that is a state of its own. */
export type Transition = { ok: Pop3State; err: Pop3State; meanwhile?: Pop3State };

type Table = { readonly [S in Pop3State]: { readonly [V in Pop3Verb]?: Transition } };

const stay = { ok: "transaction", err: "transaction" } as const;
const begin = { ok: "authorization", err: "authorization" } as const;
const leave = { ok: "closed", err: "closed" } as const;
/** RFC 2595 §4: in AUTHORIZATION only, and nothing of what was said before it counts. A handshake that fails ends the session. */
const secure = { ok: "authorization", err: "closed", meanwhile: "tls-wait" } as const;
const login = { ok: "transaction", err: "authorization" } as const;
const exchange = { ...login, meanwhile: "auth-exchange" } as const;

/** The only place that names transitions. An absent cell is `-ERR` and changes nothing; the server does not hear of it. */
export const pop3States: Table = {
  "tls-needed": {
    CAPA: { ok: "tls-needed", err: "tls-needed" },
    STLS: secure,
    QUIT: leave,
  },
  authorization: {
    CAPA: begin,
    STLS: secure,
    USER: { ok: "user-named", err: "authorization" },
    APOP: login,
    AUTH: exchange,
    // RFC 6856 §2.1, §3.1
    UTF8: begin,
    LANG: begin,
    QUIT: leave,
  },
  "user-named": {
    CAPA: { ok: "user-named", err: "user-named" },
    STLS: secure,
    // RFC 1939 §7: PASS directly follows USER; many clients correct the name by a second USER.
    USER: { ok: "user-named", err: "authorization" },
    PASS: login,
    APOP: login,
    AUTH: exchange,
    QUIT: leave,
  },
  "tls-wait": {},
  "auth-exchange": {},
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
    LANG: stay,
    QUIT: { ok: "update", err: "update" },
  },
  update: {},
  closed: {},
};

export function transition(state: Pop3State, verb: Pop3Verb): Transition | null {
  return pop3States[state][verb] ?? null;
}
