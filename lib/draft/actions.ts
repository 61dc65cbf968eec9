"use server";
import { z } from "zod";
import { defineDraftAction } from "#lib/action.ts";
import { discardPart } from "./discard-part.ts";
import { undoEdit } from "./edit-memory.ts";

/** Takes back an edit of the draft that an action named; it can be done again by undoing that. */
export const undoDraftEditAction = defineDraftAction({
  input: z.strictObject({ edit: z.uuid() }),
  run: (tx, input, actor) => undoEdit(tx, actor, input),
});

const objectsMax = 10_000;

/** Discards the changes of some objects, as they were shown. */
export const discardPartAction = defineDraftAction({
  input: z.strictObject({
    at: z.array(z.string().max(1_000)).min(1).max(objectsMax),
    draftDigest: z.string().length(64),
  }),
  run: (tx, input, actor) => discardPart(tx, actor, input),
});
