import { randomUUID } from "node:crypto";
import type { TokenScope } from "#core/contract/api-token.ts";
import { makeToken } from "#lib/api-tokens/mutations.ts";
import { transaction } from "#lib/db.ts";
import { mara } from "./draft.ts";

/** A new token for the API, in clear. */
export async function madeToken(scopes: TokenScope[]): Promise<string> {
  const { token } = await transaction((tx) => makeToken(tx, mara, { name: randomUUID(), scopes, days: 1 }));
  return token;
}
