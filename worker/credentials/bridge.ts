import { createHash, timingSafeEqual } from "node:crypto";
import { userKey } from "#core/contract/credential.ts";
import type { Pop3Route } from "#core/contract/policy-document.ts";
import type { ServerLogin } from "../upstream/sasl/server-login.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { CredentialLogin } from "./credential-login.ts";
import type { CredentialStore } from "./credential-store.ts";
import { LoginPauses } from "./login-pauses.ts";

/**
 * Who logs in through a bridge. bridged: the client may, and `login` is how we do at the server. wrong: as with a wrong password. own: the user
 * has no credential and logs in at the server with what the client said. unavailable: that cannot be told now; `cause` is for our records.
 */
export type Bridged =
  | { kind: "bridged"; credential: string; login: ServerLogin }
  | { kind: "wrong" | "own" }
  | { kind: "unavailable"; cause: string };

/** As the client said them: the user as text, the password with one character a byte. */
export type ClientLogin = { user: string; password: string };

type Options = {
  store: Pick<CredentialStore, "get">;
  tokens: Pick<AccessTokens, "get" | "forget">;
  now(): number;
};

/** Users of POP3 routes whose clients know a password of ours, while we log in at the server with the credential. */
export class Bridge {
  readonly #options: Options;
  readonly #pauses: LoginPauses;

  constructor(options: Options) {
    this.#options = options;
    this.#pauses = new LoginPauses(options.now);
  }

  credentialChanged(name: string): void {
    this.#pauses.forget(name);
  }

  /** Finds the route's credential by its user, whatever the case of the name, and compares what the client says in constant time. */
  find(route: Pop3Route, { user, password }: ClientLogin): Bridged {
    const { bridge, tls } = route;
    if (bridge === undefined) return { kind: "own" };
    const { store } = this.#options;
    const key = userKey(user);
    let isMissing = false;
    for (const name of bridge.credentials) {
      const credential = store.get(name);
      if (credential === null) isMissing = true;
      if (credential === null || userKey(credential.user) !== key) continue;
      if (!isSame(credential.clientPassword ?? null, password)) return { kind: "wrong" };
      return { kind: "bridged", credential: name, login: this.#login(name, tls?.mode === "none") };
    }
    // It could be this user's: what the client says is meant for us, and no server may hear it.
    if (isMissing)
      return { kind: "unavailable", cause: "this worker lacks a credential that the route's bridge names" };
    return { kind: isSame(null, password) || bridge.others === "pass" ? "own" : "wrong" };
  }

  /** Like the credential's own, but a credential that was refused is not tried again at once, however often clients ask. */
  #login(credential: string, allowsClearText: boolean): ServerLogin {
    const { store, tokens } = this.#options;
    const login = new CredentialLogin({ credential, allowsClearText, store, tokens });
    return {
      begin: (offer, done) => {
        if (this.#pauses.has(credential)) done(`the server refused the credential "${credential}" a moment ago`, null);
        else login.begin(offer, done);
      },
      refused: () => {
        login.refused();
        this.#pauses.refused(credential);
      },
      succeeded: () => this.#pauses.forget(credential),
    };
  }
}

/** Takes as long for whoever has no password. */
function isSame(expected: string | null, given: string): boolean {
  const isEqual = timingSafeEqual(digest(Buffer.from(expected ?? "", "utf8")), digest(Buffer.from(given, "latin1")));
  return isEqual && expected !== null;
}

function digest(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}
