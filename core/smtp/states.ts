/** The commands that we understand. */
export const verbs = [
  "EHLO",
  "HELO",
  "MAIL",
  "RCPT",
  "DATA",
  "RSET",
  "NOOP",
  "VRFY",
  "EXPN",
  "HELP",
  "QUIT",
  "STARTTLS",
] as const;
export type Verb = (typeof verbs)[number];

/** connected: no EHLO yet. ready: between messages. mail: has a sender. recipients: has a recipient too. body: reads DATA. */
export const serverStates = ["connected", "ready", "mail", "recipients", "body", "closed"] as const;
export type ServerState = (typeof serverStates)[number];

type Cells = { readonly [V in Verb]?: ServerState };

/** At any time, and without effect on a transaction (RFC 5321 §4.1.4). */
function anytime(state: ServerState): Cells {
  return { NOOP: state, VRFY: state, EXPN: state, HELP: state, QUIT: "closed" };
}

/**
 * The state after a command that succeeded; one that is refused leaves the state as it is. An absent cell is
 * 503 (RFC 5321 §4.1.4). EHLO and HELO clear everything like RSET; after STARTTLS the session begins anew (RFC 3207 §4.2).
 */
export const serverTransitions: Readonly<Record<ServerState, Cells>> = {
  connected: { ...anytime("connected"), EHLO: "ready", HELO: "ready", RSET: "connected" },
  ready: { ...anytime("ready"), EHLO: "ready", HELO: "ready", RSET: "ready", MAIL: "mail", STARTTLS: "connected" },
  mail: { ...anytime("mail"), EHLO: "ready", HELO: "ready", RSET: "ready", RCPT: "recipients" },
  recipients: {
    ...anytime("recipients"),
    EHLO: "ready",
    HELO: "ready",
    RSET: "ready",
    RCPT: "recipients",
    DATA: "body",
  },
  body: {},
  closed: {},
};

/** What we wait for as a client. `connect` is the greeting, `end` the answer to the final dot, `AUTH` that to the command and to each line after a 334. */
export type ClientStep =
  | "connect"
  | "EHLO"
  | "HELO"
  | "STARTTLS"
  | "AUTH"
  | "MAIL"
  | "RCPT"
  | "DATA"
  | "end"
  | "RSET"
  | "QUIT";

const final = [2, 4, 5] as const;

/** The first digits that answer a step; another one is a fault of the server (RFC 5321 §4.3.2). */
export const clientReplies: Readonly<Record<ClientStep, readonly number[]>> = {
  connect: final,
  EHLO: final,
  HELO: final,
  STARTTLS: final,
  AUTH: [2, 3, 4, 5], // RFC 4954 §4: 334 asks for another line
  MAIL: final,
  RCPT: final,
  DATA: [3, 4, 5],
  end: final,
  RSET: final,
  QUIT: final,
};
