/** The commands that we understand. */
export const verbs = [
  "EHLO",
  "HELO",
  "MAIL",
  "RCPT",
  "DATA",
  "BDAT",
  "RSET",
  "NOOP",
  "VRFY",
  "EXPN",
  "HELP",
  "ETRN",
  "QUIT",
  "STARTTLS",
  "AUTH",
  "XCLIENT",
] as const;
export type Verb = (typeof verbs)[number];

/**
 * connected: no EHLO yet. ready: between messages. mail: has a sender. recipients: has a recipient too. body: reads DATA.
 * chunk: reads the counted bytes of BDAT. chunks: between two of them. authenticating: lines are no commands, but answers of a login.
 */
export const serverStates = [
  "connected",
  "ready",
  "mail",
  "recipients",
  "body",
  "chunk",
  "chunks",
  "authenticating",
  "closed",
] as const;
export type ServerState = (typeof serverStates)[number];

type Cells = { readonly [V in Verb]?: ServerState };

/** At any time, and without effect on a transaction (RFC 5321 §4.1.4). */
function anytime(state: ServerState): Cells {
  return { NOOP: state, VRFY: state, EXPN: state, HELP: state, QUIT: "closed" };
}

/** Leaves a transaction; EHLO and HELO clear everything like RSET. */
const reset: Cells = { EHLO: "ready", HELO: "ready", RSET: "ready" };

/**
 * The state after a command that succeeded; one that is refused leaves the state as it is, except that a refused BDAT ends the
 * transaction (RFC 3030 §2). An absent cell is 503 (RFC 5321 §4.1.4). After STARTTLS the session begins anew (RFC 3207 §4.2), after
 * XCLIENT too. AUTH and ETRN stand between transactions (RFC 4954 §4, RFC 1985 §5.2); AUTH succeeds only once, which the machine sees to.
 */
export const serverTransitions: Readonly<Record<ServerState, Cells>> = {
  connected: { ...anytime("connected"), EHLO: "ready", HELO: "ready", RSET: "connected", XCLIENT: "connected" },
  ready: {
    ...anytime("ready"),
    ...reset,
    MAIL: "mail",
    ETRN: "ready",
    STARTTLS: "connected",
    AUTH: "authenticating",
    XCLIENT: "connected",
  },
  mail: { ...anytime("mail"), ...reset, RCPT: "recipients" },
  recipients: { ...anytime("recipients"), ...reset, RCPT: "recipients", DATA: "body", BDAT: "chunk" },
  body: {},
  chunk: {},
  // RFC 3030 §2: nothing but BDAT goes on with the message, DATA least of all.
  chunks: { ...anytime("chunks"), ...reset, BDAT: "chunk" },
  authenticating: {},
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
  | "VRFY"
  | "EXPN"
  | "ETRN"
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
  VRFY: final,
  EXPN: final,
  ETRN: final,
  QUIT: final,
};
