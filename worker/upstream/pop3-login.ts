import { encodeStatusLine, type ResponseCode, responseCode, type StatusLine } from "#core/pop3/status-line.ts";
import type { Pop3Connection } from "./pop3-connection.ts";
import type { Pop3Contact } from "./pop3-contact.ts";
import { withoutSecret } from "./sasl/echo.ts";
import type { SaslExchange } from "./sasl/exchange.ts";
import { plainExchange, userPass, userPassExchange } from "./sasl/password-exchange.ts";
import { type AuthLines, exchangeWith, type LoggedIn, logIn, type ServerLogin } from "./sasl/server-login.ts";
import { statusSink } from "./status-sink.ts";

/** RFC 2449 §4, which RFC 5034 §4 keeps for AUTH with an initial response. */
const commandBytesMax = 255;
/** Response codes of a login that failed for other reasons than user and secret (RFC 2449 §8, RFC 3206 §4). */
const aboutServer: ReadonlySet<ResponseCode | null> = new Set(["IN-USE", "LOGIN-DELAY", "SYS/TEMP", "SYS/PERM"]);

/** One character a byte. `clearText`: the secret may be sent where there is no TLS. */
export type PasswordLogin = { user: string; password: string; clearText: boolean };

/**
 * Logs in with what a client gave us: by USER and PASS where the server lists USER or has no CAPA, else by SASL PLAIN. Called when no
 * response is due. `done` is called once, unless the connection is lost: with null when we are in; with one sentence and the server's no; or
 * with one sentence alone, and the server has not heard the secret.
 */
export function loginWithPassword(
  contact: Pop3Contact,
  { user, password, clearText }: PasswordLogin,
  done: LoggedIn<StatusLine>,
): void {
  if (contact.tls === null && !clearText)
    return done("no login: the connection has no TLS and would show the secret", null);
  const perform = performOn(contact.connection);
  contact.capabilities((capabilities) => {
    const offered = offeredMechanisms(capabilities);
    if (offered.includes(userPass)) return perform(userPassExchange({ user, password }, "latin1"), done);
    if (offered.includes("PLAIN")) return perform(plainExchange({ user, password }, "latin1"), done);
    done("no login: the server takes a password neither by USER and PASS nor by SASL PLAIN", null);
  });
}

/** Logs in with a credential of the worker, by the strongest mechanism that the server offers (RFC 5034); `done` as above. */
export function loginWithCredential(contact: Pop3Contact, login: ServerLogin, done: LoggedIn<StatusLine>): void {
  const { connection, host, port } = contact;
  contact.capabilities((capabilities) => {
    const offer = { host, port, mechanisms: offeredMechanisms(capabilities), isSecure: contact.tls !== null };
    logIn(authLines(connection), offer, login, done, performOn(connection));
  });
}

/** RFC 1939 §7: a server from before CAPA has USER and PASS and does not say so. */
function offeredMechanisms(capabilities: readonly string[] | null): string[] {
  if (capabilities === null) return [userPass];
  return capabilities.flatMap((line) => {
    const [tag = "", ...names] = line.toUpperCase().split(" ");
    if (tag === "SASL") return names.filter((name) => name !== "");
    return tag === "USER" ? [userPass] : [];
  });
}

function authLines(connection: Pop3Connection): AuthLines<StatusLine> {
  return {
    commandBytesMax,
    get closed() {
      return connection.closed;
    },
    send: (line, answered) =>
      connection.exchange(`${line}\r\n`, {
        challenge: (text) => answered({ kind: "challenge", text }),
        status: (said) => answered(said.ok ? { kind: "yes" } : { kind: "no", said }),
      }),
    words: statusWords,
    replaced: (said, text) => ({ ...said, text: text(said.text) }),
    // RFC 3206 §4: what the server says of itself is not about user and secret. No code tells of an unknown mechanism (RFC 5034 §4).
    about: ({ text }) => (aboutServer.has(responseCode(text)) ? "server" : "login"),
  };
}

function performOn(connection: Pop3Connection): (exchange: SaslExchange, done: LoggedIn<StatusLine>) => void {
  return (exchange, done) => {
    if (exchange.mechanism === userPass) sayUserAndPass(connection, exchange, done);
    else exchangeWith(authLines(connection), exchange, done);
  };
}

function sayUserAndPass(connection: Pop3Connection, exchange: SaslExchange, done: LoggedIn<StatusLine>): void {
  const say = (verb: "USER" | "PASS", then: () => void): void =>
    exchange.respond(Buffer.alloc(0), (failure, response) => {
      const text = Buffer.from(response ?? []).toString("latin1");
      // What ends a line would be a command in a command.
      if (failure !== null || /[\r\n\0]/.test(text)) return done(`no login: it cannot be said in ${verb}`, null);
      const heard = (said: StatusLine): void => {
        if (said.ok) return then();
        const shown = { ...said, text: withoutSecret(said.text, text) };
        done(`the login by USER and PASS was refused: ${statusWords(shown)}`, shown);
      };
      connection.request(`${verb} ${text}\r\n`, false, statusSink(heard));
    });
  say("USER", () => say("PASS", () => done(exchange.unproven(), null)));
}

function statusWords(said: StatusLine): string {
  return encodeStatusLine(said).trimEnd();
}
