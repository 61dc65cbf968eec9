"use server";
import { z } from "zod";
import { defineDraftAction } from "#lib/action.ts";
import { undoEdit } from "./edit-memory.ts";

/** Takes back an edit of the draft that an action named; it can be done again by undoing that. */
export const undoDraftEditAction = defineDraftAction({
  input: z.strictObject({ edit: z.uuid() }),
  run: (tx, input, actor) => undoEdit(tx, actor, input),
});
