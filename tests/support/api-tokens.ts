import { randomUUID } from "node:crypto";
import type { TokenScope } from "#core/contract/api-token.ts";
import { permissionsOf } from "#core/contract/role.ts";
import { makeToken } from "#lib/api-tokens/mutations.ts";
import { transaction } from "#lib/db.ts";
import { mara } from "./draft.ts";
import { makeAdministrator } from "./signed-in.ts";

/** A new token for the API, in clear, of somebody who may everything. */
export async function madeToken(scopes: TokenScope[]): Promise<string> {
  const person = await makeAdministrator(`Mara-${randomUUID()}`);
  const maker = { userId: person.id, permissions: permissionsOf(person) };
  const { token } = await transaction((tx) => makeToken(tx, mara, { name: randomUUID(), scopes, days: 1 }, maker));
  return token;
}
