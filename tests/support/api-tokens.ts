import { randomUUID } from "node:crypto";
import type { TokenScope } from "#core/contract/api-token.ts";
import { makeToken } from "#lib/api-tokens/mutations.ts";
import { readPermissions } from "#lib/auth/permissions.ts";
import { transaction } from "#lib/db.ts";
import { mara } from "./draft.ts";
import { makeAdministrator } from "./signed-in.ts";

/** A new token for the API, in clear, of somebody who may everything. */
export async function madeToken(scopes: TokenScope[]): Promise<string> {
  const { id, permissions } = await makeAdministrator("Mara", `${randomUUID()}@example.org`);
  const maker = { userId: id, permissions: readPermissions(permissions) };
  const { token } = await transaction((tx) => makeToken(tx, mara, { name: randomUUID(), scopes, days: 1 }, maker));
  return token;
}
