"use server";
import { headers } from "next/headers";
import { type ActionResult, failure, invalid } from "#lib/action.ts";
import { clientAddress } from "#lib/auth/client-address.ts";
import { firstAdministratorSchema } from "./first-administrator.ts";
import { createFirstAdministrator } from "./mutations.ts";

/** Makes the first administrator. Nobody is signed in yet: the one-time token is the permission. */
export async function completeSetup(input: unknown): Promise<ActionResult<null>> {
  const parsed = firstAdministratorSchema.safeParse(input);
  if (!parsed.success) return invalid(parsed.error);
  try {
    const address = clientAddress(await headers());
    await createFirstAdministrator(parsed.data, address, new Date());
    return { ok: true, value: null };
  } catch (error) {
    return failure(error);
  }
}
