import type { Reply } from "#core/smtp/reply.ts";
import { replyText } from "#core/smtp/reply.ts";
import type { SaslExchange } from "./sasl/exchange.ts";
import type { SmtpConnection } from "./smtp-connection.ts";

/** What a server offers to log in with, and which it is. `isSecure`: TLS is spoken. */
export type LoginOffer = { host: string; port: number; mechanisms: readonly string[]; isSecure: boolean };

/** How we log in to a server. */
export interface SmtpLogin {
  /** Gives an exchange for the strongest mechanism of the offer, or one sentence that says why there is none. Calls back once. */
  begin(offer: LoginOffer, done: (failure: string | null, exchange: SaslExchange | null) => void): void;
  /** The server said no to what `begin` gave. */
  refused(): void;
}

/** RFC 4954 §4: an AUTH command is a command line like others; what is longer is sent as an answer. */
const authLineBytesMax = 512;

/** Exactly one call, unless the connection is lost. `answer`: the server's no, where there is one. */
type LoggedIn = (failure: string | null, answer: Reply | null) => void;

/** Logs in on a connection on which EHLO was answered (RFC 4954 §4). A mechanism that the server then does not know gives way to the next. */
export function authenticate(connection: SmtpConnection, offer: LoginOffer, login: SmtpLogin, done: LoggedIn): void {
  const attempt = (mechanisms: readonly string[]): void => {
    login.begin({ ...offer, mechanisms }, (failure, exchange) => {
      if (connection.closed) return;
      if (exchange === null) return done(failure ?? "no way to log in", null);
      exchangeWith(connection, exchange, (refusal, answer) => {
        const others = mechanisms.filter((name) => name !== exchange.mechanism);
        if (answer?.code === 504 && others.length > 0) return attempt(others);
        if (answer !== null) login.refused();
        done(refusal, answer);
      });
    });
  };
  attempt(offer.mechanisms);
}

function exchangeWith(connection: SmtpConnection, exchange: SaslExchange, done: LoggedIn): void {
  const { mechanism } = exchange;
  let early = exchange.initial;
  const sent: string[] = [];
  const encode = (response: Uint8Array): string => {
    const text = Buffer.from(response).toString("base64");
    sent.push(text);
    return text;
  };
  const answered = (reply: Reply): void => {
    if (reply.code === 334) return challenged(reply);
    if (reply.code === 235) return done(exchange.unproven(), null);
    const hint = exchange.hint === null ? "" : ` (${exchange.hint})`;
    const answer = withoutEcho(reply, sent);
    done(`the login by ${mechanism} was refused: ${replyText(answer)}${hint}`, answer);
  };
  const respond = (response: Uint8Array): void => connection.send("AUTH", encode(response), answered);
  const challenged = (reply: Reply): void => {
    if (early !== null) {
      const response = early;
      early = null;
      return respond(response);
    }
    const challenge = decode(reply.lines.join(""));
    if (challenge === null) return cancel("a challenge that is not base64");
    exchange.respond(challenge, (failure, response) => {
      if (connection.closed) return;
      if (response === null) cancel(failure ?? "an unexpected challenge");
      else respond(response);
    });
  };
  // RFC 4954 §4: a client that wants to stop says "*", and hears 501.
  const cancel = (reason: string): void =>
    connection.send("AUTH", "*", () => done(`the login by ${mechanism} failed: ${reason}`, null));
  // RFC 4954 §4: an initial response that is empty is written "=".
  const line = early === null ? null : `AUTH ${mechanism} ${early.length === 0 ? "=" : encode(early)}`;
  if (line === null || line.length + 2 > authLineBytesMax)
    return connection.send("AUTH", `AUTH ${mechanism}`, answered);
  early = null;
  connection.send("AUTH", line, answered);
}

/** A server may say back what it was told, cut short perhaps: records must not show it. */
function withoutEcho(answer: Reply, sent: readonly string[]): Reply {
  const hidden = (word: string): string => (sent.some((line) => line.includes(word)) ? "*" : word);
  return { ...answer, lines: answer.lines.map((line) => line.replace(/[0-9A-Za-z+/]{4,}/g, hidden)) };
}

function decode(text: string): Buffer | null {
  const trimmed = text.trim();
  return /^[0-9A-Za-z+/]*={0,2}$/.test(trimmed) && trimmed.length % 4 === 0 ? Buffer.from(trimmed, "base64") : null;
}
