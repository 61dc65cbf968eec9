import type { Credential } from "#core/contract/credential.ts";
import { AccessTokens } from "#worker/credentials/access-tokens.ts";
import { Bridge } from "#worker/credentials/bridge.ts";

/** A bridge over these credentials, as they are at each moment. */
export function bridgeOf(credentials: readonly Credential[], now: () => number = Date.now): Bridge {
  const store = { get: (name: string) => credentials.find((one) => one.name === name) ?? null };
  return new Bridge({ store, tokens: new AccessTokens({ now, renewed: () => undefined }), now });
}

/** For a worker without credentials. */
export function noBridge(now: () => number): Bridge {
  return bridgeOf([], now);
}
