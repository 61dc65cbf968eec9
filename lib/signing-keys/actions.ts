"use server";
import { newSigningKeySchema } from "#core/contract/signing-key.ts";
import { defineLongAction } from "#lib/action.ts";
import { activateSigningKey, deleteSigningKey, makeSigningKey, retireSigningKey } from "./mutations.ts";
import { signingKeyCommandSchema } from "./signing-key-input.ts";

export const makeSigningKeyAction = defineLongAction({
  input: newSigningKeySchema,
  permission: "manage-secrets",
  run: (input, actor) => makeSigningKey(actor, input),
});

export const activateSigningKeyAction = defineLongAction({
  input: signingKeyCommandSchema,
  permission: "manage-secrets",
  run: (input, actor) => activateSigningKey(actor, input),
});

export const retireSigningKeyAction = defineLongAction({
  input: signingKeyCommandSchema,
  permission: "manage-secrets",
  run: (input, actor) => retireSigningKey(actor, input),
});

export const deleteSigningKeyAction = defineLongAction({
  input: signingKeyCommandSchema,
  permission: "manage-secrets",
  run: (input, actor) => deleteSigningKey(actor, input),
});
