"use server";
import { defineAction, defineLongAction } from "#lib/action.ts";
import { cancelJob } from "./job-mutations.ts";
import { commandQueue } from "./mutations.ts";
import { beginJob } from "./run-jobs.ts";
import { queueJobRefSchema, queueJobSchema, queueSelectionSchema } from "./selection.ts";

/** A command for chosen messages; the value has a result for each. */
export const runQueueCommand = defineLongAction({ input: queueSelectionSchema, run: commandQueue });

/** The same for everything that a search finds; the value is the job's id. */
export const startQueueJob = defineLongAction({ input: queueJobSchema, run: beginJob });

export const cancelQueueJob = defineAction({
  input: queueJobRefSchema,
  run: (tx, input, actor) => cancelJob(tx, input, actor),
  topics: ["queue"],
});
