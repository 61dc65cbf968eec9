"use server";
import { headers } from "next/headers";
import type { z } from "zod";
import { type ActionResult, failure, invalid } from "#lib/action.ts";
import { clientAddress } from "#lib/auth/client-address.ts";
import { chosenPasswordSchema, firstAdministratorSchema } from "./first-administrator.ts";
import { choosePassword, createFirstAdministrator } from "./mutations.ts";

/** Makes the first administrator. */
export async function completeSetup(input: unknown): Promise<ActionResult<null>> {
  return withLink(firstAdministratorSchema, input, async (administrator, address) => {
    await createFirstAdministrator(administrator, address, new Date());
    return null;
  });
}

/** Gives somebody whose account an administrator made their password; the value has what they sign in with. */
export async function choosePasswordAction(input: unknown): Promise<ActionResult<{ email: string }>> {
  return withLink(chosenPasswordSchema, input, (chosen, address) => choosePassword(chosen, address, new Date()));
}

/** Nobody is signed in yet: the one-time token in the input is the permission. */
async function withLink<Schema extends z.ZodType, Value>(
  schema: Schema,
  input: unknown,
  work: (parsed: z.output<Schema>, address: string | null) => Promise<Value>,
): Promise<ActionResult<Value>> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) return invalid(parsed.error);
  try {
    return { ok: true, value: await work(parsed.data, clientAddress(await headers())) };
  } catch (error) {
    return failure(error);
  }
}
