"use server";
import { z } from "zod";
import { publishOrderSchema } from "#core/contract/policy-api.ts";
import { defineLongAction } from "#lib/action.ts";
import { publishTested } from "./publish-tested.ts";

const inputSchema = publishOrderSchema.extend({
  /** The draft that the person saw. */
  draftDigest: z.string().length(64),
  /** Why it is published though policy tests fail; null: it is not. */
  overrideReason: z.string().trim().min(1).max(500).nullable(),
});

/** Tests the draft as it was reviewed, publishes and pushes it; the value has each worker's answer. */
export const publishAction = defineLongAction({
  input: inputSchema,
  permission: "publish",
  run: (input, actor, permissions) => publishTested(actor, { ...input, permissions }),
});
