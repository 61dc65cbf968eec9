import type { TokenScope } from "#core/contract/api-token.ts";
import { type Actor, viaOf } from "#lib/actor.ts";
import { clientAddress } from "#lib/auth/client-address.ts";
import { errorResponse } from "#lib/error-response.ts";
import { bearerToken } from "#lib/read-body.ts";
import { noteUse } from "./mutations.ts";
import { holderOfToken } from "./queries.ts";
import { countRequest, refusalsMax, requestsMax } from "./request-pace.ts";

export type Caller = { actor: Actor; scopes: readonly TokenScope[] };
export type Authorised = { ok: true; caller: Caller } | { ok: false; response: Response };

/**
 * Who calls the API, by the token in the request's Authorization header. Else the answer: 401 without a valid token, 403 when it may not do
 * that, 429 for too many requests of one token, or of one address without a valid one.
 */
export async function authorise(request: Request, scope: TokenScope, now: Date): Promise<Authorised> {
  const address = clientAddress(request.headers);
  const token = bearerToken(request);
  const holder = token === null ? null : await holderOfToken(token, now);
  if (holder === null) {
    const shutOut = countRequest(`address:${address ?? "unknown"}`, refusalsMax, now.getTime());
    if (shutOut !== null) return { ok: false, response: tooMany(shutOut) };
    const words =
      "Send Authorization: Bearer with a token that is in use: this one is not known, has expired or was revoked.";
    return { ok: false, response: errorResponse("TOKEN_UNKNOWN", words, { "www-authenticate": "Bearer" }) };
  }
  const wait = countRequest(`token:${holder.id}`, requestsMax, now.getTime());
  if (wait !== null) return { ok: false, response: tooMany(wait) };
  await noteUse(holder.id, now);
  const lacking = lackingScope(holder.scopes, scope);
  if (lacking !== null) return { ok: false, response: lacking };
  const { id, name, makerRole: role, scopes } = holder;
  const actor = { name: `API token ${name}`, address, role, via: viaOf("token", id), machine: true } as const;
  return { ok: true, caller: { actor, scopes } };
}

/** The answer to a caller whose token does not allow that; null: it does. */
export function lackingScope(scopes: readonly TokenScope[], scope: TokenScope): Response | null {
  return scopes.includes(scope)
    ? null
    : errorResponse("FORBIDDEN", `This token may not do that: it, or who made it, lacks ${scope}.`);
}

function tooMany(seconds: number): Response {
  return errorResponse("TOO_MANY_REQUESTS", `Too many requests: wait ${seconds} s.`, {
    "retry-after": String(seconds),
  });
}
