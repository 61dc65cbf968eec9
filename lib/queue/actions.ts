"use server";
import { defineAction, defineLongAction, defineQuestion } from "#lib/action.ts";
import { commandDestination } from "./destination-mutations.ts";
import { cancelJob } from "./job-mutations.ts";
import { lookAtHeaders } from "./look.ts";
import { commandQueue } from "./mutations.ts";
import { beginJob } from "./run-jobs.ts";
import {
  destinationOrderSchema,
  queueJobRefSchema,
  queueJobSchema,
  queueRefSchema,
  queueSelectionSchema,
} from "./selection.ts";

/** A command for chosen messages; the value has a result for each. */
export const runQueueCommand = defineLongAction({ input: queueSelectionSchema, run: commandQueue });

/** The same for everything that a search finds; the value is the job's id. */
export const startQueueJob = defineLongAction({ input: queueJobSchema, run: beginJob });

export const cancelQueueJob = defineAction({
  input: queueJobRefSchema,
  run: (tx, input, actor) => cancelJob(tx, input, actor),
  topics: ["queue"],
});

/** Suspend, resume or probe; the value has a result for each worker. */
export const runDestinationCommand = defineLongAction({ input: destinationOrderSchema, run: commandDestination });

/** Each look is in the audit log before it is shown. */
export const lookAtHeadersAction = defineQuestion({ input: queueRefSchema, run: lookAtHeaders });
