"use server";
import { defineAction, defineLongAction } from "#lib/action.ts";
import { endReplay } from "./mutations.ts";
import { replayInputSchema, replayJobRefSchema } from "./replay-input.ts";
import { beginReplay } from "./run-jobs.ts";

/** Tries the draft or a revision on past messages; the value is the job's id. */
export const startReplayAction = defineLongAction({ input: replayInputSchema, permission: "edit", run: beginReplay });

export const endReplayAction = defineAction({
  input: replayJobRefSchema,
  permission: "edit",
  run: (tx, input) => endReplay(tx, input),
  topics: ["replay"],
});
