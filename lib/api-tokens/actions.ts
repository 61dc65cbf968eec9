"use server";
import { z } from "zod";
import { newTokenSchema } from "#core/contract/api-token.ts";
import { defineAction } from "#lib/action.ts";
import { makeToken, revokeToken } from "./mutations.ts";

/** The value has the token in clear, this once. */
export const makeTokenAction = defineAction({
  input: newTokenSchema,
  permission: "make-tokens",
  run: (tx, input, actor, maker) => makeToken(tx, actor, input, maker),
  topics: [],
});

export const revokeTokenAction = defineAction({
  input: z.strictObject({ tokenId: z.uuid() }),
  permission: "make-tokens",
  run: (tx, input, actor) => revokeToken(tx, actor, input),
  topics: [],
});
