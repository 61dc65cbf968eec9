import type { Pop3Input } from "#core/contract/simulation-input.ts";
import type { SaslExchange } from "../upstream/sasl/exchange.ts";
import { cramMd5Exchange, loginExchange, plainExchange } from "../upstream/sasl/password-exchange.ts";
import { scramExchange } from "../upstream/sasl/scram-exchange.ts";
import { oauthBearerExchange, xoauth2Exchange } from "../upstream/sasl/token-exchange.ts";

type Mechanism = Exclude<Pop3Input["login"], "USER" | "APOP">;

/** Any password does. */
export const secret = "rehearsed";
const nonce = "rehearsal";

/** The client's side of AUTH; `words`: what each of its messages is, as it is shown. */
export function rehearsedExchange(mechanism: Mechanism, user: string): { exchange: SaslExchange; words: string[] } {
  const login = { user, password: secret };
  const token = { user, accessToken: secret, host: "rehearsal.invalid", port: 110 };
  switch (mechanism) {
    case "PLAIN":
      return { exchange: plainExchange(login), words: ["user and password"] };
    case "LOGIN":
      return { exchange: loginExchange(login), words: ["the user’s name", "the password"] };
    case "CRAM-MD5":
      return { exchange: cramMd5Exchange(login), words: ["the user’s name and a digest"] };
    case "SCRAM-SHA-1":
      return { exchange: scramExchange("sha1", { ...login, nonce }), words: scramWords };
    case "SCRAM-SHA-256":
      return { exchange: scramExchange("sha256", { ...login, nonce }), words: scramWords };
    case "XOAUTH2":
      return { exchange: xoauth2Exchange(token), words: ["user and token"] };
    case "OAUTHBEARER":
      return { exchange: oauthBearerExchange(token), words: ["user and token"] };
    default:
      return mechanism satisfies never;
  }
}

const scramWords = ["the user’s name and a nonce", "the proof of the password"];

/** What the client answers. Nobody here knows the password, so what a server proves of it is believed. */
export function answerTo(exchange: SaslExchange, challenge: string): Promise<string> {
  return new Promise((resolve) => {
    const given = Buffer.from(challenge, "base64");
    exchange.respond(given, (_failure, response) => resolve(Buffer.from(response ?? "").toString("base64")));
  });
}
