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
export const runQueueCommand = defineLongAction({
  input: queueSelectionSchema,
  permission: "operate",
  run: commandQueue,
});

/** The same for everything that a search finds; the value is the job's id. */
export const startQueueJob = defineLongAction({ input: queueJobSchema, permission: "operate", run: beginJob });

export const cancelQueueJob = defineAction({
  input: queueJobRefSchema,
  permission: "operate",
  run: (tx, input, actor) => cancelJob(tx, input, actor),
  topics: ["queue"],
});

/** Suspend, resume or probe; the value has a result for each worker. */
export const runDestinationCommand = defineLongAction({
  input: destinationOrderSchema,
  permission: "operate",
  run: commandDestination,
});

/** Each look is in the audit log before it is shown. */
export const lookAtHeadersAction = defineQuestion({
  input: queueRefSchema,
  permission: "read-mail",
  run: lookAtHeaders,
});
