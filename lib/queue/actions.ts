"use server";
import { defineLongAction } from "#lib/action.ts";
import { commandQueue } from "./mutations.ts";
import { queueSelectionSchema } from "./selection.ts";

/** Retry now, hold, release or delete; the value has a result for each message. */
export const runQueueCommand = defineLongAction({ input: queueSelectionSchema, run: commandQueue });
