import { withoutEcho } from "./echo.ts";
import type { SaslExchange } from "./exchange.ts";

/** What a server offers to log in with, and which it is. `isSecure`: TLS is spoken. */
export type LoginOffer = { host: string; port: number; mechanisms: readonly string[]; isSecure: boolean };

/** How we log in to a server. */
export interface ServerLogin {
  /** Gives an exchange for the strongest mechanism of the offer, or one sentence that says why there is none. Calls back once. */
  begin(offer: LoginOffer, done: (failure: string | null, exchange: SaslExchange | null) => void): void;
  /** The server said no to what `begin` gave. */
  refused(): void;
  /** The server let us in. */
  succeeded?(): void;
}

/** What a server says to a line of AUTH; a challenge is in base64. `No`: its refusal as the protocol has it. */
export type AuthAnswer<No> = { kind: "challenge"; text: string } | { kind: "yes" } | { kind: "no"; said: No };

/** AUTH of one protocol on one connection: RFC 4954 for SMTP, RFC 5034 for POP3. */
export interface AuthLines<No> {
  /** An AUTH command with its initial response, CRLF included; a longer response is sent as an answer. */
  readonly commandBytesMax: number;
  readonly closed: boolean;
  /** Sends one line, CRLF not included. It is answered once, unless the connection is lost. */
  send(line: string, answered: (answer: AuthAnswer<No>) => void): void;
  /** The refusal in words. */
  words(said: No): string;
  /** The refusal with each of its texts replaced. */
  replaced(said: No, text: (text: string) => string): No;
  /** What it is about. mechanism: the server does not know it after all, and another one may do. login: user and secret. server: neither. */
  about(said: No): "mechanism" | "login" | "server";
}

/** Exactly one call, unless the connection is lost. Null: we are in. `said`: the server's no, where there is one. */
export type LoggedIn<No> = (failure: string | null, said: No | null) => void;

/** Logs in by AUTH. A mechanism that the server then does not know gives way to the next. `perform`: how an exchange is spoken. */
export function logIn<No>(
  lines: AuthLines<No>,
  offer: LoginOffer,
  login: ServerLogin,
  done: LoggedIn<No>,
  perform = (exchange: SaslExchange, end: LoggedIn<No>): void => exchangeWith(lines, exchange, end),
): void {
  const attempt = (mechanisms: readonly string[]): void => {
    login.begin({ ...offer, mechanisms }, (failure, exchange) => {
      if (lines.closed) return;
      if (exchange === null) return done(failure ?? "no way to log in", null);
      perform(exchange, (refusal, said) => {
        const others = mechanisms.filter((name) => name !== exchange.mechanism);
        const about = said === null ? null : lines.about(said);
        if (about === "mechanism" && others.length > 0) return attempt(others);
        if (refusal === null) login.succeeded?.();
        else if (about !== null && about !== "server") login.refused();
        done(refusal, said);
      });
    });
  };
  attempt(offer.mechanisms);
}

/** One exchange, from its AUTH command to the server's yes or no. */
export function exchangeWith<No>(lines: AuthLines<No>, exchange: SaslExchange, done: LoggedIn<No>): void {
  const { mechanism } = exchange;
  let early = exchange.initial;
  const sent: string[] = [];
  const encode = (response: Uint8Array): string => {
    const text = Buffer.from(response).toString("base64");
    sent.push(text);
    return text;
  };
  const answered = (answer: AuthAnswer<No>): void => {
    if (answer.kind === "challenge") return challenged(answer.text);
    if (answer.kind === "yes") return done(exchange.unproven(), null);
    const hint = exchange.hint === null ? "" : ` (${exchange.hint})`;
    const said = lines.replaced(answer.said, (text) => withoutEcho(text, sent));
    done(`the login by ${mechanism} was refused: ${lines.words(said)}${hint}`, said);
  };
  const respond = (response: Uint8Array): void => lines.send(encode(response), answered);
  const challenged = (text: string): void => {
    if (early !== null) {
      const response = early;
      early = null;
      return respond(response);
    }
    const challenge = decode(text);
    if (challenge === null) return cancel("a challenge that is not base64");
    exchange.respond(challenge, (failure, response) => {
      if (lines.closed) return;
      if (response === null) cancel(failure ?? "an unexpected challenge");
      else respond(response);
    });
  };
  // RFC 4954 §4, RFC 5034 §4: a client that wants to stop says "*", and is refused.
  const cancel = (reason: string): void =>
    lines.send("*", () => done(`the login by ${mechanism} failed: ${reason}`, null));
  // The same: an initial response that is empty is written "=".
  const line = early === null ? null : `AUTH ${mechanism} ${early.length === 0 ? "=" : encode(early)}`;
  if (line === null || line.length + 2 > lines.commandBytesMax) return lines.send(`AUTH ${mechanism}`, answered);
  early = null;
  lines.send(line, answered);
}

function decode(text: string): Buffer | null {
  const trimmed = text.trim();
  return /^[0-9A-Za-z+/]*={0,2}$/.test(trimmed) && trimmed.length % 4 === 0 ? Buffer.from(trimmed, "base64") : null;
}
