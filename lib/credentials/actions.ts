"use server";
import { z } from "zod";
import { defineLongAction } from "#lib/action.ts";
import { giveSecretsToAll } from "#lib/vault/give-secrets.ts";
import { addCredentialSchema, deleteCredentialSchema, editCredentialSchema } from "./credential-input.ts";
import { addCredential, deleteCredential, editCredential } from "./mutations.ts";

export const addCredentialAction = defineLongAction({
  input: addCredentialSchema,
  permission: "manage-secrets",
  run: (input, actor) => addCredential(actor, input),
});

export const editCredentialAction = defineLongAction({
  input: editCredentialSchema,
  permission: "manage-secrets",
  run: (input, actor) => editCredential(actor, input),
});

export const deleteCredentialAction = defineLongAction({
  input: deleteCredentialSchema,
  permission: "manage-secrets",
  run: (input, actor) => deleteCredential(actor, input),
});

/** Gives all of them to the workers again: after one was away or refused. */
export const giveCredentialsAction = defineLongAction({
  input: z.strictObject({}),
  permission: "manage-secrets",
  run: async () => ({ workers: await giveSecretsToAll() }),
});
