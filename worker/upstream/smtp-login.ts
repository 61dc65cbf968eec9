import { type Reply, replyText } from "#core/smtp/reply.ts";
import {
  type AuthAnswer,
  type AuthLines,
  type LoggedIn,
  type LoginOffer,
  logIn,
  type ServerLogin,
} from "./sasl/server-login.ts";
import type { SmtpConnection } from "./smtp-connection.ts";

/** RFC 4954 §4: an AUTH command is a command line like others. */
const authLineBytesMax = 512;

/** Logs in on a connection on which EHLO was answered (RFC 4954 §4). */
export function authenticate(
  connection: SmtpConnection,
  offer: LoginOffer,
  login: ServerLogin,
  done: LoggedIn<Reply>,
): void {
  logIn(authLines(connection), offer, login, done);
}

function authLines(connection: SmtpConnection): AuthLines<Reply> {
  return {
    commandBytesMax: authLineBytesMax,
    get closed() {
      return connection.closed;
    },
    send: (line, answered) => connection.send("AUTH", line, (reply) => answered(answerOf(reply))),
    words: replyText,
    replaced: (reply, text) => ({ ...reply, lines: reply.lines.map(text) }),
    about: ({ code }) => (code === 504 ? "mechanism" : "login"),
  };
}

function answerOf(reply: Reply): AuthAnswer<Reply> {
  if (reply.code === 334) return { kind: "challenge", text: reply.lines.join("") };
  return reply.code === 235 ? { kind: "yes" } : { kind: "no", said: reply };
}
