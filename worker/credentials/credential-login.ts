import { randomBytes } from "node:crypto";
import type { Credential } from "#core/contract/credential.ts";
import type { SaslExchange } from "../upstream/sasl/exchange.ts";
import {
  cramMd5Exchange,
  loginExchange,
  plainExchange,
  userPass,
  userPassExchange,
} from "../upstream/sasl/password-exchange.ts";
import { scramExchange } from "../upstream/sasl/scram-exchange.ts";
import type { LoginOffer, ServerLogin } from "../upstream/sasl/server-login.ts";
import { oauthBearerExchange, xoauth2Exchange } from "../upstream/sasl/token-exchange.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { CredentialStore } from "./credential-store.ts";

const nonceBytes = 24;

/** By strength. `exposes`: whoever reads along has the secret. */
const mechanisms = {
  password: [
    { name: "SCRAM-SHA-512", exposes: false },
    { name: "SCRAM-SHA-256", exposes: false },
    { name: "SCRAM-SHA-1", exposes: false },
    { name: "CRAM-MD5", exposes: false },
    { name: "PLAIN", exposes: true },
    { name: "LOGIN", exposes: true },
    { name: userPass, exposes: true },
  ],
  oauth2: [
    { name: "OAUTHBEARER", exposes: true },
    { name: "XOAUTH2", exposes: true },
  ],
} as const;
type PasswordMechanism = (typeof mechanisms.password)[number]["name"];

type Options = {
  credential: string;
  /** The route says in so many words that there is no TLS. */
  allowsClearText: boolean;
  store: Pick<CredentialStore, "get">;
  tokens: Pick<AccessTokens, "get" | "forget">;
};

/** Logs in with a credential of the worker, as it is at that moment, by the strongest mechanism that the server offers. */
export class CredentialLogin implements ServerLogin {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  begin(offer: LoginOffer, done: (failure: string | null, exchange: SaslExchange | null) => void): void {
    const { store, tokens, credential: name } = this.#options;
    const credential = store.get(name);
    if (credential === null) return done(`this worker has no credential "${name}"`, null);
    if (credential.kind === "password") {
      const chosen = choose(mechanisms.password, offer, this.#options.allowsClearText);
      return "failure" in chosen ? done(chosen.failure, null) : done(null, passwordExchange(chosen.name, credential));
    }
    const chosen = choose(mechanisms.oauth2, offer, this.#options.allowsClearText);
    if ("failure" in chosen) return done(chosen.failure, null);
    tokens.get(credential, (failure, accessToken) => {
      if (accessToken === null) return done(failure, null);
      const login = { user: credential.user, host: offer.host, port: offer.port, accessToken };
      done(null, chosen.name === "XOAUTH2" ? xoauth2Exchange(login) : oauthBearerExchange(login));
    });
  }

  refused(): void {
    this.#options.tokens.forget(this.#options.credential);
  }
}

type Mechanism<Name> = { name: Name; exposes: boolean };

function choose<Name extends string>(
  known: readonly Mechanism<Name>[],
  { mechanisms: offered, isSecure }: LoginOffer,
  allowsClearText: boolean,
): { name: Name } | { failure: string } {
  const usable = known.filter(({ name }) => offered.includes(name));
  const safe = usable.find(({ exposes }) => isSecure || allowsClearText || !exposes);
  if (safe !== undefined) return { name: safe.name };
  const wanted = known.map(({ name }) => name).join(", ");
  if (usable.length > 0) {
    const names = usable.map(({ name }) => name).join(", ");
    return { failure: `the server offers ${names} only, which would show the secret: the connection has no TLS` };
  }
  const has = offered.length === 0 ? "no AUTH" : offered.join(", ").slice(0, 200);
  return { failure: `the server offers ${has}; this credential can use ${wanted}` };
}

function passwordExchange(
  mechanism: PasswordMechanism,
  { user, password }: Extract<Credential, { kind: "password" }>,
): SaslExchange {
  const nonce = (): string => randomBytes(nonceBytes).toString("base64");
  switch (mechanism) {
    case "SCRAM-SHA-512":
      return scramExchange("sha512", { user, password, nonce: nonce() });
    case "SCRAM-SHA-256":
      return scramExchange("sha256", { user, password, nonce: nonce() });
    case "SCRAM-SHA-1":
      return scramExchange("sha1", { user, password, nonce: nonce() });
    case "CRAM-MD5":
      return cramMd5Exchange({ user, password });
    case "PLAIN":
      return plainExchange({ user, password });
    case "LOGIN":
      return loginExchange({ user, password });
    case userPass:
      return userPassExchange({ user, password });
    default:
      return mechanism satisfies never;
  }
}
