import type { SaslExchange } from "#worker/upstream/sasl/exchange.ts";
import { cramMd5Exchange, loginExchange, plainExchange } from "#worker/upstream/sasl/password-exchange.ts";
import { scramExchange } from "#worker/upstream/sasl/scram-exchange.ts";
import { oauthBearerExchange, xoauth2Exchange } from "#worker/upstream/sasl/token-exchange.ts";
import type { Pop3Client } from "./pop3-gateway.ts";

const login = (user: string, password: string) => ({ user, password });
const token = (user: string, accessToken: string) => ({ user, accessToken, host: "pop.test", port: 110 });

/** The client's side of each mechanism that is passed through. */
export const clientExchanges: Record<string, (user: string, secret: string) => SaslExchange> = {
  PLAIN: (user, secret) => plainExchange(login(user, secret)),
  LOGIN: (user, secret) => loginExchange(login(user, secret)),
  "CRAM-MD5": (user, secret) => cramMd5Exchange(login(user, secret)),
  "SCRAM-SHA-1": (user, secret) => scramExchange("sha1", { ...login(user, secret), nonce: "nonce" }),
  "SCRAM-SHA-256": (user, secret) => scramExchange("sha256", { ...login(user, secret), nonce: "nonce" }),
  XOAUTH2: (user, secret) => xoauth2Exchange(token(user, secret)),
  OAUTHBEARER: (user, secret) => oauthBearerExchange(token(user, secret)),
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Carries out AUTH as a client does; answers the line that ends it. `waits`: the initial response is not sent along. */
export async function authenticate(client: Pop3Client, exchange: SaslExchange, waits = false): Promise<string> {
  const { mechanism, initial } = exchange;
  let owed = waits ? initial : null;
  let said = await client.ask(
    initial === null || waits ? `AUTH ${mechanism}` : `AUTH ${mechanism} ${base64(initial) || "="}`,
  );
  while (said.startsWith("+ ")) {
    said = await client.ask(owed === null ? await response(exchange, said.slice(2).trim()) : base64(owed));
    owed = null;
  }
  return said;
}

function response(exchange: SaslExchange, challenge: string): Promise<string> {
  return new Promise((resolve) => {
    exchange.respond(Buffer.from(challenge, "base64"), (failure, answer) =>
      resolve(failure === null && answer !== null ? base64(answer) : "*"),
    );
  });
}
